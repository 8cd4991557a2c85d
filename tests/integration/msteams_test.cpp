#include "base/base64.hpp"
#include "msteams_rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <utility>

using namespace hallpass;
using test::has;
using test::teams_message;
using test::teams_rig;
namespace json = boost::json;

namespace {

using messages = std::vector<teams_message>;

} // namespace

TEST_CASE("upstream's teleport-msteams.toml works unchanged, from the request to its end") {
    teams_rig teams;
    teams.rig.configure_with(teams.upstreams_file("\"" + teams.text("channel_link") + "\""));
    const auto hallpass = teams.rig.start_watching();
    const std::string id = teams.new_request("alice@example.com");
    const messages pending =
        teams.wait_for(teams.text("channel"), "the request's card", [](const messages& there) {
            return there.size() == 1;
        });
    CHECK(has(pending[0].card, "PENDING"));
    CHECK(has(pending[0].card, "alice@example.com"));
    CHECK(has(pending[0].card, id));
    CHECK_FALSE(has(pending[0].card, "Action.Execute"));

    teams.review(id, "bob@example.com", "DENIED");
    const messages ended =
        teams.wait_for(teams.text("channel"), "a reply and the outcome", [](const messages& there) {
            return there.size() == 2 && has(there[0].card, "DENIED");
        });
    CHECK(ended[0].versions == 2);
    CHECK(ended[1].below == ended[0].id);
    CHECK(has(ended[1].card, "seen and judged"));
    CHECK_FALSE(has(hallpass->log(), teams.text("app_secret")));
    CHECK_FALSE(has(hallpass->log(), "unknown key"));
}

TEST_CASE("cards of upstream's program are gone on with, and nobody gets a second one") {
    teams_rig teams;
    const std::string link = teams.text("channel_link");
    teams.rig.configure_with(teams.upstreams_file("[\"" + link + "\", \"carol@example.com\"]"));
    auto hallpass = teams.rig.start_watching();
    const std::string id = teams.new_request("dan");
    std::string kept;
    for (const auto& [place, recipient] :
         {std::pair(teams.text("channel"), link), {"carol", "carol@example.com"}}) {
        const messages there =
            teams.wait_for(place, "the card", [](const messages& all) { return all.size() == 1; });
        const json::object one{{"id", there[0].id}, {"ts", "01 Mar 26 03:00 UTC"}, {"rid", recipient}};
        kept += (kept.empty() ? "" : ",") + to_base64(json::serialize(one));
    }
    hallpass->program().send_signal(SIGTERM);
    CHECK(hallpass->program().wait() == 0);
    // What is left is what upstream writes.
    const json::object values{{"hallpass", ""}, {"messages", kept}};
    teams.rig.command("/plugin-data", {{"request", id}, {"plugin", "msteams"}, {"set", values}});
    hallpass = teams.rig.start_watching();
    teams.review(id, "bob@example.com", "DENIED");
    for (const std::string& place : {teams.text("channel"), std::string("carol")}) {
        const messages ended = teams.wait_for(place, "the review and the outcome", [](const messages& there) {
            return there.size() == 2 && has(there[0].card, "DENIED");
        });
        CHECK(ended[0].versions > 1);
        CHECK(has(ended[1].card, "seen and judged"));
    }
}

TEST_CASE("the app is installed for whoever is told, once, and the requester has a copy and the outcome") {
    teams_rig teams;
    teams.rig.configure_with(
        teams.upstreams_file("[\"carol@example.com\", \"b0b00000-0000-4000-8000-000000000002\", "
                             "\"o'brien@example.com\"]")
    );
    const auto hallpass = teams.rig.start_watching();
    const std::string id = teams.new_request("alice@example.com");
    for (const char* person : {"alice", "bob", "carol", "o'brien"}) {
        teams.wait_for(person, "a card for " + std::string(person), [](const messages& there) {
            return there.size() == 1;
        });
    }
    teams.review(id, "bob@example.com", "APPROVED");
    teams.wait_for("alice", "review and outcome for who asked", [](const messages& there) {
        return there.size() == 3 && has(there[0].card, "APPROVED") && has(there[2].card, "Your request is");
    });
    const json::value calls = teams.rig.sandbox.control().get("/calls");
    CHECK(calls.at("msteams POST token").to_number<int>() == 2);
}

TEST_CASE("where Graph knows no chat, the conversation is made by the connector") {
    teams_rig teams;
    teams.rig.command("/msteams/chats", {{"known", false}});
    teams.rig.configure_with(teams.upstreams_file("\"carol@example.com\""));
    const auto hallpass = teams.rig.start_watching();
    teams.new_request("dan");
    teams.wait_for("carol", "the card", [](const messages& there) { return there.size() == 1; });
}

TEST_CASE("a card whose answer was lost is told of as uncertain, and left out where the operator says so") {
    teams_rig teams;
    teams.rig.configure_with(
        "on_uncertain = \"skip\"\n" + teams.upstreams_file("\"" + teams.text("channel_link") + "\"")
    );
    const auto hallpass = teams.rig.start_watching();
    teams.rig.command("/lose", {{"side", "msteams"}, {"method", "POST activities"}, {"n", 1}});
    teams.new_request("dan");
    hallpass->wait_for_text("uncertain_send_skipped");
    CHECK(teams.messages_in(teams.text("channel")).size() == 1);
}

TEST_CASE("a token that doesn't count any more is replaced, and nothing is lost or doubled") {
    teams_rig teams;
    teams.rig.configure_with(teams.upstreams_file("\"" + teams.text("channel_link") + "\""));
    const auto hallpass = teams.rig.start_watching();
    teams.rig.command("/msteams/tokens", {});
    teams.new_request("dan");
    teams.wait_for(teams.text("channel"), "the card", [](const messages& there) {
        return there.size() == 1;
    });
}

TEST_CASE("a permission that is missing is told by its name at the start") {
    teams_rig teams;
    teams.rig.command("/msteams/permissions", {{"without", "User.Read.All"}});
    teams.rig.configure_with(teams.upstreams_file("\"carol@example.com\""));
    const auto hallpass = teams.rig.start();
    hallpass->wait_for_text("lacks the application permission User.Read.All");
}

TEST_CASE("a team without the app, and people whom the tenant doesn't know, are told with the mend") {
    teams_rig teams;
    teams.rig.configure_with(
        teams.upstreams_file("[\"" + teams.text("link_without_app") + "\", \"x' or 'a' eq 'a@example.com\"]")
    );
    const auto hallpass = teams.rig.start_watching();
    teams.new_request("dan");
    hallpass->wait_for_text("add it to the team");
    hallpass->wait_for_text("neither an e-mail address, nor a user's object id");
}

TEST_CASE("`hallpass validate` posts a sample, and `hallpass uninstall` takes the app away from people") {
    teams_rig teams;
    teams.rig.configure_with(
        teams.upstreams_file("[\"carol@example.com\", \"" + teams.text("channel_link") + "\"]")
    );
    const std::string file = teams.rig.config_file();
    const std::map<std::string, std::string> trusting{{"SSL_CERT_FILE", teams.rig.sandbox.ca_file()}};
    test::process validating(
        {HALLPASS_PROGRAM, "validate", "-c", file, "msteams", "carol@example.com"}, trusting
    );
    CHECK(validating.wait() == 0);
    const messages sample = teams.messages_in("carol");
    REQUIRE(sample.size() == 1);
    CHECK(sample[0].versions == 2);
    CHECK(has(sample[0].card, "sample-reviewer-2"));
    test::process uninstalling({HALLPASS_PROGRAM, "uninstall", "-c", file, "msteams"}, trusting);
    CHECK(uninstalling.wait() == 0);
    const json::value people = teams.rig.sandbox.control().get("/msteams").at("people");
    for (const json::value& one : people.as_array()) {
        CHECK(one.at("has_app") == false);
    }
    test::process unknown({HALLPASS_PROGRAM, "validate", "-c", file, "slack", "carol@example.com"}, trusting);
    CHECK(unknown.wait() != 0);
}
