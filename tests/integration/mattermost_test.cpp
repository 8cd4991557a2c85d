#include "rig.hpp"
#include "support/eventually.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <utility>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* channel = "access-requests";
constexpr const char* recipient = "example-team/access-requests";
constexpr const char* token = "mattermost-sandbox-token";

std::string id_of(std::string name) {
    name.append(25 - name.size(), '0');
    return name + '1';
}

std::string text_at(const json::value& from, std::string_view key) {
    return std::string(from.at(key).as_string());
}

std::string mattermost_url(const test::rig& rig) {
    std::string file = rig.sandbox.ca_file();
    file.replace(file.rfind('/') + 1, std::string::npos, "ready.json");
    return text_at(json::parse(test::read_file(file)).at("mattermost"), "url");
}

std::string teleport_section(const test::rig& rig) {
    return "[teleport]\naddr = \"" + rig.sandbox.auth_address() + "\"\nidentity = \"" +
           rig.sandbox.identity_file() + "\"\nrefresh_identity = true\n\n";
}

// What upstream's teleport-mattermost.toml holds, with the sandbox's addresses in it.
std::string upstreams_file(const test::rig& rig, const std::string& recipients) {
    return teleport_section(rig) + "[mattermost]\nurl = \"" + mattermost_url(rig) + "\"\ntoken = \"" + token +
           "\"\n" + recipients + "\n[log]\noutput = \"stderr\"\nseverity = \"INFO\"\n";
}

std::string everybody_to(const std::string& whom) {
    return "\n[role_to_recipients]\n\"*\" = [\"" + whom + "\"]\n";
}

std::string new_request(test::rig& rig, std::string_view user, json::array reviewers = {}) {
    const json::object wanted{
        {"user", user},
        {"roles", {"dba"}},
        {"reason", "the database @channel"},
        {"suggested_reviewers", std::move(reviewers)}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void review(test::rig& rig, const std::string& id, std::string_view author, std::string_view state) {
    const json::object given{{"author", author}, {"state", state}, {"reason", "seen and judged"}};
    rig.sandbox.control().post("/requests/" + id + "/review", given);
}

json::array posts(const test::rig& rig, const std::string& where) {
    return rig.sandbox.control().get("/mattermost/posts/" + where).as_array();
}

json::array posts_that(
    const test::rig& rig,
    const std::string& where,
    std::string_view what,
    const std::function<bool(const json::array&)>& condition
) {
    json::array there;
    test::eventually(what, [&] {
        there = posts(rig, where);
        return condition(there);
    });
    return there;
}

bool says(const json::value& post, std::string_view words) {
    return has(post.at("message").as_string(), words);
}

json::value calls_of(const test::rig& rig) {
    return rig.sandbox.control().get("/calls");
}

std::uint64_t calls_of(const test::rig& rig, std::string_view name) {
    const json::value all = calls_of(rig);
    const json::value* found = all.as_object().if_contains(name);
    return found ? found->to_number<std::uint64_t>() : 0;
}

// A port of this machine that nobody listens on.
std::string free_address() {
    boost::asio::io_context context;
    const boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    return "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
}

// hallpass with a public listener, which the simulated Mattermost calls.
struct decision_rig {
    explicit decision_rig(const std::string& review_lines = "", bool with_address = true) {
        const std::string address = free_address();
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n" + teleport_section(rig) + "[mattermost]\nurl = \"" +
            mattermost_url(rig) + "\"\ntoken = \"" + token + "\"\n" + everybody_to(recipient) +
            "[http]\nlisten_addr = \"" + address + "\"\ninsecure = true\n" +
            (with_address ? "public_addr = \"http://" + address + "\"\n" : "") +
            "[review]\nenabled = true\nmattermost_user_id_trait = \"mattermost_user_id\"\n" + review_lines +
            "[log]\nseverity = \"debug\"\n"
        );
        hallpass = rig.start_watching();
    }

    std::string request(std::string_view user = "alice@example.com") {
        std::string id = new_request(rig, user);
        posts_that(rig, channel, "the request is posted", [&](const json::array& there) {
            return !there.empty();
        });
        return id;
    }

    json::value card() { return posts(rig, channel).at(0); }

    json::object click(const std::string& user, std::string_view action, json::object more = {}) {
        more["user"] = id_of(user);
        more["post"] = card().at("id");
        more["action"] = action;
        return rig.sandbox.control().post("/mattermost/click", more).as_object();
    }

    json::object submit(const json::object& clicked, const std::string& reason, json::object more = {}) {
        more["dialog"] = clicked.at("dialog").at("id");
        more["values"] = json::object{{"reason", reason}};
        return rig.sandbox.control().post("/mattermost/submit", more).as_object();
    }

    json::object decide(const std::string& user, std::string_view action) {
        const json::object clicked = click(user, action);
        INFO(json::serialize(clicked));
        REQUIRE(clicked.at("status") == 200);
        REQUIRE(clicked.at("dialog").is_object());
        return submit(clicked, "seen, and fine");
    }

    json::value state_of(const std::string& id) {
        const json::value listed = rig.sandbox.control().get("/requests");
        for (const json::value& one : listed.as_array()) {
            if (one.at("id").as_string() == id) {
                return one;
            }
        }
        throw std::runtime_error("the cluster has no request " + id);
    }

    std::size_t reviews_of(const std::string& id) { return state_of(id).at("reviews").as_array().size(); }

    test::rig rig;
    std::unique_ptr<test::running_hallpass> hallpass;
};

std::string seen(const json::object& answered) {
    return json::serialize(answered);
}

} // namespace

TEST_CASE("upstream's teleport-mattermost.toml works unchanged, from the request to its end") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig, everybody_to(recipient)));
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig, "dan");
    const json::array pending = posts_that(rig, channel, "the request's post", [](const json::array& there) {
        return !there.empty();
    });
    REQUIRE(pending.size() == 1);
    CHECK(says(pending[0], "PENDING"));
    CHECK(has(json::serialize(pending[0]), id));
    CHECK_FALSE(has(json::serialize(pending[0]), "actions"));

    review(rig, id, "bob@example.com", "DENIED");
    const json::array ended =
        posts_that(rig, channel, "a reply and the outcome", [](const json::array& there) {
            return there.size() == 2 && says(there[0], "DENIED");
        });
    CHECK(ended[0].at("id") == pending[0].at("id"));
    CHECK(ended[1].at("root_id") == pending[0].at("id"));
    CHECK(says(ended[1], "bob@example.com"));
    CHECK(says(ended[1], "seen and judged"));
}

TEST_CASE(
    "upstream's recipients in the section are told, suggested reviewers too, and the requester has a copy"
) {
    test::rig rig;
    rig.configure_with(
        upstreams_file(rig, "recipients = [\"" + std::string(recipient) + "\", \"carol@example.com\"]\n")
    );
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig, "alice@example.com", {"bob@example.com"});
    for (const char* where : {channel, "carol", "bob", "alice"}) {
        CAPTURE(where);
        posts_that(rig, where, "the post", [](const json::array& there) { return there.size() == 1; });
    }
    review(rig, id, "bob@example.com", "APPROVED");
    const json::array copy = posts_that(rig, "alice", "review and outcome", [](const json::array& there) {
        return there.size() == 3 && says(there[0], "APPROVED");
    });
    CHECK(copy[1].at("root_id") == copy[0].at("id"));
    CHECK(copy[2].at("root_id") == "");
    CHECK(says(copy[2], "Your request is **✅ APPROVED**"));
}

TEST_CASE("a post whose answer was lost is sent again with its id, and is there once") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig, everybody_to(recipient)));
    const auto hallpass = rig.start_watching();
    rig.command("/lose", {{"side", "mattermost"}, {"method", "POST posts"}, {"n", 1}});
    const std::string id = new_request(rig, "dan");
    test::eventually("the call is made again", [&] { return calls_of(rig, "mattermost POST posts") == 2; });
    review(rig, id, "bob@example.com", "DENIED");
    const json::array ended = posts_that(rig, channel, "the end", [](const json::array& there) {
        return there.size() == 2 && says(there[0], "DENIED");
    });
    CHECK(ended[1].at("root_id") == ended[0].at("id"));
}

TEST_CASE("a post whose answer meant nothing is looked up, and is there once") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig, everybody_to(recipient)));
    const auto hallpass = rig.start_watching();
    rig.command("/garbage", {{"side", "mattermost"}, {"method", "POST posts"}, {"n", 1}});
    const std::string id = new_request(rig, "dan");
    test::eventually("the post is looked up", [&] {
        return calls_of(rig, "mattermost GET channels/posts") > 0;
    });
    review(rig, id, "bob@example.com", "DENIED");
    posts_that(rig, channel, "the one post and its reply", [](const json::array& there) {
        return there.size() == 2 && says(there[0], "DENIED") && there[1].at("root_id") == there[0].at("id");
    });
}

TEST_CASE("a channel without the bot is told of with the mend") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig, everybody_to("example-team/secret-plans")));
    const auto hallpass = rig.start_watching();
    new_request(rig, "dan");
    hallpass->wait_for_text("no such channel; check the names as the channel's URL has them");
    CHECK_FALSE(has(hallpass->log(), token));
}

TEST_CASE("a click, a reason, and the review stands in the name of who clicked, once") {
    decision_rig rig;
    const std::string id = rig.request();
    CHECK(has(json::serialize(rig.card()), "\"approve\""));
    CHECK(has(json::serialize(rig.card()), "mm_blocks_actions")); // which clients of today click
    const json::object submitted = rig.decide("bob", "approve");
    INFO(seen(submitted));
    CHECK(submitted.at("status") == 200);
    CHECK(submitted.at("open") == false);
    const json::value after = rig.state_of(id);
    CHECK(after.at("state") == "APPROVED");
    REQUIRE(rig.reviews_of(id) == 1);
    CHECK(after.at("reviews").at(0).at("author") == "bob@example.com");
    CHECK(after.at("reviews").at(0).at("reason") == "seen, and fine");
    test::eventually("the buttons are gone", [&] {
        return !has(json::serialize(rig.card().at("props")), "actions");
    });
    CHECK(says(rig.card(), "APPROVED"));
    posts_that(rig.rig, "bob", "the outcome is told to bob alone", [](const json::array& there) {
        return there.size() == 1 && says(there[0], "Your approval is recorded.");
    });
    rig.hallpass->wait_for_text(
        "decision service=mattermost account=" + id_of("bob") + " user=bob@example.com request=" + id +
        " verdict=approve outcome=accepted"
    );
}

TEST_CASE("where the bot may post for one person's eyes, the outcome is told in the channel") {
    decision_rig rig;
    rig.rig.command("/mattermost/settings", {{"may_post_ephemeral", true}});
    rig.request();
    rig.decide("carol", "deny");
    const json::array there = posts_that(rig.rig, channel, "the note", [](const json::array& all) {
        return has(json::serialize(all), "Your denial is recorded");
    });
    const auto note = std::find_if(there.begin(), there.end(), [](const json::value& one) {
        return says(one, "Your denial is recorded");
    });
    REQUIRE(note != there.end());
    CHECK(text_at(*note, "only_for") == id_of("carol"));
}

TEST_CASE("who requested can't decide, and is told why, alone") {
    decision_rig rig;
    const std::string id = rig.request();
    const json::object submitted = rig.decide("alice", "approve");
    CHECK(has(seen(submitted), "own request"));
    CHECK(rig.state_of(id).at("state") == "PENDING");
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("accounts that prove nobody have no power: unmapped, a bot, a guest, of another team, switched off"
) {
    decision_rig rig;
    const std::string id = rig.request();
    rig.rig.command("/mattermost/users", {{"id", id_of("carol")}, {"delete_at", 1}});
    for (const char* account : {"dave", "robot", "gina", "erin", "carol"}) {
        CAPTURE(account);
        const json::object submitted = rig.decide(account, "approve");
        INFO(seen(submitted));
        CHECK(has(seen(submitted), "not linked to a Teleport user"));
        CHECK(rig.reviews_of(id) == 0);
    }
    CHECK(rig.state_of(id).at("state") == "PENDING");
}

TEST_CASE("forged and replayed callbacks are refused alike, and decide nothing") {
    decision_rig rig;
    const std::string id = rig.request();
    const json::object forged =
        rig.click("bob", "approve", {{"context", {{"sealed", std::string(64, 'a') + "{}"}}}});
    CHECK(forged.at("status") == 401);
    const json::object posing = rig.click("dave", "approve", {{"as", id_of("bob")}});
    CHECK(posing.at("status") == 401);
    const json::object old = rig.click("bob", "approve", {{"age_s", 600}});
    CHECK(old.at("status") == 401);

    const json::object clicked = rig.click("bob", "approve", {{"format", "attachment"}}); // an older client
    REQUIRE(clicked.at("dialog").is_object());
    CHECK(rig.click("bob", "approve", {{"replay", true}}).at("status") == 401);
    CHECK(rig.submit(clicked, "x", {{"as", id_of("carol")}}).at("status") == 401);
    CHECK(rig.submit(clicked, "x", {{"state", "forged"}}).at("status") == 401);
    CHECK(rig.reviews_of(id) == 0);
    CHECK(rig.submit(clicked, "fine").at("status") == 200);
    CHECK(rig.submit(clicked, "fine", {{"replay", true}}).at("status") == 401);
    CHECK(rig.reviews_of(id) == 1);
}

TEST_CASE("whose trigger it is gets the form, whoever is said to have clicked") {
    decision_rig rig;
    rig.request();
    // Someone who has got hold of a button's context, and names bob as who clicked with a trigger made for
    // bob: the form opens for bob, and nobody else ever sees its state.
    const json::object clicked =
        rig.click("dave", "approve", {{"as", id_of("bob")}, {"trigger_user", id_of("bob")}});
    REQUIRE(clicked.at("dialog").is_object());
    CHECK(text_at(clicked.at("dialog"), "user") == id_of("bob"));
}

TEST_CASE("a trigger that the server didn't sign opens nothing, however well a click is forged") {
    decision_rig rig;
    const std::string id = rig.request();
    const json::object clicked = rig.click(
        "dave", "approve", {{"as", id_of("bob")}, {"trigger_user", id_of("bob")}, {"forged_trigger", true}}
    );
    INFO(seen(clicked));
    CHECK(clicked.at("dialog").is_null());
    CHECK(has(seen(clicked), "The form could not be opened, and nothing was decided."));
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("a denial without the reason that the operator asks for stays open") {
    decision_rig rig("require_reason = \"deny\"\n");
    const std::string id = rig.request();
    const json::object clicked = rig.click("bob", "deny");
    REQUIRE(clicked.at("dialog").is_object());
    const json::object without = rig.submit(clicked, "  ");
    INFO(seen(without));
    CHECK(without.at("open") == true);
    CHECK(without.at("answer").at("errors").as_object().contains("reason"));
    CHECK(rig.reviews_of(id) == 0);
    CHECK(rig.submit(clicked, "not today").at("open") == false);
    CHECK(rig.state_of(id).at("state") == "DENIED");
}

TEST_CASE("a form that is sent after the request was resolved tells by whom, and adds no review") {
    decision_rig rig;
    const std::string id = rig.request();
    const json::object late = rig.click("carol", "deny");
    REQUIRE(late.at("dialog").is_object());
    rig.decide("bob", "approve");
    CHECK(has(seen(rig.submit(late, "no")), "bob@example.com"));
    CHECK(rig.reviews_of(id) == 1);
}

TEST_CASE("buttons without a public address are not there, and that is said with the mend") {
    decision_rig rig("", false);
    rig.request();
    CHECK_FALSE(has(json::serialize(rig.card()), "actions"));
    CHECK(has(rig.hallpass->log(), "reviews are enabled, but [http] has no public_addr"));
}

TEST_CASE("a reload keeps what buttons of before are worth") {
    decision_rig rig;
    const std::string id = rig.request();
    rig.hallpass->program().send_signal(SIGHUP);
    rig.hallpass->wait_for_event("reloaded");
    rig.decide("bob", "approve");
    CHECK(rig.state_of(id).at("state") == "APPROVED");
}
