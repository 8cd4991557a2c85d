#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <vector>

using namespace hallpass;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* root = "root@example.com";
constexpr const char* admin = "admin@example.com";

struct letter {
    std::string to;
    std::string id;
    std::string in_reply_to;
    std::string subject;
    std::string text;
    std::string by;
};

std::string text_at(const json::value& from, std::string_view key) {
    return std::string(from.at(key).as_string());
}

json::value mail_of(const test::rig& rig) {
    const json::value ready = json::parse(
        test::read_file(rig.sandbox.ca_file().substr(0, rig.sandbox.ca_file().rfind('/')) + "/ready.json")
    );
    return ready.at("email");
}

std::vector<letter> letters_to(const test::rig& rig, std::string_view address) {
    std::vector<letter> all;
    const json::value there = rig.sandbox.control().get("/email/letters");
    for (const json::value& one : there.as_array()) {
        if (text_at(one, "to") == address) {
            all.push_back(
                {text_at(one, "to"), text_at(one, "id"), text_at(one, "in_reply_to"), text_at(one, "subject"),
                 text_at(one, "text"), text_at(one, "by")}
            );
        }
    }
    return all;
}

std::vector<letter> wait_for_letters(const test::rig& rig, std::string_view address, std::size_t count) {
    std::vector<letter> there;
    test::eventually("letters to " + std::string(address), [&] {
        there = letters_to(rig, address);
        return there.size() >= count;
    });
    return there;
}

std::string teleport(const test::rig& rig) {
    return "[teleport]\naddr = \"" + rig.sandbox.auth_address() + "\"\nidentity = \"" +
           rig.sandbox.identity_file() + "\"\nrefresh_identity = true\n\n";
}

// What upstream's teleport-email.toml holds, with the sandbox's addresses in it.
std::string upstreams_file(const test::rig& rig) {
    const json::value mail = mail_of(rig);
    return teleport(rig) +
           "[smtp]\nhost = \"127.0.0.1\"\nport = " + std::to_string(mail.at("port").to_number<int>()) +
           "\nusername = \"" + text_at(mail, "username") + "\"\npassword = \"" + text_at(mail, "password") +
           "\"\nstarttls_policy = \"mandatory\"\n\n[delivery]\nsender = \"noreply@example.com\"\n\n"
           "[role_to_recipients]\n\"*\" = [\"root@example.com\", \"admin@example.com\"]\n\n"
           "[log]\noutput = \"stderr\"\nseverity = \"INFO\"\n";
}

std::string new_request(test::rig& rig, json::array suggested = {}) {
    const json::object wanted{
        {"user", "alice@example.com"},
        {"roles", {"some-role"}},
        {"suggested_reviewers", std::move(suggested)},
        {"reason", "the database\r\n.\r\nžluťoučký"}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void review(test::rig& rig, const std::string& id, std::string_view state) {
    const json::object given{{"author", "bob@example.com"}, {"state", state}, {"reason", "seen and judged"}};
    rig.sandbox.control().post("/requests/" + id + "/review", given);
}

} // namespace

TEST_CASE("upstream's teleport-email.toml works unchanged, from the request to its end") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig, {"žofie@example.com"});
    const auto first = wait_for_letters(rig, root, 1);
    REQUIRE(first.size() == 1);
    wait_for_letters(rig, "žofie@example.com", 1);
    CHECK(first[0].by == "smtp with TLS");
    CHECK(has(first[0].subject, "alice@example.com: role request for some-role"));
    CHECK(has(first[0].text, "PENDING"));
    CHECK(has(first[0].text, "> .\r\n> žluťoučký"));
    CHECK(has(first[0].text, id));

    review(rig, id, "DENIED");
    for (const char* address : {root, admin}) {
        const auto all = wait_for_letters(rig, address, 3);
        REQUIRE(all.size() == 3);
        CHECK(has(all[1].text, "bob@example.com reviewed the request"));
        CHECK(has(all[1].text, "seen and judged"));
        CHECK(has(all[2].text, "The request is DENIED"));
        CHECK(all[1].in_reply_to == all[0].id);
        CHECK(all[2].in_reply_to == all[0].id);
        CHECK(all[2].subject == "Re: " + all[0].subject);
    }
    CHECK(has(hallpass->log(), "access@sandbox.example.com at 127.0.0.1:"));
    CHECK_FALSE(has(hallpass->log(), "mail-sandbox-password"));
}

TEST_CASE("a letter that is put off by the server comes later, once, and nobody else waits for it") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    rig.command(
        "/email/rules", {{"stage", "RCPT"}, {"to", root}, {"reply", "450 4.7.1 greylisted"}, {"n", 1}}
    );
    rig.command(
        "/email/rules", {{"stage", "."}, {"to", admin}, {"reply", "451 4.3.0 out of breath"}, {"n", 1}}
    );
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig);
    CHECK(wait_for_letters(rig, admin, 1).size() == 1);
    CHECK(wait_for_letters(rig, root, 1).size() == 1);
    CHECK(has(hallpass->log(), "450 4.7.1 greylisted (for root@example.com)"));
    CHECK(has(hallpass->log(), "451 4.3.0 out of breath"));
    // The connection on which it was refused is good for the next letter.
    review(rig, id, "DENIED");
    CHECK(wait_for_letters(rig, admin, 3).size() == 3);
    CHECK(wait_for_letters(rig, root, 3).size() == 3);
    CHECK_FALSE(has(hallpass->log(), "503 5.5.1"));
}

TEST_CASE("an address that is refused is told of with what the server said") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    rig.command(
        "/email/rules", {{"stage", "RCPT"}, {"to", root}, {"reply", "550 5.1.1 no such user"}, {"n", 1000}}
    );
    const auto hallpass = rig.start_watching();
    new_request(rig);
    wait_for_letters(rig, admin, 1);
    hallpass->wait_for_text("550 5.1.1 no such user (for root@example.com); check the address");
    CHECK(letters_to(rig, root).empty());
}

TEST_CASE("a letter whose answer was lost is sent again as the same one, or left, as the operator says") {
    test::rig rig;
    bool skips = false;
    SUBCASE("sent again") {}
    SUBCASE("left") {
        skips = true;
    }
    rig.configure_with((skips ? "on_uncertain = \"skip\"\n" : "") + upstreams_file(rig));
    rig.command("/email/rules", {{"stage", "."}, {"to", root}, {"reply", ""}, {"n", 1}, {"keep", true}});
    const auto hallpass = rig.start_watching();
    new_request(rig);
    hallpass->wait_for_text(skips ? "uncertain_send_skipped" : "uncertain_send_repeated");
    wait_for_letters(rig, admin, 1);
    if (skips) {
        CHECK(letters_to(rig, root).size() == 1);
        return;
    }
    const auto both = wait_for_letters(rig, root, 2);
    REQUIRE(both.size() == 2);
    CHECK(both[0].id == both[1].id);
}

TEST_CASE("without STARTTLS nothing is sent, and it is said") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    rig.command("/email/settings", {{"starttls", false}, {"login", false}});
    const auto hallpass = rig.start();
    hallpass->wait_for_text("it offers no STARTTLS");
    new_request(rig);
    CHECK(letters_to(rig, root).empty());
    // Once it does, what waited goes out.
    rig.command("/email/settings", {{"starttls", true}});
    CHECK(wait_for_letters(rig, root, 1)[0].by == "smtp with TLS");
}

TEST_CASE("Mailgun carries the same letters, and a lost answer is the operator's to decide") {
    test::rig rig;
    const json::value mail = mail_of(rig);
    rig.configure_with(
        teleport(rig) + "[mailgun]\ndomain = \"" + text_at(mail, "mailgun_domain") + "\"\nprivate_key = \"" +
        text_at(mail, "mailgun_key") + "\"\napi_url = \"" + text_at(mail, "mailgun") +
        "\"\n[delivery]\nsender = \"Access <noreply@example.com>\"\nrecipients = [\"root@example.com\"]\n"
    );
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig);
    const auto first = wait_for_letters(rig, root, 1);
    CHECK(first[0].by == "mailgun");
    rig.command("/lose", {{"side", "email"}, {"method", "POST messages.mime"}, {"n", 1}});
    review(rig, id, "APPROVED");
    hallpass->wait_for_text("uncertain_send_repeated");
    const auto all = wait_for_letters(rig, root, 4); // the review twice
    REQUIRE(all.size() == 4);
    CHECK(all[1].id == all[2].id);
    CHECK(has(all[3].text, "The request is APPROVED"));
    CHECK(has(hallpass->log(), "mg.sandbox.example.com at Mailgun"));
    CHECK_FALSE(has(hallpass->log(), "mailgun-sandbox-key"));
}

namespace {

// The sandbox's provider and a listener of our own: bob and carol may decide, dave is nobody.
std::string deciding_file(const test::rig& rig, const std::string& more = "") {
    const json::value mail = mail_of(rig);
    const std::string at = "127.0.0.1:" + std::to_string(test::free_port());
    return "state_dir = \"" + rig.state() + "\"\n" + upstreams_file(rig) + "[http]\nlisten_addr = \"" + at +
           "\"\npublic_addr = \"http://" + at + "\"\ninsecure = true\n[review]\nenabled = true\n" + more +
           "[email]\nlink_secret = \"0123456789abcdef0123456789abcdef\"\n[email.users]\n"
           "\"bob@example.com\" = \"bob@example.com\"\n\"alice@example.com\" = \"alice@example.com\"\n"
           "[email.oidc]\nissuer = \"" +
           text_at(mail, "issuer") + "\"\nclient_id = \"" + text_at(mail, "client_id") +
           "\"\nclient_secret = \"" + text_at(mail, "client_secret") + "\"\n";
}

json::object decide(test::rig& rig, std::string_view user, std::string_view verdict, json::object more = {}) {
    more["to"] = root;
    more["user"] = user;
    more["verdict"] = verdict;
    more["reason"] = "seen and judged";
    return rig.sandbox.control().post("/email/decide", more).as_object();
}

std::string state_of(const test::rig& rig, const std::string& id) {
    const json::value all = rig.sandbox.control().get("/requests");
    for (const json::value& one : all.as_array()) {
        const json::value& request = one.as_object().contains("request") ? one.at("request") : one;
        if (text_at(request, "id") == id) {
            return text_at(request, "state");
        }
    }
    return "";
}

} // namespace

TEST_CASE("a reviewer decides by the link of a letter, in their own name, once") {
    test::rig rig;
    rig.configure_with(deciding_file(rig));
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig);
    wait_for_letters(rig, root, 1);
    const json::object done = decide(rig, "bob@example.com", "approve");
    CAPTURE(json::serialize(done));
    CHECK(done.at("status") == 200);
    CHECK(has(text_at(done, "page"), "Your decision is recorded"));
    CHECK(done.at("steps").as_array().size() == 4); // link, login, form, decision
    const auto all = wait_for_letters(rig, root, 3);
    CHECK(has(all[1].text, "bob@example.com reviewed the request"));
    CHECK(has(all[2].text, "The request is APPROVED"));
    CHECK(state_of(rig, id) == "APPROVED");
    const json::object again = decide(rig, "bob@example.com", "deny");
    CHECK(has(text_at(again, "page"), "Already decided"));
    CHECK_FALSE(has(hallpass->log(), "oidc-sandbox-secret"));
}

TEST_CASE("the requester and strangers decide nothing, with whatever link") {
    test::rig rig;
    rig.configure_with(deciding_file(rig));
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig);
    const auto letters = wait_for_letters(rig, root, 1);
    CHECK(has(text_at(decide(rig, "alice@example.com", "approve"), "page"), "Nothing was decided by you now")
    );
    CHECK(has(text_at(decide(rig, "dave@example.com", "approve"), "page"), "Nothing was decided by you now"));
    const std::size_t at = letters[0].text.find("http://127.0.0.1");
    std::string forged = letters[0].text.substr(at, letters[0].text.find("\r\n", at) - at);
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    const json::object refused = decide(rig, "bob@example.com", "approve", {{"link", forged}});
    CHECK(refused.at("status") == 401);
    CHECK(refused.at("page") == "not authorised\n");
    CHECK(state_of(rig, id) == "PENDING");
    CHECK(letters_to(rig, root).size() == 1);
}
