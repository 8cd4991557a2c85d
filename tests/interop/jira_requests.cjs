// Lets jira.js make recorded calls of Jira Cloud anew, and read their answers.
//
// usage: jira_requests.cjs FOLDER
//
// A call is accepted where jira.js, told what it says, sends the very same one; and its answer where jira.js's schemas,
// which are made from Atlassian's document, take it.
"use strict";

const { deepStrictEqual } = require("node:assert");
const { readFileSync, readdirSync } = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const HOST = "https://example.atlassian.net";
const CONFIG = {
    host: HOST,
    auth: { type: "basic", email: "hallpass@example.com", apiToken: "token" },
    onSchemaMismatch: "throw",
};

// Method and path, and what of jira.js that is; the path's words go by these names.
const CALLS = [
    ["GET", /^\/rest\/api\/3\/myself$/, (jira) => jira.myself.getCurrentUser, []],
    ["GET", /^\/rest\/api\/3\/user$/, (jira) => jira.users.getUser, []],
    ["GET", /^\/rest\/api\/3\/project\/([^/]+)$/, (jira) => jira.projects.getProject, ["projectIdOrKey"]],
    ["GET", /^\/rest\/api\/3\/mypermissions$/, (jira) => jira.permissions.getMyPermissions, []],
    ["POST", /^\/rest\/api\/3\/search\/jql$/, (jira) => jira.issueSearch.searchAndReconsileIssuesUsingJqlPost, []],
    ["POST", /^\/rest\/api\/3\/issue$/, (jira) => jira.issues.createIssue, []],
    ["GET", /^\/rest\/api\/3\/issue\/([^/]+)$/, (jira) => jira.issues.getIssue, ["issueIdOrKey"]],
    ["GET", /^\/rest\/api\/3\/issue\/([^/]+)\/comment$/, (jira) => jira.issueComments.getComments, ["issueIdOrKey"]],
    ["POST", /^\/rest\/api\/3\/issue\/([^/]+)\/comment$/, (jira) => jira.issueComments.addComment, ["issueIdOrKey"]],
    ["POST", /^\/rest\/api\/3\/issue\/([^/]+)\/transitions$/, (jira) => jira.issues.doTransition, ["issueIdOrKey"]],
];

const shape = (method, url, body) => ({
    method,
    path: url.pathname,
    query: [...url.searchParams].map(([name, value]) => `${name}=${value}`).sort(),
    body: body ?? null,
});

async function problemOf(call, jira) {
    const known = CALLS.find(([method, pattern]) => method === call.method && pattern.test(call.path));
    if (!known) {
        return "jira.js has no such call";
    }
    const [, pattern, functionOf, names] = known;
    const url = new URL(`${call.path}?${call.query}`, HOST);
    const parameters = { ...Object.fromEntries(url.searchParams), ...call.body };
    pattern.exec(call.path).slice(1).forEach((word, at) => (parameters[names[at]] = word));
    let sent;
    globalThis.fetch = async (to, { method, body }) => {
        sent = shape(method, new URL(to), body && JSON.parse(body));
        const answer = call.status === 204 ? null : JSON.stringify(call.answer);
        return new Response(answer, { status: call.status ?? 503, headers: { "content-type": "application/json" } });
    };
    try {
        await functionOf(jira)(parameters);
    } catch (error) {
        // An answer that says no, or never came, is judged by nobody.
        if ((call.status ?? 503) < 400) {
            return `the answer: ${error}`.slice(0, 1500);
        }
    }
    try {
        deepStrictEqual(sent, shape(call.method, url, call.body));
    } catch (error) {
        return `jira.js sends another: ${error.message}`;
    }
    return undefined;
}

async function main(folder) {
    const cloud = await import(pathToFileURL(path.join(process.env.NODE_PATH, "jira.js/dist/cloud/index.js")));
    const jira = cloud.createCloudClient(CONFIG);
    const files = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
    let refused = 0;
    for (const file of files) {
        const call = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
        const problem = await problemOf(call, jira);
        if (problem) {
            ++refused;
            console.log(`${file}: ${call.method} ${call.path}: ${problem}`);
        }
    }
    console.log(`${files.length - refused} accepted, ${refused} refused`);
    process.exitCode = refused ? 1 : 0;
}

if (process.argv.length !== 3) {
    console.error("usage: jira_requests.cjs FOLDER");
    process.exit(2);
}
main(process.argv[2]);
