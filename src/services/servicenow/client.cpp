#include "services/servicenow/client.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/servicenow/on_call.hpp"
#include "services/servicenow/query.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::servicenow {

namespace json = boost::json;
using access::message_ref;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr const char* everywhere = "incident";

} // namespace

servicenow_service::servicenow_service(servicenow_config config, ports::service_environment environment)
    : config_(std::move(config)),
      time_(environment.time),
      out_(environment.out),
      people_(environment.people),
      api_(environment.http, environment.time, config_),
      incidents_(api_, config_, environment.time) {}

awaitable<result<std::string>> servicenow_service::check() {
    call asked(http_method::get, "table/incident?sysparm_limit=1&sysparm_fields=sys_id", "table/incident");
    const result<json::array> rows = co_await api_.list(std::move(asked));
    if (rows.has_error()) {
        co_return rows.error();
    }
    const result<void> code = co_await check_close_code();
    if (code.has_error()) {
        co_return code.error();
    }
    const std::string who = config_.username.empty() ? "client " + config_.client_id : config_.username;
    co_return one_line(who, 80) + " at " + config_.url;
}

// Where the account may not read the choices, the first resolution tells.
awaitable<result<void>> servicenow_service::check_close_code() {
    call asked(
        http_method::get,
        table_query(
            "sys_choice", {{"name", "incident"}, {"element", "close_code"}, {"inactive", "false"}}, "",
            "name,element,value", 100
        ),
        "table/sys_choice"
    );
    const result<json::array> rows = co_await api_.list(std::move(asked));
    if (rows.has_error()) {
        const bool unreadable =
            rows.error().kind() == fault_kind::permanent || rows.error().kind() == fault_kind::not_found;
        co_return unreadable ? result<void>() : result<void>(rows.error());
    }
    std::vector<std::string> codes;
    for (const json::value& member : *rows) {
        const json::object* row = member.if_object();
        if (row && text_of(*row, "name") == "incident" && text_of(*row, "element") == "close_code") {
            codes.emplace_back(text_of(*row, "value"));
        }
    }
    if (codes.empty() || std::find(codes.begin(), codes.end(), config_.close_code) != codes.end()) {
        co_return result<void>();
    }
    co_return fault(
        fault_kind::permanent,
        "ServiceNow: incidents have no close code \"" + one_line(config_.close_code, 80) +
            "\"; set servicenow.close_code to one of: " + one_line(joined(codes, ", "), 400)
    );
}

std::optional<std::vector<std::string>> servicenow_service::recipients(const access::access_request&) const {
    return std::vector<std::string>{everywhere};
}

awaitable<result<access::address>> servicenow_service::resolve(std::string recipient) {
    co_return access::address(std::move(recipient));
}

awaitable<result<std::optional<access::address>>> servicenow_service::resolve_requester(std::string) {
    co_return std::optional<access::address>();
}

awaitable<result<message_ref>>
servicenow_service::post(access::address, access::card shown, access::delivery_key key) {
    result<message_ref> made = co_await incidents_.create("", shown, std::move(key));
    if (made.has_error() || !access::is_resolved(shown.state)) {
        co_return made;
    }
    const result<void> settled = co_await incidents_.settle(made->conversation, std::move(shown));
    if (settled.has_error()) {
        // The incident is there: whoever tries again finds it, and settles it then.
        fault half = settled.error();
        half.set_uncertain(true);
        co_return half;
    }
    co_return made;
}

awaitable<result<void>> servicenow_service::update(message_ref message, access::card shown) {
    if (!access::is_resolved(shown.state)) {
        co_return result<void>();
    }
    const result<void> settled =
        co_await incidents_.settle(std::move(message.conversation), std::move(shown));
    co_return settled;
}

awaitable<result<message_ref>> servicenow_service::reply(
    message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a note for review " + std::to_string(index) + ", which isn't there"
        );
    }
    const drawing draw = [&](const amounts& room) { return review_facts(shown, index, room); };
    auto made = co_await incidents_.note(std::move(message.conversation), draw, std::move(key));
    co_return made;
}

awaitable<result<message_ref>>
servicenow_service::tell_outcome(message_ref message, access::card, access::delivery_key) {
    co_return message; // requesters have no incident of their own
}

awaitable<result<std::optional<message_ref>>>
servicenow_service::find(access::address, message_ref thread, access::delivery_key key, instant) {
    if (!thread.id.empty()) {
        auto noted = co_await incidents_.find_note(std::move(thread.conversation), std::move(key));
        co_return noted;
    }
    auto found = co_await incidents_.find_incident(std::move(key));
    co_return found;
}

std::vector<ports::callback_route> servicenow_service::take_decisions(ports::decision_desk& desk) {
    if (config_.webhook_secret.empty()) {
        return {};
    }
    decisions_ = std::make_unique<decisions>(config_, api_, incidents_, time_, out_, desk);
    return decisions_->routes();
}

awaitable<result<std::optional<std::string>>> servicenow_service::on_call(access::access_request request) {
    auto found = co_await find_on_call(api_, time_, out_, config_.on_call, people_, std::move(request));
    co_return found;
}

} // namespace hallpass::services::servicenow
