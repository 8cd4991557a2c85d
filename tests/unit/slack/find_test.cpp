#include "bench.hpp"
#include "services/slack/history.hpp"
#include "services/slack/messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <tuple>
#include <vector>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

const delivery_key key("id-1", "card");
const instant since{std::chrono::seconds(1700000000)};

constexpr const char* who = R"({"ok":true,"user_id":"U0000BOT1","bot_id":"B0000BOT1"})";

std::string message(const std::string& bot, const delivery_key& carried, const std::string& ts) {
    boost::json::object made{
        {"bot_id", bot}, {"ts", ts}, {"blocks", boost::json::array{boost::json::object()}}};
    services::slack::mark_message(made, carried);
    return boost::json::serialize(made);
}

std::string page(const std::string& messages, const std::string& cursor = "") {
    return R"({"ok":true,"messages":[)" + messages + R"(],"response_metadata":{"next_cursor":")" + cursor +
           "\"}}";
}

result<std::optional<message_ref>> look(bench& all, const std::string& to, const message_ref& thread = {}) {
    return all.run([&] { return all.slack.find(address(to), thread, key, since); });
}

} // namespace

TEST_CASE("a message is found by its key among others, and only where it is ours") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page(
        message("B0000EVIL", key, "9.9") + "," +
        message("B0000BOT1", delivery_key("id-1", "outcome"), "8.8") + "," +
        message("B0000BOT1", key, "1.2") + ",1,null"
    )));
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("C0123ABCD", "1.2"));
    CHECK(
        all.http.asked.at(1).url ==
        "https://slack.example/api/"
        "conversations.history?channel=C0123ABCD&include_all_metadata=true&inclusive=true"
        "&oldest=1699999940.000000&limit=200"
    );
    all.check_token_is_kept();
}

TEST_CASE("who we are is asked once, and all pages are looked through") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page("", "next=1")));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "1.2"))));
    all.http.script.emplace_back(answer(page("")));
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_value());
    CHECK(found->has_value());
    CHECK(all.http.asked.at(2).url.ends_with("&cursor=next%3D1"));
    const auto absent = look(all, "C0123ABCD");
    REQUIRE(absent.has_value());
    CHECK_FALSE(absent->has_value());
    CHECK(all.http.asked.size() == 4);
}

TEST_CASE("a user's address is looked up in the direct conversation with them") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":{"id":"D0123ABCD"}})"));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "1.2"))));
    const auto found = look(all, "U0123ABCD");
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("D0123ABCD", "1.2"));
    CHECK(all.http.asked.at(1).url == "https://slack.example/api/conversations.open");
    CHECK(all.body_of(1).at("users") == "U0123ABCD");
}

TEST_CASE("a reply is looked for in its thread") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "3.4"))));
    const auto found = look(all, "access-requests", message_ref("C0123ABCD", "1.2"));
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("C0123ABCD", "3.4"));
    CHECK(all.http.asked.at(1).url.find("conversations.replies?channel=C0123ABCD&") != std::string::npos);
    CHECK(all.http.asked.at(1).url.find("&ts=1.2") != std::string::npos);
}

TEST_CASE("a channel's name becomes its id: remembered from a post, or looked for") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2"})"));
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page("")));
    const auto sent = all.run([&] { return all.slack.post(address("posted"), {}, key); });
    REQUIRE(sent.has_value());
    CHECK(look(all, "posted").has_value());
    CHECK(all.http.asked.at(2).url.find("history?channel=C0123ABCD&") != std::string::npos);

    all.http.script.emplace_back(answer(
        R"({"ok":true,"channels":[{"id":"C9","name":"other"}],"response_metadata":{"next_cursor":"x"}})"
    ));
    all.http.script.emplace_back(answer(R"({"ok":true,"channels":[{"id":"C0456ABCD","name":"listed"}]})"));
    all.http.script.emplace_back(answer(page("")));
    CHECK(look(all, "listed").has_value());
    CHECK(all.http.asked.at(5).url.find("history?channel=C0456ABCD&") != std::string::npos);

    all.http.script.emplace_back(answer(R"({"ok":true,"channels":[]})"));
    const auto unknown = look(all, "unknown");
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().kind() == fault_kind::unsupported);
}

TEST_CASE("where the app may not read, it says that it can't know") {
    for (const auto* code : {"missing_scope", "not_in_channel", "channel_not_found"}) {
        CAPTURE(code);
        bench all;
        all.http.script.emplace_back(answer(who));
        all.http.script.emplace_back(answer(R"({"ok":false,"error":")" + std::string(code) + "\"}"));
        const auto found = look(all, "C0123ABCD");
        REQUIRE(found.has_error());
        CHECK(found.error().kind() == fault_kind::unsupported);
    }
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"missing_scope","needed":"im:write"})"));
    const auto found = look(all, "U0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
}

TEST_CASE("not having seen everything is not the same as not there") {
    bench all;
    all.http.script.emplace_back(answer(who));
    for (int i = 0; i < 30; ++i) {
        all.http.script.emplace_back(answer(page("", "more")));
    }
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
    CHECK(all.http.asked.size() == 21);
    bench later;
    later.http.script.emplace_back(answer(who));
    later.http.script.emplace_back(answer("", 502));
    const auto failed = look(later, "C0123ABCD");
    REQUIRE(failed.has_error());
    CHECK(failed.error().kind() == fault_kind::transient);
}

TEST_CASE("a look-up that is told to wait is rate limited, with the time") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer("", 429, {{"Retry-After", "30"}}));
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::rate_limited);
    CHECK(found.error().retry_after() == std::chrono::seconds(30));
}

TEST_CASE("an app that may read 15 messages a minute can't answer, if they don't hold the message") {
    std::string others;
    for (int i = 0; i < 15; ++i) {
        others += (others.empty() ? "" : ",") + message("B0000BOT1", delivery_key("id-2", "card"), "1.1");
    }
    bench restricted;
    restricted.http.script.emplace_back(answer(who));
    restricted.http.script.emplace_back(answer(page(others, "more")));
    restricted.http.script.emplace_back(answer("", 429, {{"Retry-After", "60"}}));
    const auto found = look(restricted, "C0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
    CHECK(found.error().text().find("outside its Marketplace") != std::string::npos);
    CHECK(restricted.http.asked.size() == 3);

    bench limited;
    limited.http.script.emplace_back(answer(who));
    limited.http.script.emplace_back(
        answer(page(others + "," + message("B0000BOT1", delivery_key("id-3", "card"), "1.1"), "more"))
    );
    limited.http.script.emplace_back(answer("", 429, {{"Retry-After", "60"}}));
    const auto later = look(limited, "C0123ABCD");
    REQUIRE(later.has_error());
    CHECK(later.error().kind() == fault_kind::rate_limited);
}

TEST_CASE("an answer without messages, or with more of them but no way to get at it, is not an end") {
    bench empty;
    empty.http.script.emplace_back(answer(who));
    empty.http.script.emplace_back(answer(R"({"ok":true})"));
    const auto nothing = look(empty, "C0123ABCD");
    REQUIRE(nothing.has_error());
    CHECK(nothing.error().kind() == fault_kind::transient);

    bench cut;
    cut.http.script.emplace_back(answer(who));
    cut.http.script.emplace_back(answer(R"({"ok":true,"messages":[],"has_more":true})"));
    const auto more = look(cut, "C0123ABCD");
    REQUIRE(more.has_error());
    CHECK(more.error().kind() == fault_kind::unsupported);

    bench unnamed;
    unnamed.http.script.emplace_back(answer(who));
    unnamed.http.script.emplace_back(answer(R"({"ok":true})"));
    const auto listed = look(unnamed, "access-requests");
    REQUIRE(listed.has_error());
    CHECK(listed.error().kind() == fault_kind::transient);
}

TEST_CASE("a look-up ends in time: slow answers are tried again, many of them can't be looked through") {
    using std::chrono::milliseconds;
    for (const auto& [each, pages, kind] :
         {std::tuple(milliseconds(4000), 3U, fault_kind::transient),
          std::tuple(milliseconds(1500), 7U, fault_kind::unsupported)}) {
        CAPTURE(pages);
        bench slow;
        slow.http.script.emplace_back(answer(who));
        for (unsigned i = 0; i < 30; ++i) {
            slow.http.script.emplace_back(answer(page("", "more")));
        }
        slow.http.when_asked = [&slow, each = each] {
            slow.time.time += slow.http.asked.size() > 1 ? each : milliseconds(0);
        };
        const auto found = look(slow, "C0123ABCD");
        REQUIRE(found.has_error());
        CHECK(found.error().kind() == kind);
        CHECK(slow.http.asked.size() == 1 + pages);
        CHECK(slow.http.asked.at(1).deadline == milliseconds(10'000));
        CHECK(slow.http.asked.at(pages).deadline == milliseconds(10'000) - each * (pages - 1));
    }
}

TEST_CASE("the outcome is looked for beside the message, not in its thread") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "5.6"))));
    const auto found = look(all, "U0123ABCD", message_ref("D0123ABCD", ""));
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("D0123ABCD", "5.6"));
    CHECK(all.http.asked.at(1).url.find("conversations.history?channel=D0123ABCD&") != std::string::npos);
}

TEST_CASE("where it can't be told who we are, it can't be told what is ours") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"some_new_error"})"));
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
}

TEST_CASE("a channel's name in a workspace of too many channels is too much to look for") {
    bench all;
    all.http.script.emplace_back(answer(who));
    for (int i = 0; i < 30; ++i) {
        all.http.script.emplace_back(
            answer(R"({"ok":true,"channels":[],"response_metadata":{"next_cursor":"x"}})")
        );
    }
    const auto found = look(all, "access-requests");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
    CHECK(found.error().text().find("too many channels") != std::string::npos);
    CHECK(all.http.asked.size() == 21);
}

namespace {

using found_message = result<std::optional<message_ref>>;

// Looks for the card of each request at once, with the transport held until all have begun.
std::vector<found_message>
look_together(bench& all, const std::string& to, const std::vector<std::string>& requests) {
    std::vector<std::optional<found_message>> got(requests.size());
    all.http.hold();
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto look_for = [](bench* with, std::string where, std::string request,
                                 std::optional<found_message>* into) -> boost::asio::awaitable<void> {
            const delivery_key wanted(request, "card");
            found_message made = co_await with->slack.find(address(where), message_ref(), wanted, since);
            into->emplace(std::move(made));
        };
        const auto rethrow = [](const std::exception_ptr& thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        };
        boost::asio::co_spawn(all.context, look_for(&all, to, requests[i], &got[i]), rethrow);
    }
    all.context.restart();
    all.context.poll();
    all.http.release();
    all.context.run_for(std::chrono::seconds(10));
    std::vector<found_message> outcomes;
    for (const std::optional<found_message>& one : got) {
        REQUIRE(one.has_value());
        outcomes.push_back(*one);
    }
    return outcomes;
}

std::string urls(const bench& all) {
    std::string text;
    for (const auto& one : all.http.asked) {
        text += one.url + "\n";
    }
    return text;
}

void know_ourselves(bench& all) {
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page("")));
    look(all, "C0123ABCD");
}

std::string card_of(const std::string& request, const std::string& ts) {
    return message("B0000BOT1", delivery_key(request, "card"), ts);
}

} // namespace

TEST_CASE("those who look in one channel at once are served by one reading") {
    bench all;
    know_ourselves(all);
    // Who asked first reads alone; the others join the reading after it.
    all.http.script.emplace_back(answer(page(card_of("r0", "1.0"))));
    all.http.script.emplace_back(answer(page(card_of("r1", "1.1"), "more")));
    all.http.script.emplace_back(answer(page(card_of("r2", "1.2"))));
    const auto found = look_together(all, "C0123ABCD", {"r0", "r1", "r2", "r3"});
    CAPTURE(urls(all));
    REQUIRE(found.size() == 4);
    CHECK(found[0].value() == message_ref("C0123ABCD", "1.0"));
    CHECK(found[1].value() == message_ref("C0123ABCD", "1.1"));
    CHECK(found[2].value() == message_ref("C0123ABCD", "1.2"));
    CHECK(found[3].value() == std::nullopt);
    CHECK(all.http.asked.size() == 5);
}

TEST_CASE("a reading that fails fails for those who weren't found before, and for nobody after") {
    bench all;
    know_ourselves(all);
    all.http.script.emplace_back(answer(page("")));
    all.http.script.emplace_back(answer(page(card_of("r1", "1.1"), "more")));
    all.http.script.emplace_back(answer("", 503));
    const auto found = look_together(all, "C0123ABCD", {"r0", "r1", "r2"});
    REQUIRE(found.size() == 3);
    CHECK(found[0].value() == std::nullopt);
    CHECK(found[1].value() == message_ref("C0123ABCD", "1.1"));
    REQUIRE(found[2].has_error());
    CHECK(found[2].error().kind() == fault_kind::transient);
    all.http.script.emplace_back(answer(page(card_of("r2", "1.2"))));
    const auto again = look_together(all, "C0123ABCD", {"r2"});
    CHECK(again[0].value() == message_ref("C0123ABCD", "1.2"));
}

TEST_CASE("those who look again at once disturb nobody who comes meanwhile") {
    const auto look_for = [](bench* with, int turns_before, int times) -> boost::asio::awaitable<int> {
        for (int i = 0; i < turns_before; ++i) {
            co_await boost::asio::post(boost::asio::use_awaitable);
        }
        const delivery_key wanted("r0", "card");
        int found = 0;
        for (int i = 0; i < times; ++i) {
            const found_message made =
                co_await with->slack.find(address("C0123ABCD"), message_ref(), wanted, since);
            found += made.has_value() && *made == message_ref("C0123ABCD", "1.0") ? 1 : 0;
        }
        co_return found;
    };
    for (int turns_before = 0; turns_before < 40; ++turns_before) {
        CAPTURE(turns_before);
        bench all;
        know_ourselves(all);
        all.http.script.assign(20, answer(page(card_of("r0", "1.0"))));
        // Each answer comes later than what else is to be done.
        all.http.when_asked = [&all] {
            all.http.hold();
            boost::asio::post(all.context, [&all] { all.http.release(); });
        };
        int found = 0;
        const auto add = [&found](const std::exception_ptr& thrown, int here) {
            CHECK(thrown == nullptr);
            found += here;
        };
        for (int i = 0; i < 4; ++i) {
            boost::asio::co_spawn(all.context, look_for(&all, 0, 2), add);
        }
        for (int i = 0; i < 3; ++i) {
            boost::asio::co_spawn(all.context, look_for(&all, turns_before, 2), add);
        }
        all.context.restart();
        all.context.run_for(std::chrono::seconds(10));
        CHECK(found == 7 * 2);
    }
}

TEST_CASE("who we are, and the direct conversation with a person, is asked once") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":{"id":"D0123ABCD"}})"));
    for (int i = 0; i < 4; ++i) {
        all.http.script.emplace_back(answer(page("")));
    }
    look_together(all, "U0123ABCD", {"r0", "r1", "r2"});
    look_together(all, "U0123ABCD", {"r4"});
    const std::string asked = urls(all);
    CHECK(asked.find("auth.test") == asked.rfind("auth.test"));
    CHECK(asked.find("conversations.open") == asked.rfind("conversations.open"));
    CHECK(asked.find("history?channel=D0123ABCD") != std::string::npos);
}
