// What @discordjs/builders says of hallpass's payloads for Discord.
#include "payloads.hpp"
#include "support/eventually.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/skip.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

constexpr const char* script = "discord_messages.cjs";

bool can_judge() {
    if (node_judges().path.empty()) {
        test::skip(node_judges().why);
        return false;
    }
    return true;
}

std::string configuration(const test::running_sandbox& sandbox) {
    return "[teleport]\naddr = \"" + sandbox.auth_address() + "\"\nidentity = \"" + sandbox.identity_file() +
           "\"\n[discord]\ntoken = \"discord-sandbox-token\"\napi_url = \"" + sandbox.discord_url() +
           "\"\n[discord.users]\n1200000000000000001 = \"alice@example.com\"\n"
           "[role_to_recipients]\n\"*\" = \"1100000000000000001\"\n";
}

// Every version of every message in Discord. What the sandbox doesn't keep isn't there.
json::array messages(const test::running_sandbox& sandbox) {
    json::array found;
    const auto take = [&](const json::object& version, const json::object& message) {
        json::object sent{{"allowed_mentions", message.at("allowed_mentions")}};
        for (const char* name : {"content", "embeds", "components"}) {
            if (const json::value* part = version.if_contains(name)) {
                sent[name] = *part;
            }
        }
        found.push_back(std::move(sent));
    };
    const json::value all = sandbox.control().get("/discord");
    for (const json::value& channel : all.at("channels").as_array()) {
        for (const json::value& message : channel.at("messages").as_array()) {
            for (const json::value& version : message.at("earlier").as_array()) {
                take(version.as_object(), message.as_object());
            }
            take(message.as_object(), message.as_object());
        }
    }
    return found;
}

// Buttons and a form as Discord's documents have them.
const json::value good_message = json::parse(R"({
    "content": "PENDING",
    "embeds": [{
        "color": 255, "title": "by", "author": {"name": "bob"}, "timestamp": "2026-01-02T03:04:05Z",
        "fields": [{"name": "User", "value": "alice", "inline": true}]
    }],
    "components": [{"type": 1, "components": [
        {"type": 2, "style": 3, "label": "Approve", "custom_id": "approve:1"},
        {"type": 2, "style": 4, "label": "Deny", "custom_id": "deny:1"}
    ]}],
    "allowed_mentions": {"parse": []}
})");
const json::value good_modal = json::parse(R"({
    "custom_id": "form:1", "title": "Deny request",
    "components": [{"type": 18, "label": "Reason", "component": {
        "type": 4, "custom_id": "reason", "style": 2, "max_length": 500, "required": false
    }}]
})");

} // namespace

TEST_CASE("@discordjs/builders builds every message of a full pass as hallpass sent it") {
    if (!can_judge()) {
        return;
    }
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    test::running_hallpass hallpass(
        folder.write("hallpass.toml", configuration(sandbox)), {{"SSL_CERT_FILE", sandbox.ca_file()}}
    );
    hallpass.wait_for_event("watching");
    // A short request, and one that fills what there is room for.
    const std::string length = "the **job** `fails` <@1> " + std::string(4000, 'x');
    for (const std::string& reason : {std::string("short"), length}) {
        const json::object wanted{
            {"user", "alice@example.com"}, {"roles", json::array{"dba"}}, {"reason", reason}};
        // The card and the requester's copy; each with its second version and a reply; and the outcome.
        const std::size_t before = messages(sandbox).size();
        const json::value made = sandbox.control().post("/requests", wanted);
        const std::string id(made.at("ids").at(0).as_string());
        test::eventually("the card and its copy are there", [&] {
            return messages(sandbox).size() >= before + 2;
        });
        const json::object given{{"author", "bob@example.com"}, {"state", "APPROVED"}, {"reason", reason}};
        sandbox.control().post("/requests/" + id + "/review", given);
        test::eventually("everything about the outcome is there", [&] {
            return messages(sandbox).size() >= before + 7;
        });
    }
    payloads sent;
    for (const json::value& one : messages(sandbox)) {
        sent.keep("message", one);
    }
    const judgement given = sent.judged_by(script);
    CHECK_MESSAGE(given.said == sent.all_accepted(), given.said);
    CHECK(given.status == 0);
}

TEST_CASE("@discordjs/builders takes buttons and a form as documented, and refuses broken ones") {
    if (!can_judge()) {
        return;
    }
    payloads good;
    good.keep("message", good_message);
    good.keep("modal", good_modal);
    const judgement accepted = good.judged_by(script);
    CHECK_MESSAGE(accepted.said == good.all_accepted(), accepted.said);

    payloads broken;
    const std::string row = "/components/0/components";
    const json::value button = good_message.at_pointer(row + "/0");
    const json::value field = good_message.at_pointer("/embeds/0/fields/0");
    const json::string long_text(5000, 'x');
    const auto in_message = [&](std::string_view name, const std::string& place, json::value value) {
        broken.keep_broken(name, good_message, place, std::move(value));
    };
    const auto in_modal = [&](std::string_view name, const std::string& place, json::value value) {
        broken.keep_broken(name, good_modal, place, std::move(value));
    };
    in_message("content", "/content", json::string(2001, 'x'));
    in_message("embeds", "/embeds", json::array(11, good_message.at_pointer("/embeds/0")));
    in_message("colour", "/embeds/0/color", 0x1000000);
    in_message("title", "/embeds/0/title", json::string(257, 'x'));
    in_message("author", "/embeds/0/author/name", "");
    in_message("time", "/embeds/0/timestamp", "yesterday");
    in_message("fields", "/embeds/0/fields", json::array(26, field));
    in_message("field-name", "/embeds/0/fields/0/name", json::string(257, 'x'));
    in_message("field-value", "/embeds/0/fields/0/value", json::string(1025, 'x'));
    in_message("field-inline", "/embeds/0/fields/0/inline", "yes");
    in_message("rows", "/components", json::array(6, good_message.at_pointer("/components/0")));
    in_message("buttons", row, json::array(6, button));
    in_message("same-id", row, json::array(2, button));
    in_message("label", row + "/0/label", json::string(81, 'x'));
    in_message("style", row + "/0/style", 9);
    in_message("custom-id", row + "/0/custom_id", json::string(101, 'x'));
    in_message("component", row + "/0/type", 99);
    in_message("mentions", "/allowed_mentions/parse", json::array{"all"});
    in_modal("modal-id", "/custom_id", json::string(101, 'x'));
    in_modal("modal-title", "/title", json::string(46, 'x'));
    in_modal("modal-empty", "/components", json::array());
    in_modal("modal-label", "/components/0/label", json::string(46, 'x'));
    in_modal("input-style", "/components/0/component/style", 3);
    in_modal("input-length", "/components/0/component/max_length", 4001);
    in_modal("input-id", "/components/0/component/custom_id", long_text);
    in_modal("input-kind", "/components/0/component/type", 2);
    json::value strange = good_message;
    strange.at("embeds").at(0).as_object()["colour"] = "red";
    broken.keep("strange-field", strange);
    json::value sum = good_message;
    sum.at("embeds").at(0).as_object()["description"] = json::string(4096, 'x');
    sum.at("embeds").as_array().push_back(sum.at("embeds").at(0));
    broken.keep("sum", sum);
    const judgement refused = broken.judged_by(script);
    CHECK_MESSAGE(("\n" + refused.said).ends_with(broken.all_refused()), refused.said);
    CHECK(refused.status == 1);
}
