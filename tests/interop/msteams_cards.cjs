// Holds Adaptive Cards, one JSON file each, against the checks of Microsoft's adaptivecards.
//
// usage: msteams_cards.cjs FOLDER
//
// Exits 1 where one is refused or would be read as something else, 2 where there is none.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
// What the package names as its entry doesn't load in Node.
const cards = require("adaptivecards/dist/adaptivecards.js");

// What Teams knows of 1.5 at most.
const LARGEST_VERSION = new cards.Version(1, 5);
// For Teams, and none of the library's.
const OF_TEAMS = "msteams";
const SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json";
// What the library leaves out where it writes a card.
const DEFAULTS = { spacing: "default", valueOn: "true", valueOff: "false", value: "false" };
// Their words may be written in any case, and the library writes its own.
const ENUMERATIONS = ["associatedInputs", "color", "fontType", "size", "spacing", "style", "weight"];

function refuse(why) {
    throw new Error(why);
}

function spelled(name, value) {
    return ENUMERATIONS.includes(name) ? String(value).toLowerCase() : value;
}

// Whether all that is written is understood: the library skips in silence what it doesn't know.
function checkSame(where, read, raw) {
    for (const [name, value] of Object.entries(raw)) {
        const place = `${where}/${name}`;
        const there = read === null || typeof read !== "object" ? undefined : read[name];
        if (there === undefined) {
            DEFAULTS[name] === value || refuse(`${place} is read as nothing`);
        }
        if (value !== null && typeof value === "object") {
            checkSame(place, there, value);
        } else if (there === undefined) {
            continue;
        } else if (spelled(name, there) !== spelled(name, value)) {
            refuse(`${place} is read as something else: ${JSON.stringify(there)}`);
        }
    }
}

function words(event) {
    return `${cards.ValidationEvent[event.event] ?? event.event}: ${event.message}`;
}

function checkCard(raw) {
    raw.type === "AdaptiveCard" || refuse(`a card of type ${raw.type}`);
    raw.$schema === SCHEMA || refuse(`a card of another schema: ${raw.$schema}`);
    const card = new cards.AdaptiveCard();
    const context = new cards.SerializationContext(LARGEST_VERSION);
    card.parse(raw, context);
    const said = [];
    for (let at = 0; at < context.eventCount; ++at) {
        said.push(words(context.getEventAt(at)));
    }
    for (const event of card.validateProperties().validationEvents) {
        said.push(words(event));
    }
    said.length === 0 || refuse(said.join("; "));
    const { [OF_TEAMS]: own, ...plain } = raw;
    checkSame("", card.toJSON(), plain);
}

function main(folder) {
    const files = folder ? fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort() : [];
    if (files.length === 0) {
        console.error("usage: msteams_cards.cjs FOLDER, with JSON files in it");
        return 2;
    }
    let refused = 0;
    for (const name of files) {
        try {
            checkCard(JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")));
        } catch (error) {
            refused += 1;
            console.log(`${name}: ${error.message}`);
        }
    }
    console.log(`${files.length - refused} accepted, ${refused} refused`);
    return refused === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
