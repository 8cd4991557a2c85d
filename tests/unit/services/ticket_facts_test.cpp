#include "base/base64.hpp"
#include "services/ticket_facts.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using access::delivery_key;

TEST_CASE("base 64 is RFC 4648's") {
    for (const auto& [plain, coded] :
         {std::pair("", ""), std::pair("f", "Zg=="), std::pair("fo", "Zm8="), std::pair("foo", "Zm9v"),
          std::pair("foobar", "Zm9vYmFy"), std::pair("\xff\xfe\xfd", "//79")}) {
        CHECK(to_base64(plain) == coded);
    }
}

TEST_CASE("a mark is of plain characters, and counts on the last line alone") {
    const delivery_key key("0195-a", "review-1");
    CHECK(mark_text(key) == "hallpass 0195-a review-1");
    CHECK(mark_text(delivery_key("a\n*b* <c>", "card")) == "hallpass a--b---c- card");
    CHECK(mark_text(delivery_key(std::string(5000, 'x'), std::string(5000, 'y'))).size() <= 160);
    CHECK(ends_with_mark("hello\nhallpass 0195-a review-1\n", key));
    CHECK(ends_with_mark("hallpass 0195-a review-1", key));
    CHECK_FALSE(ends_with_mark("hallpass 0195-a review-1\nbye", key));
    CHECK_FALSE(ends_with_mark("x hallpass 0195-a review-1", key));
    CHECK_FALSE(ends_with_mark("hallpass 0195-a review-12", key));
    CHECK_FALSE(ends_with_mark("", key));
}

TEST_CASE("what is empty still has a name, and a link that could break out is left out") {
    access::card shown;
    shown.link = "https://example.com/](x)";
    shown.approve_command = "tsh approve 1";
    const std::string text = plain_text(request_facts(shown, {10, 10, 10, 1, 1, 1, 1}));
    CHECK(text == "User: (empty)\nRequest: (empty)\nApprove with: tsh approve 1");
    shown.roles = {"a", "b", "c"};
    CHECK(
        plain_text(request_facts(shown, {10, 10, 10, 2, 1, 1, 1})).find("Roles: a, b and 1 more") !=
        std::string::npos
    );
}
