#include "load.hpp"

#include "sandbox_view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::chaos {

namespace json = boost::json;

load::load(
    const test::http_peer& control,
    std::string plugin,
    std::size_t requests,
    std::chrono::milliseconds creating,
    std::uint64_t seed
)
    : control_(control), plugin_(std::move(plugin)), wanted_(requests), creating_(creating), random_(seed) {}

std::size_t load::draw(std::size_t below) {
    return static_cast<std::size_t>(random_() % below);
}

std::deque<load::step> load::draw_steps() {
    std::deque<step> steps;
    const std::size_t reviews = draw(10);
    if (reviews < 5) {
        steps.push_back(step::bob_approves);
    }
    if (reviews < 2) {
        steps.push_back(step::carol_approves); // the second approval decides
        return steps;
    }
    const std::size_t end = draw(20);
    if (end < 6) {
        steps.push_back(step::approve);
    } else if (end < 11) {
        steps.push_back(step::deny);
    } else if (end < 15) {
        steps.push_back(step::erase);
    }
    return steps;
}

void load::create(std::size_t count) {
    const json::value made = control_.post(
        "/requests",
        json::object{
            {"user", "alice@example.com"},
            {"roles", json::array{"dba"}},
            {"reason", "chaos"},
            {"approvals", 2},
            {"n", count}}
    );
    for (const json::value& id : made.at("ids").as_array()) {
        ids_.emplace_back(id.as_string());
        if (std::deque<step> steps = draw_steps(); !steps.empty()) {
            open_.push_back({ids_.back(), std::move(steps)});
        }
    }
}

void load::take(const std::string& id, step next) const {
    const auto review = [&](const char* author) {
        control_.post(
            "/requests/" + id + "/review",
            json::object{{"author", author}, {"state", "APPROVED"}, {"reason", "fine with me"}}
        );
    };
    const auto set = [&](const char* state) {
        control_.post("/requests/" + id + "/state", json::object{{"state", state}, {"reason", "decided"}});
    };
    switch (next) {
    case step::bob_approves:
        review("bob@example.com");
        break;
    case step::carol_approves:
        review("carol@example.com");
        break;
    case step::approve:
        set("APPROVED");
        break;
    case step::deny:
        set("DENIED");
        break;
    case step::erase:
        control_.erase("/requests/" + id);
        break;
    }
}

void load::take_turn(std::chrono::milliseconds since_begin) {
    const std::chrono::duration<double> passed = since_begin;
    const double share = std::min(1.0, passed / std::chrono::duration<double>(creating_));
    const auto due = static_cast<std::size_t>(share * static_cast<double>(wanted_));
    if (due > ids_.size()) {
        create(due - ids_.size());
    }
    if (open_.empty()) {
        return;
    }
    const std::map<std::string, std::string> known = read_holders(control_, plugin_);
    for (open_request& one : open_) {
        // Not at once, so that some wait for long and some are overtaken.
        if (known.contains(one.id) && draw(3) == 0) {
            take(one.id, one.steps.front());
            one.steps.pop_front();
        }
    }
    std::erase_if(open_, [](const open_request& one) { return one.steps.empty(); });
}

} // namespace hallpass::chaos
