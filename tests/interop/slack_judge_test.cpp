// What slack_sdk says of hallpass's payloads, and of what hallpass takes for Slack's.
#include "deciding.hpp"
#include "payloads.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

constexpr const char* script = "slack_blocks.py";

bool can_judge() {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return false;
    }
    return true;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// The view as it is now, whatever became of it.
json::value view_now(const deciding& rig, const json::value& clicked) {
    const json::value all = rig.slack.control().get("/slack/views");
    for (const json::value& one : all.as_array()) {
        if (one.at("id") == clicked.at("view").at("id")) {
            return one;
        }
    }
    throw std::runtime_error("no such view: " + json::serialize(clicked));
}

bool is_outcome(const json::value& view) {
    return view.at("title").at("text") == "Access request";
}

bool has_buttons(const json::value& message) {
    return has(json::serialize(message), "\"actions\"");
}

// From the click to the outcome, with every view on the way.
void decide(deciding& rig, payloads& sent, const std::string& id, std::string_view action, bool confirm) {
    const json::value clicked = rig.click(id, action);
    INFO(json::serialize(clicked));
    REQUIRE(clicked.at("view").is_object());
    sent.keep("form", clicked.at("view"));
    const json::value submitted = rig.submit(clicked, confirm);
    INFO(json::serialize(submitted));
    REQUIRE(submitted.at("answer").at("response_action") == "update");
    sent.keep("answer", submitted.at("answer").at("view"));
    test::eventually("the outcome is shown", [&] { return is_outcome(view_now(rig, clicked)); });
    sent.keep("outcome", view_now(rig, clicked));
    test::eventually("the buttons are gone, and the review is a reply", [&] {
        const json::array there = rig.messages(id);
        return there.size() >= 3 && std::none_of(there.end() - 2, there.end(), has_buttons);
    });
}

std::string signatures(const char* what, const std::string& url, const deciding& rig) {
    const judgement given =
        ask("slack_signatures.py",
            {what, url, rig.ca_file(), rig.slack.signing_secret(), rig.folder().path().string()});
    return given.said + "exit " + std::to_string(given.status);
}

} // namespace

TEST_CASE("slack_sdk reads every message and view of a full pass as hallpass meant them") {
    if (!can_judge()) {
        return;
    }
    deciding rig;
    payloads sent;
    const std::string approved = rig.request("dba");
    const std::string denied = rig.request("ops");
    decide(rig, sent, approved, "approve", true);
    decide(rig, sent, denied, "deny", false);
    for (const std::string& id : {approved, denied}) {
        const json::array messages = rig.messages(id);
        CHECK(std::any_of(messages.begin(), messages.end(), has_buttons));
        for (const json::value& one : messages) {
            sent.keep("message", one);
        }
    }
    CHECK(rig.state_of(approved) == "APPROVED");
    CHECK(rig.state_of(denied) == "DENIED");
    const judgement given = sent.judged_by(script);
    CHECK_MESSAGE(given.said == sent.all_accepted(), given.said);
    CHECK(given.status == 0);
}

TEST_CASE("slack_sdk refuses a real message or view once it is broken") {
    if (!can_judge()) {
        return;
    }
    deciding rig;
    const std::string id = rig.request("dba");
    const json::value card = rig.messages(id).at(0);
    const json::value form = rig.click(id, "approve").at("view");
    REQUIRE(form.is_object());
    payloads broken;
    const json::array& blocks = card.at("blocks").as_array();
    const std::string buttons = "/blocks/" + std::to_string(blocks.size() - 1);
    REQUIRE(blocks.back().at("type") == "actions");
    broken.keep_broken("long-header", card, "/blocks/0/text/text", json::string(151, 'x'));
    broken.keep_broken("strange-element", card, "/blocks/1/elements/0/elements/0/type", "blink");
    broken.keep_broken("strange-style", card, buttons + "/elements/0/style", "warning");
    broken.keep_broken("long-label", card, buttons + "/elements/0/text/text", json::string(76, 'x'));
    broken.keep_broken("strange-action", card, buttons + "/elements/0/type", "lever");
    broken.keep_broken("strange-block", card, "/blocks/1/type", "table_of_stone");
    broken.keep_broken("long-title", form, "/title/text", json::string(25, 'x'));
    broken.keep_broken("long-metadata", form, "/private_metadata", json::string(3001, 'x'));
    broken.keep_broken("no-blocks", form, "/blocks", json::array());
    json::value unsent = form;
    unsent.as_object().erase("submit");
    broken.keep("no-submit", unsent);
    json::value extra = form;
    extra.as_object()["colour"] = "red";
    broken.keep("unknown-field", extra);
    const judgement given = broken.judged_by(script);
    CHECK_MESSAGE(given.said.ends_with(broken.all_refused()), given.said);
    CHECK(given.status == 1);
}

TEST_CASE("hallpass takes a callback that slack_sdk signed, and none that slack_sdk refuses") {
    if (!can_judge()) {
        return;
    }
    deciding rig;
    test::process relay = begin_asking(
        "slack_signatures.py",
        {"relay", rig.url(), rig.ca_file(), rig.slack.signing_secret(), rig.folder().path().string()}
    );
    test::eventually("the relay listens", [&] {
        REQUIRE_MESSAGE(!relay.exit_status(), relay.standard_error());
        return std::filesystem::exists(rig.folder().file("port"));
    });
    rig.slack.post_clicks_to(
        "http://127.0.0.1:" + test::read_file(rig.folder().file("port")) + "/slack/interactivity"
    );
    const std::string id = rig.request("ops");
    const json::value clicked = rig.click(id, "approve");
    REQUIRE_MESSAGE(clicked.at("status") == 200, json::serialize(clicked), relay.standard_error());
    REQUIRE_MESSAGE(clicked.at("view").is_object(), json::serialize(clicked));
    // A variation is a click that can't open anything, since its trigger is used.
    const std::string answered = signatures("table", rig.url(), rig);
    CHECK_MESSAGE(has(answered, "exit 0"), answered);
    MESSAGE("variations of that callback:\n", answered);
    // The judge itself: of a listener that takes all, and of one that takes nothing.
    const std::string all = signatures("table", "200", rig);
    CHECK_MESSAGE(has(all, "WRONG     signed ten minutes ago: "), all);
    CHECK_MESSAGE(has(all, "exit 1"), all);
    const std::string none = signatures("table", "401", rig);
    CHECK_MESSAGE(has(none, "WRONG     signed now: "), none);
    CHECK_MESSAGE(has(none, "exit 1"), none);

    CHECK(rig.submit(clicked, false).at("status") == 200);
    test::eventually("the request is approved", [&] { return rig.state_of(id) == "APPROVED"; });
}
