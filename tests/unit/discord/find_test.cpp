#include "bench.hpp"
#include "services/discord/messages.hpp"
#include "services/discord/snowflake.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <tuple>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

const delivery_key key("id-1", "card");
const instant since{std::chrono::seconds(1700000000)};
// One minute before it.
const std::uint64_t start = services::discord::first_snowflake(since - std::chrono::minutes(1));

constexpr const char* who = R"({"id":"100000000000000001","username":"hallpass"})";

std::string message(const std::string& author, const delivery_key& carried, std::uint64_t id) {
    boost::json::object made{
        {"id", std::to_string(id)},
        {"author", boost::json::object{{"id", author}}},
        {"content", "PENDING"},
        {"embeds", boost::json::array()}};
    services::discord::mark_message(made, carried);
    return boost::json::serialize(made);
}

// A hundred messages of others, the newest first, as Discord gives them.
std::string full_page(std::uint64_t from) {
    std::string all;
    for (std::uint64_t i = 100; i > 0; --i) {
        all += (all.empty() ? "" : ",") + message(bot_id, delivery_key("id-2", "card"), from + i);
    }
    return "[" + all + "]";
}

result<std::optional<message_ref>> look(bench& all, const std::string& to, const message_ref& thread = {}) {
    return all.run([&] { return all.discord.find(address(to), thread, key, since); });
}

} // namespace

TEST_CASE("a message is found by its key among others, and only where it is ours") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(
        "[" + message("999", key, start + 4) + "," +
        message(bot_id, delivery_key("id-1", "outcome"), start + 3) + "," + message(bot_id, key, start + 2) +
        ",1,null]"
    ));
    const auto found = look(all, channel_id);
    REQUIRE(found.has_value());
    CHECK(*found == message_ref(channel_id, std::to_string(start + 2)));
    CHECK(
        all.http.asked.at(1).url ==
        "https://discord.example/api/v10/channels/200000000000000001/messages?after=" +
            std::to_string(start) + "&limit=100"
    );
    CHECK(all.http.asked.at(1).pace_keys.back().name == "discord GET channels/200000000000000001/messages");
    all.check_token_is_kept();
}

TEST_CASE("a message is found by its content alone, whatever became of its embeds") {
    boost::json::object made{{"content", "x"}, {"embeds", boost::json::array()}};
    CHECK_FALSE(services::discord::carries(made, key));
    services::discord::mark_message(made, key);
    CHECK(services::discord::carries(made, key));
    CHECK_FALSE(services::discord::carries(made, delivery_key("id-1", "review-1")));
    CHECK_FALSE(services::discord::carries(made, delivery_key("d-1", "card")));
    made["content"] = 5;
    CHECK_FALSE(services::discord::carries(made, key));
}

TEST_CASE("who we are is asked once, and all pages are looked through from the oldest on") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(full_page(start)));
    all.http.script.emplace_back(answer("[" + message(bot_id, key, start + 200) + "]"));
    all.http.script.emplace_back(answer(full_page(start)));
    all.http.script.emplace_back(answer("[]"));
    all.http.script.emplace_back(
        answer(R"({"type":0,"last_message_id":")" + std::to_string(start + 100) + "\"}")
    );
    const auto found = look(all, channel_id);
    REQUIRE(found.has_value());
    CHECK(found->has_value());
    CHECK(all.http.asked.at(2).url.find("after=" + std::to_string(start + 100) + "&") != std::string::npos);
    const auto absent = look(all, channel_id);
    REQUIRE(absent.has_value());
    CHECK_FALSE(absent->has_value());
    CHECK(all.http.asked.size() == 5);
}

TEST_CASE("an empty history is the truth only where the channel has been silent") {
    const auto after_silence = [](const std::string& channel) {
        bench all;
        all.http.script.emplace_back(answer(who));
        all.http.script.emplace_back(answer("[]"));
        all.http.script.emplace_back(answer(channel));
        return look(all, channel_id);
    };
    const std::string newer = std::to_string(start + 1);
    const std::string older = std::to_string(start - 1);
    for (const std::string& channel :
         {std::string(R"({"type":0,"last_message_id":null})"), std::string(R"({"type":0})"),
          R"({"type":0,"last_message_id":")" + older + "\"}",
          R"({"type":1,"last_message_id":")" + newer + "\"}"}) {
        CAPTURE(channel);
        const auto absent = after_silence(channel);
        REQUIRE(absent.has_value());
        CHECK_FALSE(absent->has_value());
    }
    const auto hidden = after_silence(R"({"type":0,"last_message_id":")" + newer + "\"}");
    REQUIRE(hidden.has_error());
    CHECK(hidden.error().kind() == fault_kind::unsupported);
    CHECK(hidden.error().text().find("Read Message History") != std::string::npos);
    const auto odd = after_silence("{}");
    REQUIRE(odd.has_error());
    CHECK(odd.error().kind() == fault_kind::transient);
}

TEST_CASE("a person's message is looked for in the direct channel, and a reply after its message") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(R"({"id":"400000000000000001","type":1})"));
    all.http.script.emplace_back(answer("[" + message(bot_id, key, start + 5) + "]"));
    const auto found = look(all, "@300000000000000001");
    REQUIRE(found.has_value());
    CHECK(*found == message_ref(direct_id, std::to_string(start + 5)));

    all.http.script.emplace_back(answer("[" + message(bot_id, key, start + 9) + "]"));
    const auto reply = look(all, channel_id, message_ref(channel_id, std::to_string(start + 7)));
    REQUIRE(reply.has_value());
    CHECK(reply->has_value());
    CHECK(all.http.asked.back().url.find("after=" + std::to_string(start + 7) + "&") != std::string::npos);
}

TEST_CASE("where the bot may not read, it says that it can't know") {
    for (const int code : {50001, 50013, 10003}) {
        CAPTURE(code);
        bench all;
        all.http.script.emplace_back(answer(who));
        all.http.script.emplace_back(answer(R"({"message":"no","code":)" + std::to_string(code) + "}", 403));
        const auto found = look(all, channel_id);
        REQUIRE(found.has_error());
        CHECK(found.error().kind() == fault_kind::unsupported);
    }
}

TEST_CASE("not having seen everything is not the same as not there") {
    bench all;
    all.http.script.emplace_back(answer(who));
    for (std::uint64_t i = 0; i < 30; ++i) {
        all.http.script.emplace_back(answer(full_page(start + 1000 * i)));
    }
    const auto found = look(all, channel_id);
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
    CHECK(all.http.asked.size() == 21);

    bench turning;
    turning.http.script.emplace_back(answer(who));
    turning.http.script.emplace_back(answer(full_page(start)));
    turning.http.script.emplace_back(answer(full_page(start)));
    const auto again = look(turning, channel_id);
    REQUIRE(again.has_error());
    CHECK(again.error().kind() == fault_kind::transient);

    bench later;
    later.http.script.emplace_back(answer(who));
    later.http.script.emplace_back(answer(R"({"message":"x","retry_after":30.5})", 429));
    const auto limited = look(later, channel_id);
    REQUIRE(limited.has_error());
    CHECK(limited.error().kind() == fault_kind::rate_limited);
    CHECK(limited.error().retry_after() == std::chrono::milliseconds(30'500));

    bench strange;
    strange.http.script.emplace_back(answer(who));
    strange.http.script.emplace_back(answer("{}"));
    const auto no_list = look(strange, channel_id);
    REQUIRE(no_list.has_error());
    CHECK(no_list.error().kind() == fault_kind::transient);
}

TEST_CASE("a look-up ends in time: slow answers are tried again, many of them can't be looked through") {
    using std::chrono::milliseconds;
    for (const auto& [each, pages, kind] :
         {std::tuple(milliseconds(4000), 3U, fault_kind::transient),
          std::tuple(milliseconds(1500), 7U, fault_kind::unsupported)}) {
        CAPTURE(pages);
        bench slow;
        slow.http.script.emplace_back(answer(who));
        for (std::uint64_t i = 0; i < 30; ++i) {
            slow.http.script.emplace_back(answer(full_page(start + 1000 * i)));
        }
        slow.http.when_asked = [&slow, each = each] {
            slow.time.time += slow.http.asked.size() > 1 ? each : milliseconds(0);
        };
        const auto found = look(slow, channel_id);
        REQUIRE(found.has_error());
        CHECK(found.error().kind() == kind);
        CHECK(slow.http.asked.size() == 1 + pages);
        CHECK(slow.http.asked.at(pages).deadline == milliseconds(10'000) - each * (pages - 1));
    }
}
