// What a click costs over Socket Mode and over Discord's Gateway, where hallpass has no port of its own, and
// how many they bring.
#include "click_stage.hpp"
#include "figures.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace hallpass::bench;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// A thousand a second are offered for ten seconds, by so many people that nobody's click waits for another's
// answer. `click` is called by several threads, and says whether a form was opened.
void offer_a_thousand_a_second(const char* what, const std::function<bool(std::size_t)>& click) {
    constexpr std::size_t clicks = 10'000;
    constexpr std::size_t people = 16;
    figures opened;
    std::mutex mutex;
    auto last = clock_type::now();
    const auto begun = last;
    const auto one_person = [&](std::size_t number) {
        for (std::size_t i = number; i < clicks; i += people) {
            std::this_thread::sleep_until(begun + i * 1ms);
            const auto begin = clock_type::now();
            const bool fine = click(i);
            const auto end = clock_type::now();
            const std::scoped_lock lock(mutex);
            opened.add(end - begin);
            opened.lost += fine ? 0U : 1U;
            last = std::max(last, end);
        }
    };
    std::vector<std::thread> all;
    for (std::size_t number = 0; number < people; ++number) {
        all.emplace_back(one_person, number);
    }
    for (std::thread& one : all) {
        one.join();
    }
    print_head();
    opened.print(what);
    std::printf(
        "%.0f clicks a second answered\n",
        static_cast<double>(clicks) / std::chrono::duration<double>(last - begun).count()
    );
    CHECK(opened.lost == 0);
}

} // namespace

TEST_CASE("from a click to the person who is told over Socket Mode, one after another") {
    constexpr std::size_t decisions = 500;
    click_stage on(decisions, clicks_by::socket_mode);
    figures opened;
    figures told;
    for (const auto& message : on.messages()) {
        const json::object click{
            {"user", bob}, {"channel", channel_id}, {"ts", message.ts}, {"action", "approve"}};
        auto begin = clock_type::now();
        const auto clicked = on.world().use_slack("click", click);
        opened.add(clock_type::now() - begin);
        if (!clicked || clicked->at("status") != 200 || !clicked->at("view").is_object()) {
            ++opened.lost;
            continue;
        }
        const json::object form{
            {"view_id", clicked->at("view").at("id")},
            {"user", bob},
            {"values", json::object{{"reason", "fine"}, {"confirm", true}}}};
        begin = clock_type::now();
        const auto sent = on.world().use_slack("submit", form);
        told.add(clock_type::now() - begin);
        const bool is_told =
            sent && json::serialize(sent->at("answer")).find("approved") != std::string::npos;
        told.lost += is_told ? 0U : 1U;
    }
    print_head();
    opened.print("Socket Mode: click to form");
    told.print("Socket Mode: form sent to review accepted and person told");
    CHECK(opened.lost == 0);
    CHECK(told.lost == 0);
    CHECK(on.approved() == decisions);
}

TEST_CASE("a thousand clicks a second for ten seconds over Socket Mode") {
    click_stage on(100, clicks_by::socket_mode);
    offer_a_thousand_a_second("Socket Mode: click to form, 1,000 a second offered", [&](std::size_t i) {
        const auto& message = on.messages().at(i % on.messages().size());
        const auto clicked = on.world().use_slack(
            "click", {{"user", bob}, {"channel", channel_id}, {"ts", message.ts}, {"action", "approve"}}
        );
        return clicked && clicked->at("status") == 200 && clicked->at("view").is_object();
    });
}

TEST_CASE("from a click to the person who is told over the Gateway, one after another") {
    constexpr std::size_t decisions = 50; // Discord lets five messages a second into a channel
    click_stage on(decisions, clicks_by::gateway);
    figures opened;
    figures told;
    for (const std::string& message : on.discord_messages()) {
        auto begin = clock_type::now();
        const auto clicked = on.world().use_discord(
            "click", {{"user", discord::bob},
                      {"channel", discord::channel_id},
                      {"message", message},
                      {"action", "approve"}}
        );
        opened.add(clock_type::now() - begin);
        if (!clicked || clicked->at("status") != 200 || !clicked->at("modal").is_object()) {
            ++opened.lost;
            continue;
        }
        const json::object form{
            {"modal", clicked->at("modal").at("id")},
            {"user", discord::bob},
            {"values", json::object{{"reason", "fine"}}}};
        begin = clock_type::now();
        const auto sent = on.world().use_discord("submit", form);
        told.add(clock_type::now() - begin);
        const bool is_told =
            sent && json::serialize(sent->at("answer")).find("approved") != std::string::npos;
        told.lost += is_told ? 0U : 1U;
    }
    print_head();
    opened.print("Gateway: click to form");
    told.print("Gateway: form sent to review accepted and person told");
    CHECK(opened.lost == 0);
    CHECK(told.lost == 0);
    CHECK(on.approved() == decisions);
}

TEST_CASE("a thousand clicks a second for ten seconds over the Gateway") {
    click_stage on(20, clicks_by::gateway);
    offer_a_thousand_a_second("Gateway: click to form, 1,000 a second offered", [&](std::size_t i) {
        const auto clicked = on.world().use_discord(
            "click", {{"user", discord::bob},
                      {"channel", discord::channel_id},
                      {"message", on.discord_messages().at(i % on.discord_messages().size())},
                      {"action", "approve"}}
        );
        return clicked && clicked->at("status") == 200 && clicked->at("modal").is_object();
    });
}
