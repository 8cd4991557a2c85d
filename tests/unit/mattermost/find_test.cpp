#include "bench.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
namespace json = boost::json;

namespace {

const delivery_key key("request-1", "card");
constexpr std::int64_t since_ms = 1'700'000'000'000;
const instant since{std::chrono::milliseconds(since_ms)};

json::object
post_json(const std::string& id, const std::string& user, const delivery_key& about, std::int64_t made) {
    return {
        {"id", id},
        {"user_id", user},
        {"channel_id", channel_id},
        {"create_at", made},
        {"delete_at", 0},
        {"props", {{"hallpass", {{"request", about.request_id}, {"part", about.part}}}}}};
}

std::string page_of(const std::vector<json::object>& posts) {
    json::array order;
    json::object all;
    for (const json::object& post : posts) {
        order.push_back(post.at("id"));
        all[post.at("id").as_string()] = post;
    }
    return json::serialize(json::object{{"order", order}, {"posts", all}});
}

std::vector<json::object> full_page(std::int64_t made) {
    std::vector<json::object> posts;
    for (int i = 0; i < 200; ++i) {
        posts.push_back(
            post_json("other" + std::to_string(made + i), "somebody", delivery_key("x", "y"), made)
        );
    }
    return posts;
}

struct find_bench : bench {
    find_bench() { answer_with(R"({"id":"botbotbotbotbotbotbotbot01"})"); }

    result<std::optional<message_ref>> find() {
        return run([&] { return mattermost.find(address(channel_id), message_ref(), key, since); });
    }
};

} // namespace

TEST_CASE("our own post with the key is found in its channel") {
    find_bench all;
    all.answer_with(
        page_of({post_json("p2", "somebody", key, since_ms), post_json(post_id, bot_id, key, since_ms)})
    );
    const auto found = all.find();
    REQUIRE(found.has_value());
    CHECK(*found == message_ref(channel_id, post_id));
    CHECK(
        all.http.asked.at(1).url ==
        "https://mm.example/api/v4/channels/" + std::string(channel_id) + "/posts?page=0&per_page=200"
    );
}

TEST_CASE("others' posts, other keys and deleted posts aren't it, and what was read to its end isn't there") {
    find_bench all;
    auto deleted = post_json("p3", bot_id, key, since_ms);
    deleted["delete_at"] = since_ms + 1;
    all.answer_with(page_of(
        {post_json("p1", "somebody", key, since_ms),
         post_json("p2", bot_id, delivery_key("request-1", "review-1"), since_ms), deleted}
    ));
    CHECK(all.find().value() == std::nullopt);
}

TEST_CASE("it goes back page by page until before the time of the send") {
    find_bench all;
    all.answer_with(page_of(full_page(since_ms + 5000)));
    all.answer_with(page_of(full_page(since_ms - 600'000)));
    CHECK(all.find().value() == std::nullopt);
    CHECK(all.http.asked.at(2).url.ends_with("?page=1&per_page=200"));
    CHECK(all.http.asked.size() == 3);
}

TEST_CASE("a channel with too much in it, or closed to the bot, can't be asked") {
    find_bench all;
    for (int i = 0; i < 20; ++i) {
        all.answer_with(page_of(full_page(since_ms + 5000)));
    }
    CHECK(all.find().error().kind() == fault_kind::unsupported);
    all.answer_with(R"({"id":"api.context.permissions.app_error","message":"no"})", 403);
    CHECK(all.find().error().kind() == fault_kind::unsupported);
}

TEST_CASE("a failure for now stays one, and an answer without an order says nothing") {
    find_bench all;
    all.answer_with(R"({"id":"x","message":"down"})", 503);
    CHECK(all.find().error().kind() == fault_kind::transient);
    all.answer_with("{}");
    CHECK(all.find().error().kind() == fault_kind::transient);
}
