#include "bench.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace hallpass;
using namespace hallpass::test;
using access::delivery_key;
using access::message_ref;
using access::request_state;
using ports::mail_stage;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string header_of(const std::string& letter, const std::string& name) {
    const std::size_t at = letter.find("\r\n" + name + ": ");
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t begin = at + name.size() + 4;
    return letter.substr(begin, letter.find("\r\n", begin) - begin);
}

const std::string request_id = sample_request().id;

fault failed_post(email_bench& b) {
    const auto sent = b.run([&] {
        return b.email->post(b.alice, approver_card(sample_request()), delivery_key(request_id, "card"));
    });
    REQUIRE_FALSE(sent.has_value());
    return sent.error();
}

} // namespace

TEST_CASE("a card is one letter to one address, with an id that a second attempt has too") {
    email_bench b;
    const auto post = [&] {
        return b.email->post(b.alice, approver_card(sample_request()), delivery_key(request_id, "card"));
    };
    const auto first = b.run(post);
    REQUIRE(first.has_value());
    CHECK(first->conversation == "alice@example.com");
    const auto again = b.run(post);
    REQUIRE(again.has_value());
    CHECK(again->id == first->id);
    REQUIRE(b.mail.letters.size() == 2);
    const ports::letter& letter = b.mail.letters[0];
    CHECK(letter.from == "noreply@example.com");
    CHECK(letter.to == "alice@example.com");
    CHECK(header_of(letter.text, "Message-ID") == "<" + first->id + ">");
    CHECK(first->id.starts_with(request_id + ".card."));
    CHECK(first->id.ends_with("@example.com"));
    CHECK(header_of(letter.text, "In-Reply-To").empty());
    CHECK(header_of(letter.text, "Auto-Submitted") == "auto-generated");
    const auto other = b.run([&] {
        return b.email->post(
            access::address("bob@example.com"), approver_card(sample_request()),
            delivery_key(request_id, "card")
        );
    });
    REQUIRE(other.has_value());
    CHECK(other->id != first->id);
}

TEST_CASE("reviews and the outcome follow in the thread of the first letter") {
    email_bench b;
    const message_ref card("alice@example.com", "first@example.com");
    const auto reviewed = b.run([&] {
        return b.email->reply(
            card, approver_card(reviewed_request()), 1, delivery_key(request_id, "review-2")
        );
    });
    REQUIRE(reviewed.has_value());
    const auto ended = b.run([&] {
        return b.email->tell_outcome(
            card, approver_card(resolved(reviewed_request(), request_state::denied, "no")),
            delivery_key(request_id, "outcome")
        );
    });
    REQUIRE(ended.has_value());
    REQUIRE(b.mail.letters.size() == 2);
    for (const ports::letter& letter : b.mail.letters) {
        CHECK(header_of(letter.text, "In-Reply-To") == "<first@example.com>");
        CHECK(header_of(letter.text, "References") == "<first@example.com>");
        CHECK(letter.to == "alice@example.com");
    }
    CHECK(has(b.mail.letters[0].text, "carol@example.com"));
    CHECK(has(b.mail.letters[1].text, "The request is DENIED"));
    CHECK(reviewed->id != ended->id);
    CHECK(b.email->sends_letters());
}

TEST_CASE("a thread that upstream's program began, with angle brackets in its id, is gone on with") {
    email_bench b;
    const message_ref card("alice@example.com", "<1A.2B@host>");
    const auto ended = b.run([&] {
        return b.email->tell_outcome(
            card, approver_card(resolved(sample_request(), request_state::approved, "")),
            delivery_key(request_id, "outcome")
        );
    });
    REQUIRE(ended.has_value());
    CHECK(header_of(b.mail.letters[0].text, "In-Reply-To") == "<1A.2B@host>");
}

TEST_CASE("what the mail server refuses has its kind and its mend") {
    struct row {
        mail_stage stage;
        int code;
        const char* text;
        fault_kind kind;
        const char* said;
    };

    const std::array rows{
        row{mail_stage::greeting, 421, "421 busy", fault_kind::transient,
            "SMTP smtp.example.com:587: 421 busy"},
        row{mail_stage::greeting, 554, "554 no", fault_kind::unauthorised, "doesn't let this host in"},
        row{mail_stage::login, 535, "535 5.7.8 bad", fault_kind::unauthorised,
            "check smtp.username and smtp.password"},
        row{mail_stage::login, 454, "454 4.7.0 later", fault_kind::transient, "454"},
        row{mail_stage::login, 535, "535 5.7.139 basic", fault_kind::unauthorised, "xoauth2"},
        row{mail_stage::login, 0, "offers nothing", fault_kind::unauthorised,
            "is the port right, and smtp.auth?"},
        row{mail_stage::sender, 553, "553 not yours", fault_kind::unauthorised,
            "may smtp.username send as delivery.sender"},
        row{mail_stage::recipient, 450, "450 4.7.1 greylisted", fault_kind::transient,
            "450 4.7.1 greylisted (for alice@example.com)"},
        row{mail_stage::recipient, 550, "550 5.1.1 no such user", fault_kind::permanent, "check the address"},
        row{mail_stage::recipient, 552, "552 mailbox full", fault_kind::transient, "mailbox full"},
        row{mail_stage::recipient, 554, "554 5.7.1 Relay access denied", fault_kind::permanent,
            "does the server want a login"},
        row{mail_stage::content, 451, "451 4.3.0 later", fault_kind::transient, "451"},
        row{mail_stage::content, 554, "554 5.7.1 spam", fault_kind::permanent, "554 5.7.1 spam"},
    };
    for (const row& expected : rows) {
        CAPTURE(expected.text);
        email_bench b;
        b.mail.script.emplace_back(smtp_said(expected.stage, expected.code, expected.text));
        const fault why = failed_post(b);
        CHECK(why.kind() == expected.kind);
        CHECK_FALSE(why.uncertain());
        CHECK_MESSAGE(has(why.text(), expected.said), why.text());
    }
}

TEST_CASE("a letter of which nobody knows whether it was taken stays uncertain, and can't be looked up") {
    email_bench b;
    fault lost(fault_kind::transient, "the connection broke");
    lost.set_uncertain(true);
    b.mail.script.emplace_back(lost);
    CHECK(failed_post(b).uncertain());
    const auto found = b.run([&] {
        return b.email->find(b.alice, message_ref(), delivery_key(request_id, "card"), instant());
    });
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind() == fault_kind::unsupported);
}

TEST_CASE("a check logs in, says as whom and where, and sends nothing") {
    email_bench b;
    const auto checked = b.run([&] { return b.email->check(); });
    REQUIRE(checked.has_value());
    CHECK(*checked == "robot at smtp.example.com:587");
    CHECK(b.mail.greeted == 1);
    CHECK(b.mail.letters.empty());
    b.mail.script.emplace_back(smtp_said(mail_stage::login, 535, "535 5.7.8 bad"));
    const auto refused = b.run([&] { return b.email->check(); });
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind() == fault_kind::unauthorised);
}

TEST_CASE("addresses are resolved by themselves, and nothing that could end a command is one") {
    email_bench b;
    const auto resolve = [&](const std::string& text) {
        return b.run([&] { return b.email->resolve(text); });
    };
    CHECK(resolve(" Alice@Example.COM ")->id == "alice@example.com");
    CHECK(resolve("Alice <alice@example.com>")->id == "alice@example.com");
    CHECK(resolve("o'neil+tag@sub.example.co.uk")->id == "o'neil+tag@sub.example.co.uk");
    CHECK(resolve("Älice@Example.com")->id == "Älice@example.com"); // capitals of others may be somebody else
    for (const std::string wrong :
         {"", "alice", "alice@", "@example.com", "alice@example..com", "a lice@example.com",
          "alice@example.com>\r\nRCPT TO:<eve@evil.example", "\"a b\"@example.com", "alice@[127.0.0.1]",
          "alice@exämple.com", "alice@-x.com", "a@b,c@d", ".a@b.c", "#channel"}) {
        CAPTURE(wrong);
        const auto refused = resolve(wrong);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().kind() == fault_kind::not_found);
        CHECK(has(refused.error().text(), "correct it"));
    }
}

TEST_CASE("requesters have letters only where the operator wants it") {
    email_bench quiet;
    CHECK_FALSE(quiet.run([&] { return quiet.email->resolve_requester("alice@example.com"); })->has_value());
    auto config = email_bench::by_smtp();
    config.tell_requester = true;
    email_bench b(std::move(config));
    b.people = {{"Mallory@example.com", "mallory"}};
    const auto of = [&](const std::string& user) {
        return b.run([&] { return b.email->resolve_requester(user); });
    };
    CHECK((*of("alice@example.com"))->id == "alice@example.com");
    CHECK((*of("mallory"))->id == "mallory@example.com");
    CHECK_FALSE(of("system")->has_value());
}

TEST_CASE("upstream's list in [delivery] tells everybody of everything, and suggested reviewers") {
    auto config = email_bench::by_smtp();
    config.recipients = {"ops@example.com"};
    email_bench b(std::move(config));
    auto request = sample_request();
    request.suggested_reviewers = {"carol@example.com", "not-an-address"};
    CHECK(*b.email->recipients(request) == std::vector<std::string>{"ops@example.com", "carol@example.com"});
    CHECK_FALSE(email_bench().email->recipients(request).has_value());
}

TEST_CASE("Mailgun takes the same letter whole, and tracks nothing") {
    email_bench b(email_bench::by_mailgun());
    b.http.script.emplace_back(answer(R"({"id": "<x@mg.example.com>", "message": "Queued. Thank you."})"));
    const auto sent = b.run([&] {
        return b.email->post(b.alice, approver_card(sample_request()), delivery_key(request_id, "card"));
    });
    REQUIRE(sent.has_value());
    CHECK(sent->id.ends_with("@example.com"));
    const ports::http_request& asked = b.http.asked.at(0);
    CHECK(asked.url == "https://api.mailgun.example/v3/mg.example.com/messages.mime");
    CHECK(ports::find_header(asked.headers, "Authorization") == "Basic YXBpOmtleS0x");
    CHECK_FALSE(asked.repeatable);
    CHECK(has(asked.body, "name=\"to\"\r\n\r\nalice@example.com\r\n"));
    for (const std::string off : {"o:tracking", "o:tracking-clicks", "o:tracking-opens"}) {
        CHECK(has(asked.body, "name=\"" + off + "\"\r\n\r\nno\r\n"));
    }
    CHECK(has(asked.body, "\r\nMessage-ID: <" + sent->id + ">\r\n"));
    CHECK(has(asked.body, "name=\"message\"; filename="));
    CHECK(b.log.text.find("key-1") == std::string::npos);
}

TEST_CASE("Mailgun isn't given an address that isn't ASCII") {
    email_bench b(email_bench::by_mailgun());
    const auto sent = b.run([&] {
        return b.email->post(
            access::address("žofie@example.com"), approver_card(sample_request()),
            delivery_key(request_id, "card")
        );
    });
    REQUIRE(sent.has_error());
    CHECK(sent.error().kind() == fault_kind::permanent);
    CHECK(has(sent.error().text(), "(for žofie@example.com); name the person by another address"));
    CHECK(b.http.asked.empty());
}

TEST_CASE("what Mailgun refuses has its kind and its mend") {
    struct row {
        int status;
        const char* body;
        fault_kind kind;
        bool uncertain;
        const char* said;
    };

    const std::array rows{
        row{400, R"({"message": "'to' parameter is not a valid address"})", fault_kind::permanent, false,
            "Mailgun POST messages.mime: HTTP 400 'to' parameter is not a valid address"},
        row{401, "Forbidden", fault_kind::unauthorised, false, "check mailgun.private_key"},
        row{404, R"({"message": "Domain not found"})", fault_kind::unauthorised, false,
            "check mailgun.domain"},
        row{413, "", fault_kind::permanent, false, "HTTP 413"},
        row{429, "{}", fault_kind::rate_limited, false, "HTTP 429"},
        row{500, "<html>", fault_kind::transient, true, "HTTP 500 \"<html>\""},
        row{200, "<html>hello", fault_kind::transient, true, "isn't Mailgun's answer"},
        row{200, "{}", fault_kind::transient, true, "isn't Mailgun's answer"},
    };
    for (const row& expected : rows) {
        CAPTURE(expected.status);
        email_bench b(email_bench::by_mailgun());
        b.http.script.emplace_back(answer(expected.body, expected.status, {{"Retry-After", "7"}}));
        const fault why = failed_post(b);
        CHECK(why.kind() == expected.kind);
        CHECK(why.uncertain() == expected.uncertain);
        CHECK(why.retry_after() == std::chrono::seconds(7));
        CHECK_MESSAGE(has(why.text(), expected.said), why.text());
    }
}

TEST_CASE("a check of Mailgun looks at the domain") {
    email_bench b(email_bench::by_mailgun());
    b.http.script.emplace_back(answer(R"({"domain": {"name": "mg.example.com"}})"));
    CHECK(*b.run([&] { return b.email->check(); }) == "mg.example.com at Mailgun");
    CHECK(b.http.asked.at(0).url == "https://api.mailgun.example/v3/domains/mg.example.com");
    b.http.script.emplace_back(answer("Forbidden", 401));
    const auto refused = b.run([&] { return b.email->check(); });
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind() == fault_kind::unauthorised);
}
