#include "mail/smtp_reply.hpp"
#include "mail/transparency.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace hallpass::mail;

TEST_CASE("a reply is whole with its last line, however it arrives") {
    const std::string bytes = "250-mail.test\r\n250-SIZE 1000\r\n250 OK\r\n354 go on\r\n";
    for (std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        CAPTURE(step);
        reply_reader reader;
        std::vector<smtp_reply> all;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            REQUIRE(reader.feed(std::string_view(bytes).substr(at, step)));
            while (auto one = reader.take()) {
                all.push_back(*one);
            }
        }
        REQUIRE(all.size() == 2);
        CHECK(all[0].code == 250);
        CHECK(all[0].text == "250 mail.test SIZE 1000 OK");
        CHECK(all[1].code == 354);
        CHECK_FALSE(reader.holds_bytes());
    }
}

TEST_CASE("what is no reply is refused, and so is one without an end") {
    for (const std::string bytes :
         {"hello\r\n", "25\r\n", "2500 x\r\n", "150 x\r\n", "650 x\r\n", "250-a\r\n550 b\r\n", "\r\n"}) {
        CAPTURE(bytes);
        CHECK_FALSE(reply_reader().feed(bytes));
    }
    reply_reader long_line;
    CHECK_FALSE(long_line.feed("250 " + std::string(longest_reply, 'x')));
    reply_reader many_lines;
    bool sound = true;
    for (std::size_t i = 0; i < longest_reply && sound; ++i) {
        sound = many_lines.feed("250-x\r\n");
    }
    CHECK_FALSE(sound);
}

TEST_CASE("nothing of a reply breaks a line of the log") {
    reply_reader reader;
    REQUIRE(reader.feed("550 a\x1b[31m\xff " + std::string(1000, 'y') + "\n"));
    const auto reply = reader.take();
    REQUIRE(reply);
    CHECK(reply->text.size() <= 400);
    CHECK(reply->text.find('\x1b') == std::string::npos);
}

TEST_CASE("a letter can't end before its end") {
    CHECK(with_transparency("a\r\n.\r\nMAIL FROM:<x>\r\n") == "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n");
    CHECK(with_transparency("a\n.\nb") == "a\r\n..\r\nb\r\n.\r\n");
    CHECK(with_transparency("a\r.\rb\r\n") == "a\r\n..\r\nb\r\n.\r\n");
    CHECK(with_transparency("") == ".\r\n");
}
