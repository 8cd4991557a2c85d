#include "services/pagerduty/notes.hpp"

#include "services/json_members.hpp"
#include "services/ticket_facts.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace hallpass::services::pagerduty {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;

namespace {

std::string path_of(const std::string& incident) {
    return "incidents/" + in_path(incident) + "/notes";
}

note read(const json::object& from) {
    return {
        std::string(text_of(from, "id")), std::string(text_of(object_of(from, "user"), "id")),
        std::string(text_of(from, "content"))};
}

} // namespace

awaitable<result<std::vector<note>>>
list_notes(api& pagerduty, std::string incident, std::chrono::milliseconds deadline) {
    call asked(http_method::get, path_of(incident));
    asked.deadline = deadline;
    const result<json::object> reply = co_await pagerduty.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const json::value* found = reply->if_contains("notes");
    if (found == nullptr || !found->is_array()) {
        co_return fault(
            fault_kind::transient, "PagerDuty GET " + path_of(incident) + ": the answer has no notes"
        );
    }
    std::vector<note> all;
    for (const json::value& one : found->get_array()) {
        if (const json::object* entry = one.if_object()) {
            all.push_back(read(*entry));
        }
    }
    co_return all;
}

awaitable<result<std::string>>
add_note(api& pagerduty, std::string incident, std::string content, std::chrono::milliseconds deadline) {
    call asked(http_method::post, path_of(incident));
    asked.deadline = deadline;
    asked.body.emplace();
    asked.body->emplace("note", json::object{{"content", std::move(content)}});
    const result<json::object> reply = co_await pagerduty.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id = read(object_of(*reply, "note")).id;
    if (id.empty()) {
        fault lost(
            fault_kind::transient, "PagerDuty POST " + path_of(incident) + ": the answer names no note"
        );
        lost.set_uncertain(true);
        co_return lost;
    }
    co_return id;
}

const note*
find_note(const std::vector<note>& among, const std::string& by, const access::delivery_key& key) noexcept {
    const auto found = std::find_if(among.begin(), among.end(), [&](const note& one) {
        return one.user == by && ends_with_mark(one.content, key);
    });
    return found == among.end() ? nullptr : &*found;
}

} // namespace hallpass::services::pagerduty
