#include "services/pagerduty/api.hpp"

#include "services/call_faults.hpp"
#include "services/pagerduty/replies.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hallpass::services::pagerduty {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::size_t largest_reply = std::size_t{8} * 1024 * 1024;
// 960 calls a minute for a key (api-ticketing 2.4).
constexpr std::chrono::microseconds pagerdutys_interval{62'500};
constexpr std::size_t page = 100;
constexpr std::size_t last_offset = 10'000 - page;

std::string named(const call& what) {
    return std::string(to_string(what.method)) + ' ' + what.path;
}

fault from_http(const fault& failed, const std::string& name, bool makes) {
    fault again = failed_call(failed, "PagerDuty " + name, makes);
    // Where nobody may have acted on it, it needn't be looked for.
    again.set_uncertain(again.uncertain() && makes);
    return again;
}

bool says_more(const json::object& reply) {
    const json::value* more = reply.if_contains("more");
    return more != nullptr && more->is_bool() && more->get_bool();
}

} // namespace

api::api(ports::http_client& http, const pagerduty_config& config)
    : http_(http),
      key_(config.api_key),
      user_email_(config.user_email),
      api_url_(config.api_url),
      least_interval_(config.least_interval) {}

ports::http_request api::request_for(const call& what) const {
    ports::http_request made(what.method, api_url_ + what.path + what.query.text());
    made.headers.emplace_back("Authorization", "Token token=" + std::string(key_.reveal()));
    made.headers.emplace_back("Accept", "application/vnd.pagerduty+json;version=2");
    if (what.body) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.headers.emplace_back("From", user_email_);
        made.body = json::serialize(*what.body);
    }
    made.pace_keys.push_back(
        {"pagerduty", std::max<std::chrono::nanoseconds>(least_interval_, pagerdutys_interval)}
    );
    if (!what.counted_as.empty()) {
        made.pace_keys.push_back({"pagerduty " + what.counted_as});
    }
    made.repeatable = what.method != http_method::post;
    made.deadline = what.deadline;
    made.max_response_bytes = largest_reply;
    return made;
}

awaitable<result<json::object>> api::ask(call what) {
    ports::http_request request = request_for(what);
    const std::string name = named(what);
    const bool makes = what.method == http_method::post;
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return from_http(response.error(), name, makes);
    }
    co_return read_reply(name, makes, *response);
}

awaitable<result<std::vector<json::object>>> api::list(call what, std::string member) {
    std::vector<json::object> all;
    for (std::size_t offset = 0; offset <= last_offset;) {
        call one = what;
        one.query.add("limit", std::to_string(page)).add("offset", std::to_string(offset));
        const result<json::object> reply = co_await ask(std::move(one));
        if (reply.has_error()) {
            co_return reply.error();
        }
        const json::value* found = reply->if_contains(member);
        if (found == nullptr || !found->is_array()) {
            co_return fault(
                fault_kind::transient, "PagerDuty " + named(what) + ": the answer has no " + member
            );
        }
        for (const json::value& value : found->get_array()) {
            if (const json::object* entry = value.if_object()) {
                all.push_back(*entry);
            }
        }
        if (!says_more(*reply)) {
            co_return all;
        }
        const std::size_t count = found->get_array().size();
        if (count == 0) {
            co_return fault(
                fault_kind::transient, "PagerDuty " + named(what) + ": a page is empty, but not the last"
            );
        }
        offset += count;
    }
    co_return fault(fault_kind::permanent, "PagerDuty " + named(what) + ": more than can be listed");
}

} // namespace hallpass::services::pagerduty
