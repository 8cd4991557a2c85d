#include "access/plan.hpp"
#include "workflow/ledger_codec.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace std::chrono_literals;

namespace {

access::ledger full_ledger() {
    access::ledger known;
    known.last_seen.id = "r1";
    known.last_seen.user = "alice";
    known.last_seen.roles = {"editor", "prod"};
    known.last_seen.state = access::request_state::approved;
    known.last_seen.request_reason = "because, \"of\" / that\n";
    known.last_seen.resolve_reason = "ok";
    known.last_seen.max_duration = instant{1772357400000ms};
    access::requested_resource node;
    node.cluster = "c";
    node.kind = "node";
    node.name = "n1";
    known.last_seen.resources = {node};
    known.held = access::claim{"me", instant{1772357400123ms}};
    known.incomplete = true;
    access::delivery there;
    there.recipient = "#access";
    there.to = access::address("C1");
    there.message = access::message_ref("C1", "1700000000.000100");
    there.face = "A0";
    there.replies = 2;
    there.outcome_told = true;
    access::delivery under_way;
    under_way.recipient = "alice@example.com";
    under_way.reader = access::audience::requester;
    under_way.to = access::address("U1");
    under_way.sending = {true, 2, true};
    under_way.skipped = true;
    known.deliveries = {there, under_way};
    return known;
}

} // namespace

TEST_CASE("a ledger comes back from plugin data as it went in") {
    const access::ledger before = full_ledger();
    const access::ledger after = workflow::decode_ledger("r1", workflow::encode_ledger(before));
    REQUIRE(after.deliveries.size() == 2);
    CHECK(after.held->holder == "me");
    CHECK(after.incomplete);
    CHECK(after.held->until == before.held->until);
    CHECK(after.deliveries[0].recipient == "#access");
    CHECK(after.deliveries[0].to == before.deliveries[0].to);
    CHECK(after.deliveries[0].message == before.deliveries[0].message);
    CHECK(after.deliveries[0].face == "A0");
    CHECK(after.deliveries[0].replies == 2);
    CHECK(after.deliveries[0].outcome_told);
    CHECK_FALSE(after.deliveries[0].sending.any());
    CHECK(after.deliveries[1].reader == access::audience::requester);
    CHECK(after.deliveries[1].message.empty());
    CHECK(after.deliveries[1].skipped);
    CHECK_FALSE(after.deliveries[0].skipped);
    CHECK(after.deliveries[1].sending == before.deliveries[1].sending);
    CHECK(after.last_seen.user == "alice");
    CHECK(after.last_seen.roles == before.last_seen.roles);
    CHECK(after.last_seen.request_reason == before.last_seen.request_reason);
    CHECK(after.last_seen.max_duration == before.last_seen.max_duration);
    REQUIRE(after.last_seen.resources.size() == 1);
    CHECK(to_string(after.last_seen.resources[0]) == "/c/node/n1");
    CHECK(after.last_seen.state == access::request_state::approved);
    CHECK_FALSE(after.adopted);
}

TEST_CASE("an entry of version 0.1.0 that was sending may have sent everything") {
    const access::ledger known = workflow::decode_ledger(
        "r1", {{"hallpass",
                R"({"v":1,"by":"x","until":1,"to":[["","","C1","","","",0,1],["",0,"C2","","","",0,0]]})"}}
    );
    REQUIRE(known.deliveries.size() == 2);
    CHECK(known.deliveries[0].sending.card);
    CHECK(known.deliveries[0].sending.outcome);
    CHECK(known.deliveries[0].sending.replies > 1000);
    CHECK_FALSE(known.deliveries[1].sending.any());
}

TEST_CASE("upstream's keys are written as upstream reads them") {
    const ports::plugin_data data = workflow::encode_ledger(full_ledger());
    CHECK(data.at("user") == "alice");
    CHECK(data.at("roles") == "editor,prod");
    CHECK(data.at("messages") == "C1/1700000000.000100");
    CHECK(data.at("reviews_count") == "2");
    CHECK(data.at("resolution") == "APPROVED");
    CHECK(data.at("resources") == R"(["/c/node/n1"])");
    CHECK(data.at("max_duration") == "2026-03-01T09:30:00Z");
}

TEST_CASE("a resolution is written only when every message shows it") {
    access::ledger known = full_ledger();
    known.deliveries[0].face = "P0";
    CHECK_FALSE(workflow::encode_ledger(known).contains("resolution"));
}

TEST_CASE("what upstream wrote, in its new and its old form, is adopted") {
    const access::ledger now = workflow::decode_ledger(
        "r1", {{"user", "alice"}, {"messages", "C1/1.1,D2/2.2"}, {"reviews_count", "3"}}
    );
    REQUIRE(now.deliveries.size() == 2);
    CHECK(now.adopted);
    CHECK(now.deliveries[1].message == access::message_ref("D2", "2.2"));
    CHECK(now.deliveries[1].replies == 3);
    CHECK(now.deliveries[1].face.empty());
    const access::ledger old =
        workflow::decode_ledger("r1", {{"user", "a"}, {"channel_id", "C1"}, {"timestamp", "1.1"}});
    REQUIRE(old.deliveries.size() == 1);
    CHECK(old.deliveries[0].message == access::message_ref("C1", "1.1"));
}

TEST_CASE("nonsense in plugin data is as if it weren't there") {
    for (const char* nonsense :
         {"", "{", "[]", "{\"v\":2}", "{\"v\":1,\"to\":7}", "{\"v\":1,\"to\":[[],[1,2,3],\"x\"]}",
          "{\"v\":1,\"by\":1,\"until\":\"x\"}"}) {
        CAPTURE(nonsense);
        const access::ledger known = workflow::decode_ledger(
            "r1",
            {{"hallpass", nonsense}, {"messages", ",/,a/,/b,"}, {"resources", "{"}, {"reviews_count", "x"}}
        );
        CHECK(known.deliveries.empty());
        CHECK_FALSE(known.held.has_value());
    }
}

TEST_CASE("a message of upstream's Teams program stands where it was for, in its new form and its old one") {
    const std::string kept =
        "eyJpZCI6ICIxNDgxIiwgInRzIjogIjAxIE1hciAyNiAwMzowMCBVVEMiLCAicmlkIjogImh0dHBzOi8vdGVhbXMubWljcm9zb2Z0"
        "LmNvbS9sL2NoYW5uZWwvMTklM0F4P3kifQ==,"
        "eyJpZCI6ICIxNDgyIiwgInRzIjogIiIsICJyaWQiOiAiYm9iQGV4YW1wbGUuY29tIn0=,"
        "eyJpZCI6ICIxNDgzIn0=,eyJpZCI6ICIxNDg0IiwgInJpZCI6ICJhLGIifQ==,1485/01 Mar 26 03:00 UTC/"
        "https://teams.microsoft.com/l/x,eyJ,x/1/y";
    const access::ledger known = workflow::decode_ledger(
        "r1", {{"user", "alice"}, {"messages", kept}, {"reviews_count", "1"}}, workflow::teams_plugin
    );
    REQUIRE(known.deliveries.size() == 4);
    CHECK(known.adopted);
    CHECK(
        known.deliveries[0].message ==
        access::message_ref("https://teams.microsoft.com/l/channel/19%3Ax?y", "1481")
    );
    CHECK(known.deliveries[1].message == access::message_ref("bob@example.com", "1482"));
    CHECK(known.deliveries[1].replies == 1);
    CHECK(known.deliveries[2].message == access::message_ref("a,b", "1484"));
    CHECK(known.deliveries[3].message == access::message_ref("https://teams.microsoft.com/l/x", "1485"));
    // What we write of it is read back as it is.
    const auto again = workflow::decode_ledger(
        "r1", workflow::encode_ledger(known, workflow::teams_plugin), workflow::teams_plugin
    );
    REQUIRE(again.deliveries.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(again.deliveries[i].message == known.deliveries[i].message);
    }
    CHECK(again.adopted);
}

TEST_CASE(
    "messages of Teams are kept as upstream's program keeps them, with whole recipients, and known again"
) {
    const std::string link = "https://teams.microsoft.com/l/channel/" + std::string(300, 'x');
    access::ledger known;
    known.last_seen.id = "r1";
    for (const auto& [recipient, to] :
         {std::pair<std::string, std::string>(link, "19:x@thread.tacv2"),
          {"bob@example.com", "19:b@unq.gbl.spaces"}}) {
        access::delivery one;
        one.recipient = recipient;
        one.to = access::address(to);
        one.message = access::message_ref(to, "1481"); // of the same moment
        one.replies = 1;
        known.deliveries.push_back(one);
    }
    for (int i = 0; i < 2; ++i) {
        const auto data = workflow::encode_ledger(known, workflow::teams_plugin);
        known = workflow::decode_ledger("r1", data, workflow::teams_plugin);
        REQUIRE(known.deliveries.size() == 2);
        CHECK(known.deliveries[0].recipient == link);
        CHECK(known.deliveries[0].message == access::message_ref("19:x@thread.tacv2", "1481"));
        CHECK(known.deliveries[1].message == access::message_ref("19:b@unq.gbl.spaces", "1481"));
        CHECK_FALSE(known.adopted);
    }
}

TEST_CASE("what upstream's plugin has finished is finished") {
    const access::ledger known = workflow::decode_ledger(
        "r1", {{"user", "a"}, {"messages", "C1/1.1"}, {"reviews_count", "2"}, {"resolution", "APPROVED"}}
    );
    REQUIRE(known.deliveries.size() == 1);
    CHECK(known.deliveries[0].face == "A2");
}

TEST_CASE("a ledger stays small, whatever was asked for") {
    access::ledger known = full_ledger();
    const std::string endless(100'000, 'x');
    known.last_seen.user = endless;
    known.last_seen.request_reason = endless;
    known.last_seen.resolve_reason = endless;
    known.last_seen.roles.assign(5'000, endless);
    known.last_seen.suggested_reviewers.assign(5'000, endless);
    known.last_seen.resources.assign(300, known.last_seen.resources[0]);
    known.last_seen.resources[0].name = endless;
    known.last_seen.reviews.resize(1'000);
    std::vector<access::destination> everybody(10'000);
    for (std::size_t i = 0; i < everybody.size(); ++i) {
        everybody[i].recipient = endless;
        everybody[i].to = access::address("U" + std::to_string(1'000'000'000 + i));
    }
    access::add_deliveries(known, everybody);
    for (access::delivery& one : known.deliveries) {
        one.message = access::message_ref("D0123456789", "1700000000.000100");
        one.face = "A1000";
        one.replies = 1'000;
    }
    std::size_t bytes = 0;
    for (const auto& [key, value] : workflow::encode_ledger(known)) {
        bytes += key.size() + value.size();
    }
    CAPTURE(bytes);
    CHECK(bytes < 64 * 1024);
}

TEST_CASE("letters of upstream's program for mail are adopted, and ours are written as it reads them") {
    const ports::plugin_data theirs{
        {"user", "a"},
        {"email_threads", "Root@example.com/1700000000/<1A.2B@host>,admin@example.com/x/3C@mg.example.com"},
        {"reviews_count", "1"}};
    access::ledger known = workflow::decode_ledger("r1", theirs);
    CHECK(known.adopted);
    REQUIRE(known.deliveries.size() == 2);
    CHECK(known.deliveries[0].to.id == "root@example.com");
    CHECK(known.deliveries[0].message == access::message_ref("root@example.com", "1A.2B@host"));
    CHECK(known.deliveries[0].replies == 1);
    CHECK(known.deliveries[1].message.id == "3C@mg.example.com");

    const ports::plugin_data ours = workflow::encode_ledger(known, "email");
    CHECK_FALSE(ours.contains("messages"));
    CHECK(
        ours.at("email_threads") == "root@example.com/0/<1A.2B@host>,admin@example.com/0/<3C@mg.example.com>"
    );
    const access::ledger again = workflow::decode_ledger("r1", ours);
    CHECK(again.deliveries.size() == 2);
    CHECK(again.deliveries[0].message == known.deliveries[0].message);
}

TEST_CASE("threads that can't be read are as if they weren't there") {
    for (const std::string text : {"", ",", "a", "a/b", "/t/id", "a@b.c/t/", "a@b.c/t/<>"}) {
        CAPTURE(text);
        CHECK(workflow::decode_ledger("r1", {{"user", "a"}, {"email_threads", text}}).deliveries.empty());
    }
}

TEST_CASE("the ticket of upstream's plugin is adopted, in the middle of a request and after its end") {
    struct upstreams {
        const char* plugin;
        ports::plugin_data keys;
        access::message_ref ticket;
        const char* to;
        const char* resolution;
        const char* word;
    };

    const std::vector<upstreams> all{
        {"jira",
         {{"issue_id", "10001"}, {"issue_key", "ACC-7"}},
         {"10001", "ACC-7"},
         "ACC",
         "resolution",
         "denied"},
        {"pagerduty",
         {{"incident_id", "Q1"}, {"service_id", "P1"}},
         {"Q1", "Q1"},
         "P1",
         "resolution",
         "denied"},
        {"opsgenie",
         {{"alert_id", "a-1"}, {"service_id", ""}},
         {"a-1", "a-1"},
         "a-1",
         "resolution",
         "denied"},
        {"servicenow", {{"incident_id", "9d38"}}, {"9d38", "9d38"}, "9d38", "state", "7"},
        {"datadog", {{"messages", "i-1/i-1"}}, {"i-1", "i-1"}, "i-1", "resolution", "DENIED"},
    };
    for (const upstreams& one : all) {
        CAPTURE(one.plugin);
        ports::plugin_data data = one.keys;
        data.insert({{"user", "alice"}, {"roles", "dba"}, {"created", "1772357400"}, {"reviews_count", "1"}});
        const access::ledger pending = workflow::decode_ledger("r1", data, one.plugin);
        REQUIRE(pending.deliveries.size() == 1);
        const access::delivery& adopted = pending.deliveries.front();
        CHECK(pending.adopted);
        CHECK_FALSE(pending.half_made);
        CHECK(adopted.message == one.ticket);
        CHECK(adopted.to.id == one.to);
        CHECK(adopted.replies == 1);
        CHECK(adopted.face.empty());
        CHECK_FALSE(adopted.sending.any());
        data[one.resolution] = one.word;
        const access::ledger ended = workflow::decode_ledger("r1", data, one.plugin);
        CHECK(ended.last_seen.state == access::request_state::denied);
        REQUIRE(ended.deliveries.size() == 1);
        CHECK(ended.deliveries.front().face == "D1");
        CHECK_FALSE(access::is_unfinished(ended));
        // What we write of it is read as upstream's again, and once.
        access::ledger seen = ended;
        seen.last_seen.reviews.resize(1);
        const ports::plugin_data written = workflow::encode_ledger(seen, one.plugin);
        for (const auto& [key, value] : data) {
            CAPTURE(key);
            if (!value.empty() && key != "created") {
                CHECK(written.at(key) == value);
            }
        }
        CHECK(workflow::decode_ledger("r1", written, one.plugin).deliveries.size() == 1);
    }
}

TEST_CASE("upstream's plugins for tickets read what we made, of several tickets the first") {
    access::ledger known = full_ledger();
    known.deliveries[0].to = access::address("P1");
    known.deliveries[0].message = access::message_ref("Q1", "Q1");
    access::delivery second = known.deliveries[0];
    second.to = access::address("P2");
    second.message = access::message_ref("Q2", "Q2");
    second.replies = 1;
    known.deliveries.push_back(second);
    const ports::plugin_data data = workflow::encode_ledger(known, "pagerduty");
    CHECK(data.at("incident_id") == "Q1");
    CHECK(data.at("service_id") == "P1");
    CHECK(data.at("reviews_count") == "1");
    CHECK(data.at("resolution") == "approved");
    CHECK_FALSE(data.contains("messages"));
    const access::ledger again = workflow::decode_ledger("r1", data, "pagerduty");
    CHECK(again.deliveries.size() == 3);
    CHECK_FALSE(again.adopted);
    CHECK_FALSE(again.half_made);
}

TEST_CASE("a ticket that upstream made where ours was to be is taken for ours") {
    access::ledger claimed;
    claimed.last_seen.user = "alice";
    access::delivery ours;
    ours.to = access::address("ACC");
    ours.sending.card = true;
    claimed.deliveries.push_back(ours);
    ports::plugin_data data = workflow::encode_ledger(claimed, "jira");
    data["issue_id"] = "10001";
    data["issue_key"] = "ACC-7";
    const access::ledger known = workflow::decode_ledger("r1", data, "jira");
    REQUIRE(known.deliveries.size() == 1);
    CHECK(known.deliveries.front().message == access::message_ref("10001", "ACC-7"));
    CHECK_FALSE(known.deliveries.front().sending.any());
}

TEST_CASE("what upstream began without saying where is looked for before it is made") {
    for (const char* plugin : {"jira", "pagerduty", "opsgenie"}) {
        CAPTURE(plugin);
        access::ledger known = workflow::decode_ledger("r1", {{"user", "alice"}, {"roles", "dba"}}, plugin);
        CHECK(known.half_made);
        access::destination project;
        project.recipient = "ACC";
        project.to = access::address("ACC");
        access::add_deliveries(known, {project});
        REQUIRE(known.deliveries.size() == 1);
        CHECK(known.deliveries.front().sending.card);
    }
    CHECK_FALSE(workflow::decode_ledger("r1", {{"user", "alice"}}, "servicenow").half_made);
    CHECK_FALSE(workflow::decode_ledger("r1", {}, "jira").half_made);
}
