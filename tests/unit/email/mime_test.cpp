#include "services/email/mime.hpp"

#include <doctest/doctest.h>

using namespace hallpass::services::email;

namespace {

mime_letter sample() {
    mime_letter made;
    made.from = {"Access Requests", "noreply@example.com"};
    made.to = "alice@example.com";
    made.subject = "Hello";
    made.date = date_text(0);
    made.id = "1@example.com";
    made.boundary = "=_b";
    made.plain_text = "hi\n";
    made.html = "<p>hi</p>\n";
    return made;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("plain words stay plain in a header, others are encoded in words of at most 75 characters") {
    CHECK(encoded_words("alice: role request") == "alice: role request");
    CHECK(encoded_words("Žluťoučký") == "=?UTF-8?B?xb1sdcWlb3XEjWvDvQ==?=");
    CHECK(encoded_words("=?UTF-8?B?eA==?=") != "=?UTF-8?B?eA==?=");
    std::string chinese;
    for (int i = 0; i < 60; ++i) {
        chinese += "訪";
    }
    const std::string words = encoded_words(chinese);
    for (std::size_t at = 0; at != std::string::npos;) {
        const std::size_t end = words.find("\r\n", at);
        CHECK(words.substr(at, end == std::string::npos ? end : end - at).size() <= 76);
        at = end == std::string::npos ? end : end + 2;
    }
}

TEST_CASE("no text breaks out of its header") {
    mime_letter letter = sample();
    letter.subject = "x\r\nBcc: eve@evil.example\r\n\r\nbody";
    letter.from.name = "\"x\"\r\nBcc: eve@evil.example";
    letter.id = "1\r\nBcc: eve@evil.example";
    letter.references = {"2\nBcc: eve@evil.example"};
    letter.further_headers = {{"X-Test", "a\nBcc: eve@evil.example"}};
    const std::string text = compose(letter);
    CHECK_FALSE(has(text, "\nBcc:"));
    CHECK_FALSE(has(text, "\rBcc:"));
    CHECK(text.find("\r\n\r\n") > text.find("MIME-Version"));
}

TEST_CASE("quoted-printable keeps lines short and hides no line's end") {
    CHECK(quoted_printable("a=b\n") == "a=3Db\r\n");
    CHECK(quoted_printable("ends with a space \nx") == "ends with a space=20\r\nx");
    CHECK(quoted_printable("tab\t\r\n") == "tab=09=0D\r\n");
    CHECK(quoted_printable("ž") == "=C5=BE");
    const std::string text = quoted_printable(std::string(1000, 'x') + "žžžž\n");
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find("\r\n", at);
        REQUIRE(end != std::string::npos);
        CHECK(end - at <= 76);
        at = end + 2;
    }
}

TEST_CASE("dates are RFC 5322's") {
    CHECK(date_text(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
    CHECK(date_text(1'772'334'000) == "Sun, 01 Mar 2026 03:00:00 +0000");
}
