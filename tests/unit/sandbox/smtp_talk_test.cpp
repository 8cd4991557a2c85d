// The simulated mail server refuses what a real one refuses.
#include "sandbox/email/mail_state.hpp"
#include "sandbox/email/smtp_talk.hpp"

#include <doctest/doctest.h>

using namespace hallpass::sandbox;

namespace {

constexpr const char* letter =
    "From: a@b.c\r\nDate: Sun, 01 Mar 2026 03:00:00 +0000\r\nMessage-ID: <1@b.c>\r\n"
    "Subject: =?UTF-8?B?xb4=?=\r\n =?UTF-8?B?xb4=?=\r\n\r\n..dot\r\n";
// base64 of NUL, name, NUL, password.
constexpr const char* log_in =
    "AUTH PLAIN AGFjY2Vzc0BzYW5kYm94LmV4YW1wbGUuY29tAG1haWwtc2FuZGJveC1wYXNzd29yZA==";

struct bench {
    change_signal changes;
    mail_state mail{changes};
    smtp_talk talk{mail, false};

    int code(const std::string& line) { return std::stoi(talk.answer(line).text.substr(0, 3)); }

    void enter() {
        talk.encrypted();
        REQUIRE(code("EHLO me") == 250);
        REQUIRE(code(log_in) == 235);
    }
};

} // namespace

TEST_CASE("nobody logs in or sends before TLS and a login") {
    bench b;
    CHECK(b.code("MAIL FROM:<a@b.c>") == 503);
    CHECK(b.code("EHLO me") == 250);
    CHECK(b.code(log_in) == 538);
    CHECK(b.code("MAIL FROM:<a@b.c>") == 530);
    CHECK(b.talk.answer("STARTTLS").next == smtp_talk::then::encrypt);
    b.talk.encrypted();
    CHECK(b.code("MAIL FROM:<a@b.c>") == 503); // everything said before is forgotten
    CHECK(b.code("EHLO me") == 250);
    CHECK(b.code("STARTTLS") == 502);
    CHECK(b.code("AUTH PLAIN AGEAYg==") == 535);
    CHECK(b.code(log_in) == 235);
    CHECK(b.code("MAIL FROM:<a@b.c>") == 250);
}

TEST_CASE("a letter is taken in its order, and as a mail program reads it") {
    bench b;
    b.enter();
    CHECK(b.code("DATA") == 503);
    CHECK(b.code("RCPT TO:<x@b.c>") == 503);
    CHECK(b.code("MAIL FROM:a@b.c") == 501);
    CHECK(b.code("MAIL FROM:<a@b.c>") == 250);
    CHECK(b.code("RCPT TO:<nobody>") == 501);
    CHECK(b.code("RCPT TO:<x@b.c>") == 250);
    CHECK(b.talk.answer("DATA").next == smtp_talk::then::take_letter);
    CHECK(b.talk.take(letter).text.starts_with("250"));
    REQUIRE(b.mail.letters().size() == 1);
    CHECK(b.mail.letters()[0].read.header("subject") == "žž");
    CHECK(b.mail.letters()[0].read.text == ".dot\r\n");
}

TEST_CASE("an address that isn't ASCII wants SMTPUTF8, where it is offered") {
    bench b;
    b.enter();
    CHECK(b.code("MAIL FROM:<a@b.c>") == 250);
    CHECK(b.code("RCPT TO:<ž@b.c>") == 553);
    CHECK(b.code("RSET") == 250);
    CHECK(b.code("MAIL FROM:<a@b.c> SMTPUTF8 BODY=8BITMIME") == 250);
    CHECK(b.code("RCPT TO:<ž@b.c>") == 250);
    b.mail.offers_utf8 = false;
    CHECK(b.talk.answer("EHLO me").text.find("UTF8") == std::string::npos);
    CHECK(b.code("MAIL FROM:<a@b.c> BODY=8BITMIME SMTPUTF8") == 555);
}

TEST_CASE("what isn't a letter isn't taken") {
    for (const std::string& content :
         {std::string("hello\r\n"), std::string(letter) + "a\nb\r\n",
          std::string(letter) + std::string(1000, 'x') + "\r\n", std::string("From: a@b.c\r\n\r\n")}) {
        bench b;
        b.enter();
        b.code("MAIL FROM:<a@b.c>");
        b.code("RCPT TO:<x@b.c>");
        b.talk.answer("DATA");
        CHECK(b.talk.take(content).text.starts_with("554"));
        CHECK(b.mail.letters().empty());
    }
}

TEST_CASE("rules answer otherwise, so many times, for whom they are") {
    bench b;
    b.enter();
    b.mail.add({"RCPT", "x@b.c", "450 4.7.1 later"});
    b.mail.add({".", "", "", 1, 0, true});
    b.code("MAIL FROM:<a@b.c>");
    CHECK(b.code("RCPT TO:<y@b.c>") == 250);
    CHECK(b.code("RCPT TO:<x@b.c>") == 450);
    CHECK(b.code("RCPT TO:<x@b.c>") == 250);
    b.talk.answer("DATA");
    const smtp_talk::reply lost = b.talk.take(letter);
    CHECK(lost.text.empty());
    CHECK(lost.next == smtp_talk::then::hang_up);
    CHECK(b.mail.letters().size() == 2);
}

TEST_CASE("a letter that a rule refuses at its end is the letter still, until RSET") {
    bench b;
    b.enter();
    b.mail.add({".", "", "451 4.3.0 later"});
    b.code("MAIL FROM:<a@b.c>");
    b.code("RCPT TO:<x@b.c>");
    b.talk.answer("DATA");
    CHECK(b.talk.take(letter).text.starts_with("451"));
    CHECK(b.code("MAIL FROM:<a@b.c>") == 503);
    CHECK(b.code("RSET") == 250);
    CHECK(b.code("MAIL FROM:<a@b.c>") == 250);
    CHECK(b.mail.letters().empty());
}
