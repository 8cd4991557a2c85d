#include "support/eventually.hpp"
#include "ticket_rig.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* alice = "557058:alice"; // who requests
constexpr const char* bob = "557058:bob";
constexpr const char* dave = "557058:dave"; // nobody in Teleport
constexpr const char* robot = "557058:robot";

struct jira_rig : test::ticket_rig {
    jira_rig() : ticket_rig("jira") {}

    // What upstream's teleport-jira.toml holds, with the sandbox's addresses in it.
    std::string upstreams_section() const {
        return "[jira]\nurl = \"" + site("url") + "\"\nusername = \"" + site("username") +
               "\"\napi_token = \"" + site("token") +
               "\"\nproject = \"ACCESS\"\n\n[http]\n# listen_addr = \":8081\"\npublic_addr = "
               "\"example.com\"\n"
               "https_key_file = \"/var/lib/teleport/plugins/jira/server.key\"\n"
               "https_cert_file = \"/var/lib/teleport/plugins/jira/server.crt\"\n";
    }

    void take_decisions(const std::string& review_lines = "", const std::string& path = "/jira") {
        configure(
            "[jira]\nurl = \"" + site("url") + "\"\nusername = \"" + site("username") + "\"\napi_token = \"" +
            site("token") + "\"\nproject = \"ACCESS\"\nwebhook_secret = \"" + site("webhook_secret") +
            "\"\n[http]\nlisten_addr = \"127.0.0.1:0\"\ninsecure = true\n[review]\nenabled = true\n"
            "jira_user_id_trait = \"jira_user_id\"\n" +
            review_lines
        );
        start();
        open_webhooks(path);
    }

    json::value issue_that(
        std::string_view what, const std::string& id, const std::function<bool(const json::value&)>& condition
    ) const {
        return ticket_that(what, "issues", id, condition);
    }

    // No port, no webhook: hallpass asks.
    void look_for_moves(bool cloud, const std::string& own_lines) {
        command("site", {{"cloud", cloud}});
        configure(
            "[jira]\nurl = \"" + site("url") + "\"\n" +
            (cloud ? "username = \"" + site("username") + "\"\n" : "") + "api_token = \"" + site("token") +
            "\"\nproject = \"ACCESS\"\npoll_interval = \"200ms\"\n" + own_lines + "[review]\nenabled = true\n"
        );
        start();
    }

    void move_silently(const std::string& issue, const char* user, const char* to) const {
        command("move", {{"issue", issue}, {"user", user}, {"to", to}, {"silent", true}});
    }

    // The issue's key, once it is there.
    std::string issue_of(const std::string& id) const {
        const json::value made = issue_that("the issue", id, [](const json::value&) { return true; });
        return std::string(made.at("key").as_string());
    }

    json::value move(const std::string& issue, const char* user, const char* to) const {
        return command("move", {{"issue", issue}, {"user", user}, {"to", to}});
    }

    void wait_until_announced(const std::string& id) const { wait_until_kept(issue_of(id)); }
};

std::size_t comments_of(const json::value& issue) {
    return issue.at("comments").as_array().size();
}

std::string comment_text(const json::value& issue, std::size_t index) {
    return std::string(issue.at("comments").at(index).at("text").as_string());
}

bool is_in(const json::value& issue, std::string_view status) {
    return issue.at("status").as_string() == status;
}

} // namespace

TEST_CASE("upstream's teleport-jira.toml works unchanged, from the request to its end") {
    jira_rig rig;
    rig.configure(rig.upstreams_section());
    rig.start();
    const std::string id = rig.new_request("the database *now* [~admin] {html}");
    const json::value made = rig.issue_that("the issue", id, [](const json::value&) { return true; });
    CHECK(has(made.at("summary").as_string(), "alice@example.com"));
    CHECK(has(made.at("summary").as_string(), "dba"));
    CHECK(made.at("properties").at("teleportAccessRequestId") == json::value(id));
    CHECK(has(made.at("text").as_string(), "the database *now* [~admin] {html}"));
    CHECK(is_in(made, "Pending"));

    rig.review(id, "bob@example.com", "DENIED");
    const json::value ended = rig.issue_that("review, outcome and status", id, [](const json::value& issue) {
        return is_in(issue, "Denied") && comments_of(issue) == 2;
    });
    CHECK(has(comment_text(ended, 0), "bob@example.com"));
    CHECK(has(comment_text(ended, 0), "seen and judged"));
    CHECK(has(comment_text(ended, 1), "DENIED"));
    CHECK(ended.at("histories").as_array().size() == 1);
    CHECK(has(rig.hallpass->log(), "hallpass in project ACCESS (Access Requests)"));
    CHECK_FALSE(has(rig.hallpass->log(), rig.site("token")));
}

TEST_CASE("on Data Center the same goes as wiki markup, with a personal access token") {
    jira_rig rig;
    rig.command("site", {{"cloud", false}});
    rig.configure(
        "[jira]\nurl = \"" + rig.site("url") + "\"\napi_token = \"" + rig.site("token") +
        "\"\nproject = \"ACCESS\"\n"
    );
    rig.start();
    const std::string id = rig.new_request("{html} h1.");
    rig.review(id, "bob@example.com", "APPROVED");
    const json::value ended = rig.issue_that("the end", id, [](const json::value& issue) {
        return is_in(issue, "Approved") && comments_of(issue) == 2;
    });
    CHECK(has(ended.at("text").as_string(), "&#123;html&#125; h1"));
}

TEST_CASE("an issue whose answer was lost is looked up, and is there once") {
    for (const bool cloud : {true, false}) {
        CAPTURE(cloud);
        jira_rig rig;
        rig.command("site", {{"cloud", cloud}, {"lag_ms", cloud ? 3000 : 0}});
        rig.configure(
            "[jira]\nurl = \"" + rig.site("url") + "\"\n" +
            (cloud ? "username = \"" + rig.site("username") + "\"\n" : "") + "api_token = \"" +
            rig.site("token") + "\"\nproject = \"ACCESS\"\n"
        );
        rig.start();
        rig.rig.command("/lose", {{"side", "jira"}, {"method", "POST issue"}, {"n", 1}});
        const std::string id = rig.new_request();
        rig.hallpass->wait_for_text("found_after_uncertain_send");
        rig.rig.command("/lose", {{"side", "jira"}, {"method", "POST issue/comment"}, {"n", 2}});
        rig.review(id, "bob@example.com", "DENIED");
        rig.issue_that("the end, with each comment once", id, [](const json::value& issue) {
            return is_in(issue, "Denied") && comments_of(issue) == 2;
        });
        CHECK(rig.calls("POST issue") == 1);
    }
}

TEST_CASE("a workflow without the status gets a comment that says so, once, and a warning") {
    jira_rig rig;
    rig.command("site", {{"without", {"Denied"}}});
    rig.configure(rig.upstreams_section());
    rig.start();
    const std::string id = rig.new_request();
    rig.issue_of(id);
    rig.review(id, "bob@example.com", "DENIED");
    const json::value ended =
        rig.issue_that("both comments", id, [](const json::value& issue) { return comments_of(issue) == 2; });
    INFO(rig.hallpass->log());
    CHECK(has(comment_text(ended, 1), "no transition from there to \"Denied\""));
    rig.hallpass->wait_for_text("jira_issue_not_moved");
}

TEST_CASE("missing permissions and a wrong project are found before the first request") {
    jira_rig rig;
    rig.command("site", {{"not_allowed", {"TRANSITION_ISSUES"}}});
    rig.configure(rig.upstreams_section());
    rig.hallpass = rig.rig.start();
    rig.hallpass->wait_for_text("the account lacks Transition Issues in project ACCESS");
}

TEST_CASE("whoever moves an issue reviews in their own name, and Teleport's end settles it") {
    for (const char* path : {"/jira", "/"}) {
        CAPTURE(path);
        jira_rig rig;
        rig.take_decisions("", path);
        const std::string id = rig.new_request();
        const std::string issue = rig.issue_of(id);
        rig.wait_until_announced(id);
        rig.command("comment", {{"issue", issue}, {"user", bob}, {"text", "Reason: it is on fire"}});
        const json::value told = rig.move(issue, bob, "Approved");
        INFO(json::serialize(told));
        CHECK(told.at("status") == 200);
        const json::value after = rig.request(id);
        CHECK(after.at("state") == "APPROVED");
        REQUIRE(rig.reviews_of(id) == 1);
        CHECK(after.at("reviews").at(0).at("author") == "bob@example.com");
        CHECK(after.at("reviews").at(0).at("reason") == "it is on fire");
        const json::value ended =
            rig.issue_that("the outcome", id, [](const json::value& one) { return comments_of(one) == 3; });
        CHECK(is_in(ended, "Approved"));
        CHECK(ended.at("histories").as_array().size() == 1);
    }
}

TEST_CASE("who may not decide is told why, once, and the issue is moved back") {
    jira_rig rig;
    rig.take_decisions();
    const std::string id = rig.new_request();
    const std::string issue = rig.issue_of(id);
    rig.wait_until_announced(id);
    std::size_t comments = 0;
    for (const char* user : {alice, dave, robot}) {
        CAPTURE(user);
        const json::value told = rig.move(issue, user, "Approved");
        CHECK(told.at("status") == 200);
        ++comments;
        const json::value after = rig.issue_that("the refusal", id, [&](const json::value& one) {
            return is_in(one, "Pending") && comments_of(one) == comments;
        });
        CHECK(has(comment_text(after, comments - 1), "Not counted"));
        // The same webhook once more, as Jira repeats it.
        const json::value again = rig.command("send", {{"body", told.at("hook")}});
        CHECK(again.at("status") == 200);
        CHECK(comments_of(rig.tickets("issues", id).at(0)) == comments);
    }
    CHECK(rig.request(id).at("state") == "PENDING");
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("a webhook that Jira didn't sign is refused, and one that lies decides nothing") {
    jira_rig rig;
    rig.take_decisions();
    const std::string id = rig.new_request();
    const std::string issue = rig.issue_of(id);
    rig.wait_until_announced(id);
    const json::value told =
        rig.command("move", {{"issue", issue}, {"user", bob}, {"to", "Expired"}, {"silent", true}});
    std::string lie(told.at("hook").as_string());
    for (const char* secret : {"", "a guess"}) {
        const json::value refused = rig.command("send", {{"body", lie}, {"secret", secret}});
        CHECK(refused.at("status") == 401);
        CHECK(refused.at("body") == "not authorised\n");
    }
    // Signed, and says that bob approved: Jira says otherwise.
    const std::size_t at = lie.find("\"toString\":\"Expired\"");
    REQUIRE(at != std::string::npos);
    lie.replace(at, 20, "\"toString\":\"Approved\"");
    CHECK(rig.command("send", {{"body", lie}}).at("status") == 200);
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("an issue made to name another request decides neither") {
    jira_rig rig;
    rig.take_decisions();
    const std::string harmless = rig.new_request("harmless");
    const std::string wanted = rig.new_request("wanted");
    const std::string issue = rig.issue_of(harmless);
    rig.wait_until_announced(harmless);
    rig.wait_until_announced(wanted);
    rig.command("property", {{"issue", issue}, {"request", wanted}});
    rig.move(issue, bob, "Approved");
    rig.hallpass->wait_for_text("jira_issue_not_announced");
    CHECK(rig.request(wanted).at("state") == "PENDING");
    CHECK(rig.request(harmless).at("state") == "PENDING");
}

TEST_CASE("without webhooks moves are found by asking Jira, and count as they do with them") {
    for (const bool cloud : {true, false}) {
        CAPTURE(cloud);
        jira_rig rig;
        rig.look_for_moves(
            cloud, cloud ? "[jira.users]\n\"557058:alice\" = \"alice@example.com\"\n"
                           "\"557058:bob\" = \"bob@example.com\"\n"
                         : "[jira.users]\nJIRAUSER10001 = \"alice@example.com\"\n"
                           "JIRAUSER10002 = \"bob@example.com\"\n"
        );
        CHECK(rig.hallpass->count_of("listening") == 0);
        const std::string id = rig.new_request();
        const std::string issue = rig.issue_of(id);
        rig.wait_until_announced(id);
        rig.move_silently(issue, alice, "Approved");
        const json::value refused = rig.issue_that("the refusal", id, [](const json::value& one) {
            return is_in(one, "Pending") && comments_of(one) == 1;
        });
        CHECK(has(comment_text(refused, 0), "Not counted"));
        rig.move_silently(issue, bob, "Denied");
        test::eventually("the request is denied", [&] { return rig.request(id).at("state") == "DENIED"; });
        const unsigned before = rig.calls(cloud ? "POST search/jql" : "POST search");
        test::eventually("Jira was asked a few times more", [&] {
            return rig.calls(cloud ? "POST search/jql" : "POST search") > before + 2;
        });
        REQUIRE(rig.reviews_of(id) == 1);
        CHECK(rig.request(id).at("reviews").at(0).at("author") == "bob@example.com");
        // The refusal, the review and the end, each once.
        CHECK(comments_of(rig.tickets("issues", id).at(0)) == 3);
    }
}

TEST_CASE("with decide = \"state\" whoever moves an issue decides, but for requesters and people unseen") {
    jira_rig rig;
    rig.look_for_moves(true, "decide = \"state\"\n");
    CHECK(has(rig.hallpass->log(), "jira.decide: \"state\": whoever may move a ticket decides"));
    const std::string id = rig.new_request();
    const std::string issue = rig.issue_of(id);
    rig.wait_until_announced(id);
    std::size_t comments = 0;
    // Dave is nobody in Teleport, but Carol's e-mail isn't shown, so that she might be Alice.
    for (const char* user : {alice, "557058:carol", robot}) {
        CAPTURE(user);
        INFO(rig.hallpass->log());
        rig.move_silently(issue, user, "Approved");
        ++comments;
        rig.issue_that("the refusal", id, [&](const json::value& one) {
            return is_in(one, "Pending") && comments_of(one) == comments;
        });
    }
    CHECK(rig.request(id).at("state") == "PENDING");
    rig.command("comment", {{"issue", issue}, {"user", dave}, {"text", "Reason: it is on fire"}});
    rig.move_silently(issue, dave, "Approved");
    test::eventually("the request is approved", [&] { return rig.request(id).at("state") == "APPROVED"; });
    CHECK(rig.reviews_of(id) == 0);
    CHECK(rig.request(id).at("resolve_reason") == "it is on fire");
    CHECK(rig.request(id).at("delegator") == "jira:dave@example.com");
}
