// What a click costs over Socket Mode, where hallpass has no port of its own.
#include "click_stage.hpp"
#include "figures.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass::bench;
namespace json = boost::json;

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
