#include "services/opsgenie/api.hpp"

#include "services/call_faults.hpp"
#include "services/opsgenie/replies.hpp"

#include <boost/json/serialize.hpp>

namespace hallpass::services::opsgenie {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::size_t largest_reply = std::size_t{4} * 1024 * 1024;

std::string named(const call& what) {
    return std::string(to_string(what.method)) + ' ' + what.path;
}

fault from_http(platform on, const fault& failed, const std::string& name, bool makes) {
    fault again = failed_call(failed, std::string(title_of(on)) + ' ' + name, makes);
    again.set_uncertain(again.uncertain() && makes);
    return again;
}

} // namespace

api::api(ports::http_client& http, const opsgenie_config& config)
    : http_(http),
      on_(config.on),
      alerts_header_("GenieKey " + std::string(config.api_key.reveal())),
      reading_header_(config.reading_header),
      alerts_url_(config.alerts_url),
      reading_url_(config.reading_url),
      site_url_(config.site_url),
      least_interval_(config.least_interval) {}

ports::http_request api::request_for(const call& what) const {
    const std::string& base = what.at == side::alerts    ? alerts_url_
                              : what.at == side::reading ? reading_url_
                                                         : site_url_;
    const secret& header = what.at == side::alerts ? alerts_header_ : reading_header_;
    ports::http_request made(what.method, base + what.path + what.query.text());
    made.headers.emplace_back("Authorization", std::string(header.reveal()));
    made.headers.emplace_back("Accept", "application/json");
    if (what.body) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.body = json::serialize(*what.body);
    }
    const std::string name(name_of(on_));
    if (least_interval_ > std::chrono::nanoseconds(0)) {
        made.pace_keys.push_back({name, least_interval_});
    }
    made.pace_keys.push_back({name + ' ' + what.counted_as});
    made.repeatable = what.method == http_method::get;
    made.deadline = what.deadline;
    made.max_response_bytes = largest_reply;
    return made;
}

awaitable<result<json::object>> api::ask(call what) {
    ports::http_request request = request_for(what);
    const std::string name = named(what);
    const bool makes = what.method != http_method::get;
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return from_http(on_, response.error(), name, makes);
    }
    co_return read_reply(on_, name, makes, *response);
}

} // namespace hallpass::services::opsgenie
