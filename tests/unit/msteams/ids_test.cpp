#include "services/msteams/ids.hpp"

#include <doctest/doctest.h>

using namespace hallpass::services::msteams;

namespace {

constexpr const char* tenant = "7e4a4700-0000-4000-8000-0000000000aa";
constexpr const char* group = "7ea30000-0000-4000-8000-000000000001";

std::string link(const std::string& path, const std::string& query) {
    return "https://teams.microsoft.com/l/" + path + "?" + query;
}

std::string good_query() {
    return std::string("groupId=") + group + "&tenantId=" + tenant;
}

} // namespace

TEST_CASE("a channel's link names tenant, team and conversation") {
    const auto found = parse_channel_link(
        link("channel/19%3Aabc%40thread.tacv2/Prod%2520Approvals", good_query() + "&ngc=true")
    );
    REQUIRE(found);
    CHECK(found->tenant == tenant);
    CHECK(found->group == group);
    CHECK(found->conversation == "19:abc@thread.tacv2");
}

TEST_CASE("what is no channel's link isn't taken for one") {
    for (const std::string& text :
         {std::string(), std::string("alice@example.com"), std::string("https://"),
          std::string("https://te?#x"), std::string("https://te/l/channel/%zz/x?"),
          link("channel/19%3Aabc%40thread.tacv2/Name", std::string("groupId=") + group),
          link("channel/19%3Aabc%40thread.tacv2/Name", std::string("groupId=1&tenantId=") + tenant),
          link("channel/19%3Aabc%40thread.tacv2", good_query()),
          link("channel/19%3Aabc%40thread.tacv2/a/b", good_query()),
          link("team/19%3Aabc%40thread.tacv2/Name", good_query()),
          link("channel/19%3Aa%2F..%2Fb%40thread.tacv2/Name", good_query()),
          link("channel/19%3Aa%3Bmessageid%3D1%40thread.tacv2/Name", good_query()),
          link("channel/a%3Aabc/Name", good_query()),
          "http" + link("channel/19%3Aabc%40thread.tacv2/N", good_query()).substr(5),
          link("channel/19%3A" + std::string(400, 'a') + "%40thread.tacv2/Name", good_query())}) {
        CAPTURE(text);
        CHECK_FALSE(parse_channel_link(text));
    }
}

TEST_CASE("a text in a filter stays one text, whatever it holds") {
    CHECK(in_filter("o'brien@example.com") == "%27o%27%27brien%40example.com%27");
    CHECK(in_filter("' or 1 eq 1") == "%27%27%27%20or%201%20eq%201%27");
    CHECK(in_filter("a&$top=1#") == "%27a%26%24top%3D1%23%27");
    CHECK(in_url("19:abc@thread.tacv2;messageid=1/..") == "19%3Aabc%40thread.tacv2%3Bmessageid%3D1%2F..");
}

TEST_CASE("ids are told from other words") {
    CHECK(is_guid("7E4A4700-0000-4000-8000-0000000000aa"));
    for (const char* text : {"19:a_b@unq.gbl.spaces", "19:x@thread.tacv2", "a:1xyz"}) {
        CHECK(is_conversation(text));
    }
    for (const char* text :
         {"", "bob@example.com", "7e4a4700-0000-4000-8000-0000000000aa", "https://x/19:a"}) {
        CHECK_FALSE(is_conversation(text));
    }
    for (const char* text :
         {"", "7e4a4700-0000-4000-8000-0000000000a", "7e4a4700-0000-4000-8000-0000000000ag",
          "7e4a470000000-4000-8000-0000000000aa", "7e4a4700x0000-4000-8000-0000000000aa"}) {
        CAPTURE(text);
        CHECK_FALSE(is_guid(text));
    }
}
