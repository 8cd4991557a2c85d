#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* channel = "access-requests";
constexpr const char* channel_id = "C0ACCESS01";
constexpr const char* alice = "U0ALICE001"; // who requests
constexpr const char* bob = "U0BOB00001";
constexpr const char* carol = "U0CAROL001";

// hallpass with a public listener, which the simulated Slack calls.
struct decision_rig {
    explicit decision_rig(
        const std::string& review_lines = "", const std::string& http_lines = "insecure = true\n"
    ) {
        configure(review_lines, http_lines);
        hallpass = rig.start_watching();
        point_slack_at(*hallpass);
    }

    void configure(const std::string& review_lines, const std::string& http_lines) {
        rig.configure_with(
            "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
            "\"\nidentity = \"" + rig.sandbox.identity_file() +
            "\"\n[slack]\ntoken = \"xoxb-sandbox-token\"\nsigning_secret = \"" +
            rig.sandbox.signing_secret() + "\"\napi_url = \"" + rig.sandbox.slack_url() +
            "\"\n[role_to_recipients]\n\"*\" = [\"" + channel +
            "\"]\n[http]\nlisten_addr = \"127.0.0.1:0\"\n" + http_lines +
            "[review]\nenabled = true\nslack_user_id_trait = \"slack_user_id\"\n" + review_lines +
            "[log]\nseverity = \"debug\"\n"
        );
    }

    void point_slack_at(test::running_hallpass& at) {
        at.wait_for_event("listening");
        wait_for_the_next_second();
        const std::string key = "listening address=";
        const std::string log = at.log();
        const std::size_t begin = log.rfind(key) + key.size();
        const std::string address = log.substr(begin, log.find(' ', begin) - begin);
        rig.sandbox.post_clicks_to("http://" + address + "/slack/interactivity");
    }

    // Signatures are timed in seconds, and those of the second in which hallpass was started may be replays.
    static void wait_for_the_next_second() {
        const auto now = [] {
            return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        };
        const auto begun = now();
        test::eventually("the next second has begun", [&] { return now() > begun; });
    }

    std::string new_request() {
        const json::object wanted{
            {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
        const json::value made = rig.sandbox.control().post("/requests", wanted);
        const std::string id(made.at("ids").at(0).as_string());
        test::eventually("the request is posted", [&] { return rig.sandbox.posts(channel, id).size() == 1; });
        return id;
    }

    test::slack_post card(const std::string& id) { return rig.sandbox.posts(channel, id).at(0); }

    json::value
    click(const std::string& id, const std::string& user, const std::string& action, json::object more = {}) {
        return rig.sandbox.click(user, channel_id, card(id).ts, action, std::move(more));
    }

    json::value submit(const json::value& clicked, const std::string& user, const std::string& reason) {
        const json::string& view = clicked.at("view").at("id").as_string();
        return rig.sandbox.submit(view, user, reason);
    }

    json::value decide(const std::string& id, const std::string& user, const std::string& action) {
        const json::value clicked = click(id, user, action);
        INFO(json::serialize(clicked));
        REQUIRE(clicked.at("status") == 200);
        REQUIRE(clicked.at("view").is_object());
        return submit(clicked, user, "seen, and fine");
    }

    std::pair<int, std::string> try_to_approve(const std::string& id, const std::string& user) {
        const json::value clicked = click(id, user, "approve");
        if (!clicked.at("view").is_object()) {
            return {clicked.at("status").to_number<int>(), json::serialize(clicked)};
        }
        const json::value submitted = submit(clicked, user, "let me in");
        return {submitted.at("status").to_number<int>(), json::serialize(submitted)};
    }

    json::value request(const std::string& id) {
        const json::value listed = rig.sandbox.control().get("/requests");
        for (const json::value& one : listed.as_array()) {
            if (one.at("id").as_string() == id) {
                return one;
            }
        }
        throw std::runtime_error("the cluster has no request " + id);
    }

    std::size_t reviews_of(const std::string& id) { return request(id).at("reviews").as_array().size(); }

    test::rig rig;
    std::unique_ptr<test::running_hallpass> hallpass;
};

std::string seen(const json::value& submitted) {
    return json::serialize(submitted.at("view"));
}

} // namespace

TEST_CASE("a click, a reason, and the review stands in the name of who clicked, once") {
    decision_rig rig;
    const std::string id = rig.new_request();
    CHECK(has(rig.card(id).text, "\"actions\""));
    const json::value submitted = rig.decide(id, bob, "approve");
    INFO(json::serialize(submitted));
    CHECK(submitted.at("status") == 200);
    CHECK(submitted.at("ms").to_number<int>() < 3000);
    const json::value after = rig.request(id);
    CHECK(after.at("state") == "APPROVED");
    REQUIRE(rig.reviews_of(id) == 1);
    const json::value& review = after.at("reviews").at(0);
    CHECK(review.at("author") == "bob@example.com");
    CHECK(review.at("reason") == "seen, and fine");
    test::eventually("the buttons are gone", [&] { return !has(rig.card(id).text, "\"actions\""); });
    CHECK(has(rig.card(id).text, "APPROVED"));
    rig.hallpass->wait_for_text(
        "decision service=slack account=U0BOB00001 user=bob@example.com request=" + id +
        " verdict=approve outcome=accepted"
    );
    CHECK_FALSE(has(rig.hallpass->log(), rig.rig.sandbox.signing_secret()));
}

TEST_CASE("who requested can't decide, and is told why, alone") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value submitted = rig.decide(id, alice, "approve");
    CHECK(has(seen(submitted), "own request"));
    CHECK(rig.request(id).at("state") == "PENDING");
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("a form that is sent after the request was resolved tells by whom, and adds no review") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value late = rig.click(id, carol, "deny");
    REQUIRE(late.at("view").is_object());
    rig.decide(id, bob, "approve");
    const json::value submitted = rig.submit(late, carol, "no");
    CHECK(has(seen(submitted), "bob@example.com"));
    CHECK(rig.reviews_of(id) == 1);
    CHECK(rig.request(id).at("state") == "APPROVED");
}

TEST_CASE("a callback that Slack didn't sign, or signed too long ago, is refused alike") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value forged = rig.click(id, bob, "approve", {{"secret", "not the app's"}});
    CHECK(forged.at("status") == 401);
    const json::value old = rig.click(id, bob, "approve", {{"age_s", 600}});
    CHECK(old.at("status") == 401);
    CHECK(forged.at("view").is_null());
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("a denial without the reason that the operator asks for stays open") {
    decision_rig rig("require_reason = \"deny\"\n");
    const std::string id = rig.new_request();
    const json::value clicked = rig.click(id, bob, "deny");
    REQUIRE(clicked.at("view").is_object());
    const json::value without = rig.submit(clicked, bob, "  ");
    INFO(json::serialize(without));
    CHECK(without.at("answer").at("response_action") == "errors");
    CHECK(rig.reviews_of(id) == 0);
    const json::value with = rig.submit(clicked, bob, "not today");
    INFO(json::serialize(with));
    CHECK(rig.request(id).at("state") == "DENIED");
}

TEST_CASE("two forms of one person, sent to two instances, are one review") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value first = rig.click(id, bob, "approve");
    const auto other = rig.rig.start_watching();
    rig.point_slack_at(*other);
    const json::value second = rig.click(id, bob, "approve");
    REQUIRE(first.at("view").is_object());
    REQUIRE(second.at("view").is_object());
    CHECK(rig.submit(first, bob, "one").at("status") == 200);
    CHECK(rig.submit(second, bob, "two").at("status") == 200);
    CHECK(rig.reviews_of(id) == 1);
    CHECK(rig.request(id).at("state") == "APPROVED");
}

TEST_CASE("accounts that prove nobody have no power: unknown, a bot, a guest, of another workspace") {
    decision_rig rig;
    const std::string id = rig.new_request();
    for (const char* account : {"U0ROBOT001", "U0ERIN0001", "U0GINA0001", "U0DAVE0001"}) {
        CAPTURE(account);
        const auto got = rig.try_to_approve(id, account);
        INFO(got.second);
        CHECK(rig.reviews_of(id) == 0);
        CHECK(rig.request(id).at("state") == "PENDING");
        const bool refused = got.first == 401;
        CHECK((refused || has(got.second, "not linked") || has(got.second, "Teleport user")));
    }
}

TEST_CASE("a reload keeps the public listener, and the buttons of before still decide") {
    decision_rig rig;
    const std::string id = rig.new_request();
    rig.hallpass->program().send_signal(SIGHUP);
    rig.hallpass->wait_for_event("reloaded");
    decision_rig::wait_for_the_next_second();
    rig.decide(id, bob, "approve");
    CHECK(rig.request(id).at("state") == "APPROVED");
    CHECK(rig.hallpass->count_of("listening") == 1);
}

TEST_CASE("buttons without a certificate for the listener are refused at the start, with the mend") {
    decision_rig ready;
    ready.configure("", "");
    test::running_hallpass refused(ready.rig.config_file(), {{"SSL_CERT_FILE", ready.rig.sandbox.ca_file()}});
    CHECK(refused.program().wait() != 0);
    CHECK(has(refused.log(), "https_cert_file"));
}
