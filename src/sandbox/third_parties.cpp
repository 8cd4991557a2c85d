#include "sandbox/third_parties.hpp"

#include "sandbox/datadog/datadog_party.hpp"
#include "sandbox/email/mail_party.hpp"
#include "sandbox/jira/jira_party.hpp"
#include "sandbox/mattermost/mattermost_party.hpp"
#include "sandbox/msteams/msteams_party.hpp"
#include "sandbox/opsgenie/opsgenie_party.hpp"
#include "sandbox/pagerduty/pagerduty_party.hpp"
#include "sandbox/servicenow/servicenow_party.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr const char* json_type = "application/json; charset=utf-8";

// Faults around the party's own answer.
boost::asio::awaitable<net::server_response>
handle(hosted_party& at, waits& delays, net::server_request request) {
    const call_fate fate =
        at.faults->begin(at.party->method_of(request), "", std::chrono::steady_clock::now());
    co_await delays.wait_for(fate.delay);
    if (fate.retry_after) {
        co_return at.party->limit_rate(*fate.retry_after);
    }
    if (fate.refused) {
        co_return fate.refused->status == 429 ? at.party->limit_rate(std::chrono::seconds(1))
                                              : at.party->refuse(*fate.refused);
    }
    net::server_response response = co_await at.party->answer(std::move(request));
    if (fate.garbage) {
        response.body = "{\"id\":tr\xff<html>";
    }
    response.drop_connection = response.drop_connection || fate.lose_answer;
    co_await delays.wait_for(fate.answer_delay);
    co_return response;
}

} // namespace

net::server_response third_party::refuse(const fault_rule& rule) const {
    const boost::json::object body{{"message", rule.code.empty() ? "told to refuse" : rule.code}};
    return net::server_response(
        rule.status != 0 ? rule.status : 500, boost::json::serialize(body), json_type
    );
}

net::server_response third_party::limit_rate(std::chrono::seconds wait) const {
    net::server_response response(429, "{\"message\":\"too many requests\"}", json_type);
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

std::span<const third_party_kind* const> third_party_kinds() {
    // A new third party adds a line here, and a folder.
    static const std::vector<const third_party_kind*> kinds{
        &mattermost::mattermost_kind,
        &msteams_third_party,
        &jira::jira_kind,
        &servicenow::servicenow_kind,
        &datadog::datadog_kind,
        &pagerduty::pagerduty_party_kind,
        &opsgenie::opsgenie_party_kind,
        &email_kind,
    };
    return kinds;
}

result<void> third_parties::start(
    const third_party_environment& environment, waits& delays, std::uint64_t seed, const open_server& open
) {
    for (const third_party_kind* kind : third_party_kinds()) {
        auto made = std::make_unique<hosted_party>();
        hosted_party& one = *made;
        one.name = kind->name;
        one.faults = std::make_unique<fault_plan>(seed++);
        one.party = kind->make(environment);
        auto server = open([&one, &delays](net::server_request request) {
            return handle(one, delays, std::move(request));
        });
        if (!server) {
            return server.error();
        }
        one.server = std::move(*server);
        one.party->listening_at("https://" + one.server->address() + "/");
        all_.push_back(std::move(made));
    }
    return {};
}

hosted_party* third_parties::find(std::string_view name) {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [name](const auto& one) { return one->name == name; });
    return found == all_.end() ? nullptr : found->get();
}

void third_parties::go_down() {
    for (const auto& one : all_) {
        one->server->go_down();
    }
}

boost::asio::awaitable<void> third_parties::close() {
    for (const auto& one : all_) {
        co_await one->party->close();
    }
}

} // namespace hallpass::sandbox
