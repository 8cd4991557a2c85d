#include "services/datadog/client.hpp"

#include "base/text.hpp"
#include "services/datadog/messages.hpp"
#include "services/datadog/on_call.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::datadog {

namespace json = boost::json;
using access::message_ref;
using boost::asio::awaitable;
using ports::http_method;
using opt_ref = std::optional<message_ref>;

namespace {

constexpr const char* everywhere = "incidents";
constexpr std::size_t most_remembered = 4096;
constexpr std::size_t page_size = 100;
constexpr int most_pages = 20;
// The search has been seen to lag behind a creation; by how much isn't published (api-ticketing 5.2).
constexpr std::chrono::seconds search_lag{15};
constexpr std::chrono::minutes margin{10}; // clocks differ

fault cant_look(const fault& failed) {
    const bool never = failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::not_found;
    return never ? fault(fault_kind::unsupported, failed.text()) : failed;
}

// "SEV-3", "api" …: nothing of ours in a path that Datadog named is anything but an id.
bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
}

// Nothing where Datadog doesn't list it, or doesn't let us read the list.
std::optional<bool> is_restricted(const json::object& permissions, std::string_view name, bool& listed) {
    for (const json::value& member : array_of(permissions, "data")) {
        const json::object* one = member.if_object();
        const json::object& attributes = one ? object_of(*one, "attributes") : permissions;
        listed = listed || one != nullptr;
        if (one && text_of(attributes, "name") == name) {
            const json::value* found = attributes.if_contains("restricted");
            return found && found->is_bool() && found->get_bool();
        }
    }
    return std::nullopt;
}

} // namespace

datadog_service::datadog_service(datadog_config config, ports::service_environment environment)
    : config_(std::move(config)),
      routing_(environment.routing ? *environment.routing : access::routing_table()),
      time_(environment.time),
      out_(environment.out),
      people_(environment.people),
      api_(environment.http, config_),
      sure_from_(environment.time.now() + search_lag) {}

awaitable<result<std::string>> datadog_service::check() {
    call reading(http_method::get, "incidents?page%5Bsize%5D=1", "incidents");
    const result<json::object> incidents = co_await api_.ask(std::move(reading));
    if (incidents.has_error()) {
        co_return incidents.error();
    }
    call asked(http_method::get, "permissions", "permissions");
    const result<json::object> permissions = co_await api_.ask(std::move(asked));
    if (permissions.has_value()) { // it takes a permission of its own
        bool listed = false;
        const std::optional<bool> restricted = is_restricted(*permissions, "incident_write", listed);
        if (restricted.value_or(listed)) {
            co_return fault(
                fault_kind::unauthorised,
                "Datadog: the application key lacks incident_write; give it that permission, or its owner"
            );
        }
    }
    co_return "incidents at " + config_.api_endpoint;
}

std::optional<std::vector<std::string>> datadog_service::recipients(const access::access_request& request
) const {
    if (told_.size() >= most_remembered) {
        told_.clear();
    }
    told_.insert_or_assign(request.id, access::route(request, routing_).recipients);
    return std::vector<std::string>{everywhere};
}

std::vector<std::string> datadog_service::people_for(const access::card& shown) const {
    std::vector<std::string> people;
    const auto known = told_.find(shown.request_id);
    if (known != told_.end()) {
        people = known->second;
    } else {
        access::access_request request;
        request.roles = shown.roles;
        people = access::route(request, routing_).recipients;
    }
    return people.empty() ? config_.fallback_recipients : people;
}

awaitable<result<access::address>> datadog_service::resolve(std::string recipient) {
    co_return access::address(std::move(recipient));
}

awaitable<result<std::optional<access::address>>> datadog_service::resolve_requester(std::string) {
    co_return std::optional<access::address>();
}

awaitable<result<message_ref>>
datadog_service::post(access::address, access::card shown, access::delivery_key) {
    call posting(http_method::post, "incidents", "incidents");
    posting.body = new_incident(shown, sort_recipients(people_for(shown)), config_.severity);
    posting.posts = true;
    const result<json::object> reply = co_await api_.ask(std::move(posting));
    if (reply.has_error()) {
        if (reply.error().uncertain()) {
            sure_from_ = time_.now() + search_lag;
        }
        co_return reply.error();
    }
    const std::string id(text_of(object_of(*reply, "data"), "id"));
    if (!is_id(id)) {
        sure_from_ = time_.now() + search_lag;
        fault lost(fault_kind::transient, "Datadog POST incidents: the answer doesn't name the incident");
        lost.set_uncertain(true);
        co_return lost;
    }
    co_return message_ref(id, id);
}

awaitable<result<void>> datadog_service::update(message_ref message, access::card shown) {
    call changing(http_method::patch, "incidents/" + message.conversation, "incidents");
    changing.body = changed_incident(message.conversation, shown);
    const result<json::object> reply = co_await api_.ask(std::move(changing));
    if (reply.has_error()) {
        co_return reply.error();
    }
    co_return result<void>();
}

awaitable<result<message_ref>>
datadog_service::reply(message_ref message, access::card shown, std::size_t index, access::delivery_key key) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a cell for review " + std::to_string(index) + ", which isn't there"
        );
    }
    call posting(http_method::post, "incidents/" + message.conversation + "/timeline", "incidents/timeline");
    posting.body = timeline_cell(shown, index, key);
    posting.posts = true;
    const result<json::object> reply = co_await api_.ask(std::move(posting));
    if (reply.has_error()) {
        const fault_kind kind = reply.error().kind();
        if (kind != fault_kind::not_found && kind != fault_kind::permanent) {
            co_return reply.error();
        }
        if (!std::exchange(said_no_timeline_, true)) {
            out_.warning(
                "datadog_timeline_unavailable",
                {{"reason", reply.error().text()}, {"instead", "reviews stand in the incident's summary"}}
            );
        }
    }
    co_return message_ref(message.conversation, key.part);
}

awaitable<result<message_ref>>
datadog_service::tell_outcome(message_ref message, access::card, access::delivery_key) {
    co_return message; // requesters have no incident of their own
}

awaitable<result<opt_ref>>
datadog_service::find(access::address, message_ref thread, access::delivery_key key, instant since) {
    if (!thread.id.empty()) {
        co_return fault(fault_kind::unsupported, "Datadog has no call to read a timeline");
    }
    const instant asked_at = time_.now();
    const std::string query =
        boost::urls::encode("state:(active OR stable OR resolved)", boost::urls::unreserved_chars);
    for (int page = 0; page < most_pages; ++page) {
        call asked(
            http_method::get,
            "incidents/search?query=" + query + "&sort=-created&page%5Bsize%5D=" + std::to_string(page_size) +
                "&page%5Boffset%5D=" + std::to_string(static_cast<std::size_t>(page) * page_size),
            "incidents/search"
        );
        const result<json::object> reply = co_await api_.ask(std::move(asked));
        if (reply.has_error()) {
            co_return cant_look(reply.error());
        }
        const json::object& attributes = object_of(object_of(*reply, "data"), "attributes");
        const json::array& incidents = array_of(attributes, "incidents");
        bool old = false; // from here on they are older than what is sought
        for (const json::value& member : incidents) {
            const json::object* one = member.if_object();
            const json::object& data = one ? object_of(*one, "data") : attributes;
            const json::object& said = object_of(data, "attributes");
            const json::object& described = object_of(object_of(said, "fields"), "summary");
            if (is_id(text_of(data, "id")) && ends_with_mark(text_of(described, "value"), key)) {
                const std::string id(text_of(data, "id"));
                co_return message_ref(id, id);
            }
            const auto created = parse_rfc3339(text_of(said, "created"));
            old = old || (created && *created < since - margin);
        }
        if (incidents.size() < page_size || old) {
            if (asked_at < sure_from_) {
                fault early(fault_kind::transient, "Datadog: its search may not know the incident yet");
                early.set_retry_after(sure_from_ - asked_at);
                co_return early;
            }
            co_return opt_ref();
        }
    }
    co_return fault(fault_kind::unsupported, "Datadog: too many incidents to look through");
}

awaitable<result<std::optional<std::string>>> datadog_service::on_call(access::access_request request) {
    auto found = co_await find_on_call(api_, time_, out_, config_.on_call, people_, std::move(request));
    co_return found;
}

} // namespace hallpass::services::datadog
