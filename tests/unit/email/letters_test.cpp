// Whole letters, held against files that a person has looked at; judge_letters.py has what others read in
// them.
#include "../services/samples.hpp"
#include "services/email/bodies.hpp"
#include "services/email/letters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace hallpass;
using namespace hallpass::test;
using namespace hallpass::services::email;
using access::request_state;

namespace {

std::string letter_of(const letter_words& words, const std::string& thread = "") {
    letter_frame frame;
    frame.from = {"Přístupy", "noreply@example.com"};
    frame.to = "alice@example.com";
    frame.id = letter_id({sample_request().id, thread.empty() ? "card" : "outcome"}, frame.to, "example.com");
    frame.thread = thread;
    frame.at = instant{std::chrono::milliseconds(1'772'334'000'000)};
    return write_letter(words, frame);
}

void check_letter(const std::string& name, const std::string& made) {
    const std::string path = std::string(GOLDEN_FOLDER) + '/' + name + ".eml";
    if (std::getenv("HALLPASS_UPDATE_GOLDEN")) {
        std::ofstream(path, std::ios::binary) << made;
        return;
    }
    std::ostringstream kept;
    kept << std::ifstream(path, std::ios::binary).rdbuf();
    CAPTURE(name);
    CHECK(made == kept.str());
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr const char* first_letter = "first@example.com";

} // namespace

TEST_CASE("a pending request, its reviews and its end as letters") {
    check_letter("pending", letter_of(card_words(approver_card(sample_request()))));
    check_letter("reviewed", letter_of(card_words(approver_card(reviewed_request()))));
    check_letter("review", letter_of(review_words(approver_card(reviewed_request()), 1), first_letter));
    check_letter(
        "outcome",
        letter_of(
            outcome_words(approver_card(resolved(reviewed_request(), request_state::denied, "Not tonight."))),
            first_letter
        )
    );
    auto promoted = resolved(reviewed_request(), request_state::promoted, "Standing access.");
    promoted.promoted_access_list = "Database on-call";
    check_letter("promoted_for_requester", letter_of(outcome_words(requester_card(promoted)), first_letter));
}

TEST_CASE("where there is no web page the commands stand in its place") {
    const access::cluster no_page{"example", ""};
    check_letter(
        "no_web_page",
        letter_of(card_words(access::make_card(sample_request(), no_page, access::audience::approver)))
    );
}

TEST_CASE("the least of a request is still a letter") {
    access::access_request request;
    request.id = "1";
    request.state = request_state::pending;
    check_letter(
        "minimal", letter_of(card_words(access::make_card(request, {}, access::audience::approver)))
    );
}

TEST_CASE("hostile words stay words") {
    auto request = hostile_request();
    request.request_reason +=
        "\n<script>alert(1)</script><img src=x onerror='x'>\r\n.\r\nBcc: eve@evil.example";
    request.user = "eve\r\nBcc: eve@evil.example";
    const auto words = card_words(approver_card(request));
    const std::string html = as_html(words);
    CHECK_FALSE(has(html, "<script"));
    CHECK_FALSE(has(html, "<img"));
    CHECK(has(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    CHECK_FALSE(has(html, "\xE2\x80\xAE"));
    const std::string letter = letter_of(words);
    CHECK_FALSE(has(letter.substr(0, letter.find("\r\n\r\n")), "\nBcc"));
    check_letter("hostile", letter);
}

TEST_CASE("a link that isn't one is none") {
    auto shown = approver_card(sample_request());
    for (const std::string wrong :
         {"javascript:alert(1)", "https://x/\" onclick=\"", "https://x/\n", "ftp://x"}) {
        shown.link = wrong;
        CHECK(card_words(shown).link.empty());
    }
}

TEST_CASE("however much there is, a letter stays within bounds, and its lines within RFC 5322's") {
    for (const std::string unit : {"x", "ž", "😀", "a\n", "<&\"'", " "}) {
        CAPTURE(unit);
        const std::string letter = letter_of(card_words(approver_card(huge_request(unit))));
        CHECK(letter.size() < 512 * 1024);
        CHECK(std::all_of(letter.begin(), letter.end(), [](char c) {
            return c == '\r' || c == '\n' || (c >= 0x20 && c < 0x7F);
        }));
        std::size_t longest = 0;
        for (std::size_t at = 0; at < letter.size();) {
            const std::size_t end = std::min(letter.find("\r\n", at), letter.size());
            longest = std::max(longest, end - at);
            at = end + 2;
        }
        CHECK(longest <= 90); // that of the Message-ID
        CHECK(has(as_plain_text(card_words(approver_card(huge_request(unit)))), "and 270 more"));
    }
}

TEST_CASE("an address may hold letters of any script before its @, and nothing that can't be seen") {
    for (const char* text : {"žofie@example.com", "用户@example.com", "a.б@xn--e1aybc.example"}) {
        CHECK(is_address(text));
        CHECK(needs_utf8(text));
    }
    CHECK_FALSE(needs_utf8("alice@example.com"));
    for (const char* text :
         {"alice@ž.example", "a\xE2\x80\x8B@example.com", "a\xE2\x80\xAE@example.com", "a\xFF@example.com",
          "a\xC2\x85@example.com", "ž..a@example.com", "ž a@example.com"}) {
        CAPTURE(text);
        CHECK_FALSE(is_address(text));
    }
}

TEST_CASE("an id is the same for the same letter, and of what an address may hold") {
    const std::string one = letter_id({"r 1>\r\n", "card"}, "a@b.c", "example.com");
    CHECK(one == letter_id({"r 1>\r\n", "card"}, "a@b.c", "example.com"));
    CHECK(one != letter_id({"r 1>\r\n", "outcome"}, "a@b.c", "example.com"));
    CHECK(one != letter_id({"r 1>\r\n", "card"}, "b@b.c", "example.com"));
    CHECK(one.find_first_of(" <>\r\n") == std::string::npos);
    CHECK(is_address(one));
}
