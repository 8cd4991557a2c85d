#include "services/opsgenie/alerts.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/ticket_facts.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

namespace hallpass::services::opsgenie {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;
using std::chrono::milliseconds;

namespace {

// Most are done within a second; in all, the workflow's longest call.
constexpr std::array<milliseconds, 8> pauses{{
    milliseconds(150),
    milliseconds(250),
    milliseconds(400),
    milliseconds(600),
    milliseconds(900),
    milliseconds(1200),
    milliseconds(1500),
    milliseconds(2000),
}};
constexpr milliseconds look_deadline = std::chrono::seconds(3);
constexpr std::size_t page = 100;
constexpr std::size_t most_notes = 2000;

fault not_done_yet(platform on, const std::string& name) {
    fault made(fault_kind::transient, std::string(title_of(on)) + ' ' + name + ": taken, and not done yet");
    made.set_uncertain(true);
    return made;
}

bool says_true(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

// Opsgenie puts what it gives into "data"; its successor gives it as it is.
const json::object& data_of(const json::object& reply) {
    return reply.contains("data") ? object_of(reply, "data") : reply;
}

alert read_alert(const json::object& from) {
    return {
        std::string(text_of(from, "id")), std::string(text_of(from, "alias")),
        text_of(from, "status") == "closed"};
}

std::string path_of(const std::string& alert, std::string_view what) {
    return "alerts/" + in_path(alert) + std::string(what);
}

json::object signed_note(const std::string& text) {
    json::object made{{"user", "hallpass"}, {"source", "hallpass"}};
    if (!text.empty()) {
        made["note"] = text;
    }
    return made;
}

const json::array* notes_in(const json::object& reply) {
    for (const std::string_view name : {std::string_view("data"), std::string_view("values")}) {
        const json::value* found = reply.if_contains(name);
        if (found != nullptr && found->is_array()) {
            return &found->get_array();
        }
    }
    return nullptr;
}

// Opsgenie's pages begin behind a note, whose place it tells; its successor counts them.
call notes_call(platform on, const std::string& alert, std::size_t seen, const std::string& last) {
    call asked(http_method::get, side::reading, path_of(alert, "/notes"));
    asked.counted_as = "search";
    asked.deadline = look_deadline;
    if (on == platform::jsm) {
        asked.query.add("size", std::to_string(page)).add("offset", std::to_string(seen));
        return asked;
    }
    asked.query.add("identifierType", "id").add("limit", std::to_string(page));
    if (!last.empty()) {
        asked.query.add("offset", last).add("direction", "next");
    }
    return asked;
}

} // namespace

alerts::alerts(api& at, ports::clock& time) : api_(at), time_(time) {}

awaitable<result<std::string>> alerts::outcome_of(std::string request, std::string name) {
    const std::unique_ptr<ports::alarm> alarm = time_.make_alarm();
    for (const milliseconds pause : pauses) {
        co_await alarm->wait(pause);
        call asked(http_method::get, side::alerts, "alerts/requests/" + in_path(request));
        asked.deadline = look_deadline;
        const result<json::object> reply = co_await api_.ask(std::move(asked));
        if (reply.has_error()) {
            // 404 is "not processed yet"; whatever else went wrong, the alert may be there.
            const fault_kind kind = reply.error().kind();
            if (kind == fault_kind::not_found || kind == fault_kind::transient ||
                kind == fault_kind::rate_limited) {
                continue;
            }
            fault unknown = reply.error();
            unknown.set_uncertain(true);
            co_return unknown;
        }
        const json::object& data = data_of(*reply);
        if (says_true(data, "isSuccess") || says_true(data, "success")) {
            co_return std::string(text_of(data, "alertId"));
        }
        co_return fault(
            fault_kind::permanent, std::string(title_of(api_.on())) + ' ' + name +
                                       ": taken, but not done: " + one_line(text_of(data, "status"), 200)
        );
    }
    co_return not_done_yet(api_.on(), name);
}

// Gives the id of the alert, where it is told.
awaitable<result<std::string>> alerts::follow(call what) {
    const std::string name = std::string(to_string(what.method)) + ' ' + what.path;
    const result<json::object> taken = co_await api_.ask(std::move(what));
    if (taken.has_error()) {
        co_return taken.error();
    }
    const std::string request(text_of(*taken, "requestId"));
    if (request.empty()) {
        co_return not_done_yet(api_.on(), name);
    }
    auto done = co_await outcome_of(request, name);
    co_return done;
}

awaitable<result<std::string>> alerts::create(json::object what) {
    call making(http_method::post, side::alerts, "alerts");
    making.body = std::move(what);
    auto made = co_await follow(std::move(making));
    if (made.has_value() && made->empty()) {
        co_return not_done_yet(api_.on(), "POST alerts");
    }
    co_return made;
}

awaitable<result<void>> alerts::add_note(std::string alert, std::string text) {
    call adding(http_method::post, side::alerts, path_of(alert, "/notes"));
    adding.query.add("identifierType", "id");
    adding.body = signed_note(text);
    const result<std::string> done = co_await follow(std::move(adding));
    if (done.has_error()) {
        co_return done.error();
    }
    co_return result<void>();
}

awaitable<result<void>> alerts::close(std::string alert, std::string text) {
    call closing(http_method::post, side::alerts, path_of(alert, "/close"));
    closing.query.add("identifierType", "id");
    closing.body = signed_note(text);
    const result<std::string> done = co_await follow(std::move(closing));
    if (done.has_error()) {
        co_return done.error();
    }
    co_return result<void>();
}

awaitable<result<std::optional<alert>>> alerts::find_by_alias(std::string alias) {
    const bool jsm = api_.on() == platform::jsm;
    call asked(
        http_method::get, side::reading, jsm ? std::string("alerts/alias") : "alerts/" + in_path(alias)
    );
    asked.query.add(jsm ? "alias" : "identifierType", jsm ? alias : "alias");
    asked.counted_as = "search";
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        if (reply.error().kind() == fault_kind::not_found) {
            co_return std::optional<alert>();
        }
        co_return reply.error();
    }
    alert found = read_alert(data_of(*reply));
    if (found.id.empty() || found.alias != alias) {
        co_return fault(
            fault_kind::transient,
            std::string(title_of(api_.on())) + " GET alerts: the answer is about another alert"
        );
    }
    co_return std::optional(std::move(found));
}

awaitable<result<alert>> alerts::read(std::string id) {
    call asked(http_method::get, side::reading, path_of(id, ""));
    if (api_.on() == platform::opsgenie) {
        asked.query.add("identifierType", "id");
    }
    asked.counted_as = "search";
    asked.deadline = look_deadline;
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    co_return read_alert(data_of(*reply));
}

awaitable<result<bool>> alerts::has_note(std::string alert, access::delivery_key key) {
    std::string last;
    for (std::size_t seen = 0; seen < most_notes; seen += page) {
        call asked = notes_call(api_.on(), alert, seen, last);
        const result<json::object> reply = co_await api_.ask(std::move(asked));
        if (reply.has_error()) {
            co_return reply.error();
        }
        const json::array* notes = notes_in(*reply);
        if (notes == nullptr) {
            co_return fault(
                fault_kind::transient, std::string(title_of(api_.on())) + " GET notes: the answer has none"
            );
        }
        const bool there = std::any_of(notes->begin(), notes->end(), [&](const json::value& one) {
            return one.is_object() && ends_with_mark(text_of(one.get_object(), "note"), key);
        });
        if (there) {
            co_return true;
        }
        const json::object* end = notes->empty() ? nullptr : notes->back().if_object();
        last = end == nullptr ? "" : std::string(text_of(*end, "offset"));
        if (notes->size() < page || (last.empty() && api_.on() == platform::opsgenie)) {
            co_return false;
        }
    }
    co_return false;
}

} // namespace hallpass::services::opsgenie
