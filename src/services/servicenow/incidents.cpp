#include "services/servicenow/incidents.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/servicenow/query.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::services::servicenow {

namespace json = boost::json;
using access::message_ref;
using access::request_state;
using boost::asio::awaitable;
using ports::http_method;
using opt_ref = std::optional<message_ref>;

namespace {

constexpr std::size_t title_bytes = 160;
constexpr std::size_t name_bytes = 100;
constexpr std::size_t text_bytes = 3900; // of 4,000
constexpr std::chrono::seconds under_way{3};
constexpr unsigned most_notes = 500;
constexpr const char* incident_table = "table/incident";

// ServiceNow takes what stands between "[code]" and "[/code]" in notes for HTML.
std::string without_html(std::string text) {
    for (const std::string_view tag : {"[code]", "[/code]"}) {
        for (auto at = lower_case(text).find(tag); at != std::string::npos; at = lower_case(text).find(tag)) {
            text.insert(at + 1, 1, ' ');
        }
    }
    return text;
}

std::string text_with_mark(const drawing& draw, const access::delivery_key& key) {
    return fitted(text_bytes, [&](const amounts& room) {
        ticket_facts facts = draw(room);
        facts.push_back(mark_fact(key));
        return without_html(plain_text(facts));
    });
}

fault cant_look(const fault& failed) {
    const bool never = failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::not_found;
    return never ? fault(fault_kind::unsupported, failed.text()) : failed;
}

const std::string& state_of(const end_states& ends, request_state state) {
    switch (state) {
    case request_state::denied:
        return ends.denied;
    case request_state::expired:
        return ends.expired;
    case request_state::promoted:
        return ends.promoted;
    case request_state::approved:
    case request_state::pending:
    case request_state::none:
        break;
    }
    return ends.approved;
}

} // namespace

incidents::incidents(api& now, const servicenow_config& config, ports::clock& time)
    : now_(now), config_(config), time_(time), sure_from_(time.now() + under_way) {}

awaitable<result<message_ref>>
incidents::create(std::string assigned_to, access::card shown, access::delivery_key key) {
    const drawing draw = [&](const amounts& room) { return request_facts(shown, room); };
    json::object fields{
        {"short_description", ticket_title(shown, title_bytes)},
        {"description", text_with_mark(draw, key)},
        {"caller_id", display_line(shown.user, name_bytes)},
        {"correlation_id", correlation_of(shown.request_id)},
        {"correlation_display", our_name},
        // So that there always is one: where none can be read, nothing can be looked up.
        {"work_notes", "Reviews of this Access Request are told here.\n" + mark_text(key)}};
    if (!assigned_to.empty()) {
        fields["assigned_to"] = assigned_to;
    }
    if (!config_.assignment_group.empty()) {
        fields["assignment_group"] = config_.assignment_group;
    }
    call posting(http_method::post, incident_table, incident_table);
    posting.body = std::move(fields);
    posting.posts = true;
    const result<json::object> reply = co_await now_.ask(std::move(posting));
    std::optional<fault> failed;
    if (reply.has_error()) {
        failed = reply.error();
    } else if (!is_sys_id(text_of(*reply, "sys_id"))) {
        failed = fault(fault_kind::transient, "ServiceNow POST table/incident: the answer names no sys_id");
        failed->set_uncertain(true);
    }
    if (failed) {
        sure_from_ = time_.now() + under_way;
        co_return *failed;
    }
    co_return message_ref(std::string(text_of(*reply, "sys_id")), std::string(text_of(*reply, "number")));
}

awaitable<result<message_ref>> incidents::note(std::string id, drawing draw, access::delivery_key key) {
    call noting(http_method::patch, std::string(incident_table) + '/' + id, "table/incident work note");
    noting.body = json::object{{"work_notes", text_with_mark(draw, key)}};
    noting.posts = true;
    const result<json::object> reply = co_await now_.ask(std::move(noting));
    if (reply.has_error()) {
        co_return reply.error();
    }
    co_return message_ref(id, key.part);
}

awaitable<result<void>> incidents::settle(std::string id, access::card shown) {
    const access::delivery_key key(shown.request_id, "resolution");
    const std::string& state = state_of(config_.ends, shown.state);
    const std::string path = std::string(incident_table) + '/' + id;
    call asked(
        http_method::get,
        path + "?sysparm_fields=sys_id,state,close_notes&sysparm_exclude_reference_link=true", incident_table
    );
    const result<json::object> before = co_await now_.ask(std::move(asked));
    if (before.has_error()) {
        co_return before.error();
    }
    if (text_of(*before, "state") == state && ends_with_mark(text_of(*before, "close_notes"), key)) {
        co_return result<void>();
    }
    const drawing draw = [&](const amounts& room) { return outcome_facts(shown, room); };
    call closing(http_method::patch, path, incident_table);
    closing.body = json::object{
        {"state", state},
        {"incident_state", state}, // the older twin, which some instances go by
        {"close_code", config_.close_code},
        {"close_notes", text_with_mark(draw, key)}};
    const result<json::object> reply = co_await now_.ask(std::move(closing));
    if (reply.has_error()) {
        co_return reply.error();
    }
    co_return result<void>();
}

awaitable<result<opt_ref>> incidents::find_incident(access::delivery_key key) {
    const instant asked_at = time_.now();
    const std::string wanted = correlation_of(key.request_id);
    call asked(
        http_method::get,
        table_query(
            "incident", {{"correlation_id", wanted}, {"correlation_display", std::string(our_name)}},
            "^ORDERBYsys_created_on", "sys_id,number,correlation_id,correlation_display", 10
        ),
        incident_table
    );
    const result<json::array> rows = co_await now_.list(std::move(asked));
    if (rows.has_error()) {
        co_return cant_look(rows.error());
    }
    for (const json::value& member : *rows) {
        const json::object* row = member.if_object();
        // A wrong column is left out of the query in silence, and then these are any rows.
        if (row && text_of(*row, "correlation_id") == wanted &&
            text_of(*row, "correlation_display") == our_name && is_sys_id(text_of(*row, "sys_id"))) {
            co_return message_ref(std::string(text_of(*row, "sys_id")), std::string(text_of(*row, "number")));
        }
    }
    if (!rows->empty()) {
        co_return fault(
            fault_kind::unsupported,
            "ServiceNow: the account can't read correlation_id and correlation_display of "
            "incidents; let it read them"
        );
    }
    if (asked_at < sure_from_) {
        fault early(fault_kind::transient, "ServiceNow: the incident may be under way");
        early.set_retry_after(sure_from_ - asked_at);
        co_return early;
    }
    co_return opt_ref();
}

awaitable<result<opt_ref>> incidents::find_note(std::string id, access::delivery_key key) {
    if (!is_sys_id(id)) {
        co_return fault(fault_kind::unsupported, "ServiceNow: no sys_id: " + one_line(id, 40));
    }
    call asked(
        http_method::get,
        table_query(
            "sys_journal_field", {{"element_id", id}, {"element", "work_notes"}},
            "^ORDERBYDESCsys_created_on", "element_id,element,value,sys_created_by", most_notes
        ),
        "table/sys_journal_field"
    );
    const result<json::array> rows = co_await now_.list(std::move(asked));
    if (rows.has_error()) {
        co_return cant_look(rows.error());
    }
    for (const json::value& member : *rows) {
        const json::object* row = member.if_object();
        const bool ours =
            row && (config_.username.empty() || text_of(*row, "sys_created_by") == config_.username);
        if (ours && text_of(*row, "element_id") == id && ends_with_mark(text_of(*row, "value"), key)) {
            co_return message_ref(id, key.part);
        }
    }
    if (rows->empty()) {
        co_return fault(
            fault_kind::unsupported,
            "ServiceNow: the account sees no work notes; let it read the table sys_journal_field"
        );
    }
    if (rows->size() >= most_notes) {
        co_return fault(fault_kind::unsupported, "ServiceNow: too many work notes to look through");
    }
    co_return opt_ref();
}

} // namespace hallpass::services::servicenow
