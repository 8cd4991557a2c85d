// What go-pagerduty and Python's hmac say of what hallpass takes for PagerDuty's and Jira's webhooks.
#include "judges.hpp"
#include "support/eventually.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/skip.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// hallpass takes decisions from one of the two, over HTTPS, behind a relay that judges signatures.
class webhooks {
public:
    // `verifier` is what the script needs before the secret.
    webhooks(
        std::string service,
        const std::function<std::string(const test::running_sandbox&)>& section,
        std::vector<std::string> verifier
    )
        : service_(std::move(service)),
          script_(service_ + "_signatures.py"),
          verifier_(std::move(verifier)),
          hallpass_(configure(section(sandbox)), {{"SSL_CERT_FILE", sandbox.ca_file()}}),
          url_(wait_for_listener()),
          relay_(begin_asking(script_, relay_arguments())) {
        test::eventually("the relay listens", [&] {
            REQUIRE_MESSAGE(!relay_.exit_status(), relay_.standard_error());
            return std::filesystem::exists(folder_.file("port"));
        });
    }

    std::string site(std::string_view key) const {
        return std::string(sandbox.ready().at(service_).at(key).as_string());
    }

    std::string relay_url() const {
        return "http://127.0.0.1:" + test::read_file(folder_.file("port")) + '/' + service_;
    }

    json::value command(std::string_view what, const json::object& body) const {
        return sandbox.control().post('/' + service_ + '/' + std::string(what), body);
    }

    // The ticket of a new request, once it is kept in Teleport.
    std::string new_ticket(std::string_view list) {
        sandbox.control().post(
            "/requests", json::object{{"user", "alice@example.com"}, {"roles", json::array{"dba"}}}
        );
        std::string id;
        test::eventually("the ticket is in Teleport's data", [&] {
            const json::value all = sandbox.control().get('/' + service_);
            const json::array& there = all.at(list).as_array();
            id = there.empty() ? "" : std::string(there.front().at("id").as_string());
            const std::string kept = json::serialize(sandbox.control().get("/plugin-data"));
            return !id.empty() && has(kept, id);
        });
        return id;
    }

    std::string state_of_request() const {
        return std::string(sandbox.control().get("/requests").at(0).at("state").as_string());
    }

    // Of the variations, by hallpass or by a listener that always answers alike.
    std::string table(const std::string& url) const {
        std::vector<std::string> words{"table", url, sandbox.ca_file()};
        words.insert(words.end(), verifier_.begin(), verifier_.end());
        words.push_back(site("webhook_secret"));
        const judgement given = ask(script_, words);
        return given.said + "exit " + std::to_string(given.status);
    }

    void check_table(const std::string& taken) const {
        const std::string answered = table(url_);
        CHECK_MESSAGE(has(answered, "exit 0"), answered);
        MESSAGE("variations of a webhook:\n", answered);
        // The judge itself: of a listener that takes all, and of one that takes nothing.
        const std::string all = table(taken);
        CHECK_MESSAGE(has(all, "WRONG     by another key: "), all);
        CHECK_MESSAGE(has(all, "exit 1"), all);
        const std::string none = table("401");
        CHECK_MESSAGE(has(none, "WRONG     signed now: "), none);
        CHECK_MESSAGE(has(none, "exit 1"), none);
    }

    test::running_sandbox sandbox;

private:
    std::string configure(const std::string& section) {
        return folder_.write(
            "hallpass.toml", "[teleport]\naddr = \"" + sandbox.auth_address() + "\"\nidentity = \"" +
                                 sandbox.identity_file() + "\"\n[" + service_ + "]\nwebhook_secret = \"" +
                                 site("webhook_secret") + "\"\n" + section +
                                 "[http]\nlisten_addr = \"127.0.0.1:0\"\nhttps_cert_file = \"" +
                                 sandbox.listener_certificate_file() + "\"\nhttps_key_file = \"" +
                                 sandbox.listener_key_file() +
                                 "\"\n[review]\nenabled = true\njira_user_id_trait = \"jira_user_id\"\n"
                                 "[log]\nseverity = \"debug\"\n"
        );
    }

    std::string wait_for_listener() {
        hallpass_.wait_for_event("watching");
        hallpass_.wait_for_event("listening");
        const std::string key = "listening address=";
        const std::string log = hallpass_.log();
        const std::size_t begin = log.rfind(key) + key.size();
        return "https://" + log.substr(begin, log.find(' ', begin) - begin) + '/' + service_;
    }

    std::vector<std::string> relay_arguments() const {
        std::vector<std::string> words{"relay", url_, sandbox.ca_file()};
        words.insert(words.end(), verifier_.begin(), verifier_.end());
        words.push_back(site("webhook_secret"));
        words.push_back(folder_.path().string());
        return words;
    }

    std::string service_;
    std::string script_;
    std::vector<std::string> verifier_;
    test::temp_dir folder_;
    test::running_hallpass hallpass_;
    std::string url_;
    test::process relay_;
};

std::string line(const std::string& key, const std::string& value) {
    return key + " = \"" + value + "\"\n";
}

json::object of_service(const test::running_sandbox& sandbox, const char* service) {
    return sandbox.ready().at(service).as_object();
}

} // namespace

TEST_CASE("webhookv3 takes what the simulated PagerDuty signs, and hallpass what webhookv3 takes") {
    for (const judges* needed : {&python_judges(), &pagerduty_judge()}) {
        if (needed->path.empty()) {
            test::skip(needed->why);
            return;
        }
    }
    webhooks all(
        "pagerduty",
        [](const test::running_sandbox& sandbox) {
            const json::object at = of_service(sandbox, "pagerduty");
            return line("api_url", std::string(at.at("url").as_string())) +
                   line("api_key", std::string(at.at("api_key").as_string())) +
                   line("user_email", std::string(at.at("user_email").as_string())) +
                   line("service_id", std::string(at.at("service").as_string())) +
                   "[pagerduty.users]\nPBOB0001 = \"bob@example.com\"\n";
        },
        {pagerduty_judge().path}
    );
    all.command("webhook", {{"url", all.relay_url()}});
    const std::string incident = all.new_ticket("incidents");
    const json::value told =
        all.command("note", {{"user", "PBOB0001"}, {"incident", incident}, {"content", "approve"}});
    CHECK_MESSAGE(told.at("status") == 202, json::serialize(told));
    CHECK(all.state_of_request() == "APPROVED");
    const json::value forged = all.command(
        "note", {{"user", "PBOB0001"}, {"incident", incident}, {"content", "deny"}, {"secret", "a guess"}}
    );
    CHECK_MESSAGE(forged.at("status") == 400, json::serialize(forged)); // the relay's
    all.check_table("202");
}

TEST_CASE("Python's hmac takes what the simulated Jira signs, and hallpass what hmac takes") {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return;
    }
    webhooks all(
        "jira",
        [](const test::running_sandbox& sandbox) {
            const json::object at = of_service(sandbox, "jira");
            return line("url", std::string(at.at("url").as_string())) +
                   line("username", std::string(at.at("username").as_string())) +
                   line("api_token", std::string(at.at("token").as_string())) +
                   line("project", std::string(at.at("project").as_string()));
        },
        {}
    );
    all.command("callback", {{"url", all.relay_url()}});
    const std::string issue = all.new_ticket("issues");
    const json::value told =
        all.command("move", {{"issue", issue}, {"user", "557058:bob"}, {"to", "Approved"}});
    CHECK_MESSAGE(told.at("status") == 200, json::serialize(told));
    CHECK(all.state_of_request() == "APPROVED");
    const json::value forged = all.command("send", {{"body", told.at("hook")}, {"secret", "a guess"}});
    CHECK_MESSAGE(forged.at("status") == 400, json::serialize(forged)); // the relay's
    all.check_table("200");
}
