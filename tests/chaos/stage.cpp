#include "stage.hpp"

#include "chat_messages.hpp"
#include "sandbox_view.hpp"
#include "service_row.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::chaos {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t recipients = 3;

std::set<std::string> announced_everywhere(const std::vector<shown_message>& shown) {
    std::map<std::string, std::set<std::string>> channels;
    std::set<std::string> complete;
    for (const shown_message& message : shown) {
        if (message.part == "card") {
            channels[message.request_id].insert(message.place);
            if (channels[message.request_id].size() == recipients) {
                complete.insert(message.request_id);
            }
        }
    }
    return complete;
}

} // namespace

stage::stage(std::size_t size)
    : instances(world, size, slack_sections(world, R"(["access-requests", "dba-requests"])")) {}

void stage::tell(const std::string& path, json::object body) const {
    world.control().post(path, std::move(body));
}

void stage::create(std::size_t count) {
    const json::value made = world.control().post(
        "/requests", json::object{{"user", "alice@example.com"}, {"roles", json::array{"dba"}}, {"n", count}}
    );
    for (const json::value& id : made.at("ids").as_array()) {
        ids_.emplace_back(id.as_string());
    }
}

void stage::hold_sends() const {
    tell("/delay", {{"method", "chat.postMessage"}, {"ms", 3000}});
    tell("/fail", {{"method", "chat.postMessage"}, {"status", 500}, {"percent", 100}});
}

std::map<std::string, std::set<std::string>> stage::claims_held() const {
    std::map<std::string, std::set<std::string>> by_holder;
    for (const auto& [id, holder] : read_holders(world.control())) {
        if (!holder.empty()) {
            by_holder[holder].insert(id);
        }
    }
    return by_holder;
}

bool stage::all_claimed_by_one() const {
    const auto held = claims_held();
    return held.size() == 1 && held.begin()->second.size() == ids_.size();
}

std::map<std::string, double>
stage::times_until_announced(clock_type::time_point begin, std::chrono::milliseconds limit) {
    const std::set<std::string> before = announced_everywhere(slack_messages(world.control(), false));
    std::map<std::string, double> times;
    test::eventually(
        "every request is announced",
        [&] {
            instances.check_alive();
            const auto announced = announced_everywhere(slack_messages(world.control(), false));
            const std::chrono::duration<double, std::milli> passed = clock_type::now() - begin;
            for (const std::string& id : announced) {
                if (!before.contains(id)) {
                    times.try_emplace(id, passed.count());
                }
            }
            return announced.size() == ids_.size();
        },
        limit
    );
    return times;
}

verdict stage::judged() {
    test::eventually(
        "no claim is held", [&] { return claims_held().empty(); }, 40s
    );
    instances.stop();
    truth told;
    told.requests = read_requests(world.control(), ids_);
    told.places = {"C0ACCESS01", "C0DBA00001"};
    told.requester_place = "D0ALICE001";
    told.holders = read_holders(world.control());
    return judge(told, slack_messages(world.control(), true));
}

double percentile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values.empty() ? 0
                          : values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

} // namespace hallpass::chaos
