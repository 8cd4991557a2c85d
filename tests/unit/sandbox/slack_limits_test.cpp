#include "sandbox/slack_limits.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

json::value plain(std::size_t characters) {
    return {{"type", "plain_text"}, {"text", std::string(characters, 'x')}};
}

json::value mrkdwn(std::size_t characters) {
    return {{"type", "mrkdwn"}, {"text", std::string(characters, 'x')}};
}

json::object section(std::size_t characters) {
    return {{"type", "section"}, {"text", mrkdwn(characters)}};
}

json::object button(std::string id, std::size_t label = 5, std::size_t value = 5) {
    return {
        {"type", "button"}, {"action_id", id}, {"text", plain(label)}, {"value", std::string(value, 'v')}};
}

json::object actions(json::array elements) {
    return {{"type", "actions"}, {"elements", std::move(elements)}};
}

json::object fields(std::size_t count, std::size_t characters) {
    json::array list;
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back(mrkdwn(characters));
    }
    return {{"type", "section"}, {"fields", std::move(list)}};
}

json::object context(std::size_t count) {
    json::array list;
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back(mrkdwn(3));
    }
    return {{"type", "context"}, {"elements", std::move(list)}};
}

json::object named(json::object block, const std::string& id) {
    block["block_id"] = id;
    return block;
}

std::string error_of(const json::array& blocks) {
    const auto refused = check_post("text", blocks);
    return refused ? refused->error : "";
}

json::array dividers(std::size_t count) {
    json::array list;
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back(json::object{{"type", "divider"}});
    }
    return list;
}

} // namespace

TEST_CASE("blocks at Slack's limits pass, one more is refused") {
    struct row {
        const char* what;
        json::array fits;
        json::array exceeds;
    };

    const row rows[] = {
        {"blocks of a message", dividers(50), dividers(51)},
        {"text of a section", {section(3000)}, {section(3001)}},
        {"a text must not be empty", {section(1)}, {section(0)}},
        {"fields of a section", {fields(10, 9)}, {fields(11, 9)}},
        {"text of a field", {fields(1, 2000)}, {fields(1, 2001)}},
        {"text of a header",
         {json::object{{"type", "header"}, {"text", plain(150)}}},
         {json::object{{"type", "header"}, {"text", plain(151)}}}},
        {"a header is plain text",
         {json::object{{"type", "header"}, {"text", plain(9)}}},
         {json::object{{"type", "header"}, {"text", mrkdwn(9)}}}},
        {"elements of a context", {context(10)}, {context(11)}},
        {"label of a button", {actions({button("a", 75)})}, {actions({button("a", 76)})}},
        {"value of a button", {actions({button("a", 5, 2000)})}, {actions({button("a", 5, 2001)})}},
        {"action ids differ within a block",
         {actions({button("a"), button("b")})},
         {actions({button("a"), button("a")})}},
        {"block ids differ within a message",
         {named(section(3), "a"), named(section(3), "b")},
         {named(section(3), "a"), named(section(3), "a")}},
        {"length of a block id",
         {named(section(3), std::string(255, 'i'))},
         {named(section(3), std::string(256, 'i'))}},
        {"kinds of blocks", {json::object{{"type", "divider"}}}, {json::object{{"type", "marquee"}}}},
    };
    for (const row& tried : rows) {
        CAPTURE(tried.what);
        CHECK(error_of(tried.fits) == "");
        CHECK(error_of(tried.exceeds) == "invalid_blocks");
    }
}

TEST_CASE("characters count, not bytes") {
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        text += "é";
    }
    const json::array blocks{{{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}}}}};
    CHECK(error_of(blocks) == "");
}

TEST_CASE("a message as a whole has limits too") {
    CHECK(error_of({section(3000), section(3000), section(3000), section(3000)}) == "");
    CHECK(
        error_of({section(3000), section(3000), section(3000), section(3000), section(3000)}) ==
        "msg_blocks_too_long"
    );
    CHECK(check_post("", {})->error == "no_text");
    CHECK_FALSE(check_post(std::string(40'000, 'x'), {}).has_value());
    CHECK(check_post(std::string(40'001, 'x'), {})->error == "msg_too_long");
    CHECK_FALSE(check_edit(std::string(4'000, 'x'), {}).has_value());
    CHECK(check_edit(std::string(4'001, 'x'), {})->error == "msg_too_long");
}
