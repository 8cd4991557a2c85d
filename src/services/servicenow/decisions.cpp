#include "services/servicenow/decisions.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/servicenow/query.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::services::servicenow {

namespace json = boost::json;
using access::decision_result;
using access::verdict;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::chrono::milliseconds between_looks = std::chrono::seconds(60);
constexpr std::chrono::milliseconds between_tries = std::chrono::seconds(2);
constexpr int most_tries = 3;
constexpr std::size_t most_running = 64;
constexpr std::size_t most_done = 10'000;
constexpr unsigned most_rows = 200;
constexpr const char* row_fields = "sys_id,state,approver,sysapproval,sys_updated_by,sys_updated_on";

ports::callback_response with_status(int status) {
    ports::callback_response made;
    made.status = status;
    return made;
}

std::optional<verdict> verdict_of(const approval_row& row) {
    if (row.state == "approved") {
        return verdict::approve;
    }
    return row.state == "rejected" ? std::optional(verdict::deny) : std::nullopt;
}

std::string face_of(const approval_row& row) {
    return row.id + ' ' + row.state + ' ' + row.updated_on + ' ' + row.updated_by;
}

bool is_true(const json::object& from, std::string_view name) {
    return text_of(from, name) == "true";
}

} // namespace

struct decisions::person {
    std::string id;
    std::string user_name;
    access::account_facts facts;
};

std::optional<std::string> read_webhook(std::string_view body) {
    const auto parsed = parse_foreign(body, 8);
    const json::object* event = parsed ? parsed->if_object() : nullptr;
    const std::string_view id = event ? text_of(*event, "approval") : std::string_view();
    return is_sys_id(id) ? std::optional<std::string>(id) : std::nullopt;
}

std::optional<approval_row> read_row(const json::object& from) {
    approval_row row;
    row.id = text_of(from, "sys_id");
    row.state = text_of(from, "state");
    row.approver = text_of(from, "approver");
    row.task = text_of(from, "sysapproval");
    row.updated_by = text_of(from, "sys_updated_by");
    row.updated_on = text_of(from, "sys_updated_on");
    const bool whole = is_sys_id(row.id) && is_sys_id(row.approver) && is_sys_id(row.task);
    return whole ? std::optional(std::move(row)) : std::nullopt;
}

decisions::decisions(
    const servicenow_config& config,
    api& now,
    incidents& all,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk
)
    : config_(config), now_(now), incidents_(all), time_(time), out_(out), desk_(desk) {}

std::vector<ports::callback_route> decisions::routes() {
    desk_.listen("servicenow approvals", look_from_time_to_time());
    ports::callback_route made;
    made.path = "/servicenow";
    made.answer = [this](ports::callback_request request) { return answer(std::move(request)); };
    std::vector<ports::callback_route> all;
    all.push_back(std::move(made));
    return all;
}

awaitable<ports::callback_response> decisions::answer(ports::callback_request request) {
    std::size_t headers = 0;
    for (const auto& [name, value] : request.headers) {
        headers += lower_case(name) == secret_header ? 1U : 0U;
    }
    const bool good = headers == 1 && !config_.webhook_secret.empty() &&
                      equal_in_constant_time(config_.webhook_secret.reveal(), request.header(secret_header));
    if (!good || request.body.size() > largest_webhook) {
        out_.debug(
            "callback_refused", {{"reason", good ? "it is too large" : "it lacks servicenow.webhook_secret"}}
        );
        co_return ports::refused_callback();
    }
    const std::optional<std::string> id = read_webhook(request.body);
    if (!id) {
        co_return with_status(400);
    }
    if (running_.contains(*id)) {
        co_return with_status(202);
    }
    if (running_.size() >= most_running) {
        co_return with_status(503);
    }
    desk_.spawn("servicenow decision", work(*id));
    co_return with_status(202);
}

awaitable<void> decisions::work(std::string row_id) {
    if (!running_.insert(row_id).second) {
        co_return;
    }

    struct registration {
        decisions* owner;
        std::string id;

        ~registration() { owner->running_.erase(id); }
    } const registered{this, row_id};

    for (int tries = 0; tries < most_tries; ++tries) {
        if (tries > 0) {
            const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
            co_await pause->wait(between_tries);
        }
        const bool ended = co_await look_at(row_id);
        if (ended) {
            co_return;
        }
    }
}

awaitable<void> decisions::look_from_time_to_time() {
    const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
    bool passed = true;
    while (passed) {
        co_await look_at_open_rows();
        passed = co_await pause->wait(between_looks);
    }
}

awaitable<void> decisions::look_at_open_rows() {
    call asked(
        http_method::get,
        table_query(
            "sysapproval_approver", {},
            "stateINapproved,rejected^sysapproval.correlation_display=" + std::string(our_name) +
                "^sysapproval.active=true^ORDERBYDESCsys_updated_on",
            row_fields, most_rows
        ),
        "table/sysapproval_approver"
    );
    const result<json::array> rows = co_await now_.list(std::move(asked));
    if (rows.has_error()) {
        if (rows.error().kind() != fault_kind::cancelled) {
            out_.warning("servicenow_approvals_not_read", {{"reason", rows.error().text()}});
        }
        co_return;
    }
    for (const json::value& member : *rows) {
        const json::object* one = member.if_object();
        const auto row = one ? read_row(*one) : std::nullopt;
        if (row && verdict_of(*row) && !done_.contains(face_of(*row)) && running_.size() < most_running) {
            desk_.spawn("servicenow decision", work(row->id));
        }
    }
}

bool decisions::later(const approval_row& row, std::string_view doing, const fault& why) {
    out_.warning(
        "servicenow_decision_delayed",
        {{"approval", row.id}, {"doing", std::string(doing)}, {"reason", why.text()}}
    );
    return false;
}

awaitable<bool> decisions::look_at(std::string row_id) {
    approval_row nothing;
    nothing.id = row_id;
    call asked(
        http_method::get,
        "table/sysapproval_approver/" + row_id + "?sysparm_fields=" + row_fields +
            "&sysparm_exclude_reference_link=true",
        "table/sysapproval_approver"
    );
    const result<json::object> reply = co_await now_.ask(std::move(asked));
    if (reply.has_error()) {
        const bool gone = reply.error().kind() == fault_kind::not_found;
        co_return gone || later(nothing, "reading the approval", reply.error());
    }
    const std::optional<approval_row> row = read_row(*reply);
    if (!row || row->id != row_id || !verdict_of(*row) || done_.contains(face_of(*row))) {
        co_return true;
    }
    result<std::optional<person>> who = co_await find_person(row->approver);
    if (who.has_error()) {
        co_return later(*row, "reading the approver", who.error());
    }
    if (!*who) {
        co_return true;
    }
    const std::string face = face_of(*row);
    const bool ended = co_await judge(*row, std::move(**who));
    if (ended) {
        if (done_.size() >= most_done) {
            done_.clear(); // harmless: each is asked about again
        }
        done_.insert(face);
    }
    co_return ended;
}

awaitable<result<std::optional<decisions::person>>> decisions::find_person(std::string id) {
    call asked(
        http_method::get,
        "table/sys_user/" + id +
            "?sysparm_fields=sys_id,user_name,email,active,locked_out,web_service_access_only,"
            "internal_integration_user",
        "table/sys_user"
    );
    const result<json::object> user = co_await now_.ask(std::move(asked));
    if (user.has_error()) {
        if (user.error().kind() == fault_kind::not_found) {
            co_return std::optional<person>();
        }
        co_return user.error();
    }
    if (text_of(*user, "sys_id") != id) {
        co_return std::optional<person>();
    }
    person found;
    found.id = id;
    found.user_name = text_of(*user, "user_name");
    found.facts.email = text_of(*user, "email");
    found.facts.email_verified = false; // whoever administers users can write any
    found.facts.active = is_true(*user, "active") && !is_true(*user, "locked_out");
    found.facts.bot =
        is_true(*user, "web_service_access_only") || is_true(*user, "internal_integration_user");
    found.facts.guest = false;
    found.facts.foreign = false;
    co_return found;
}

awaitable<bool> decisions::judge(approval_row row, person who) {
    call asked(
        http_method::get,
        "table/incident/" + row.task +
            "?sysparm_fields=sys_id,number,correlation_id,correlation_display&sysparm_exclude_reference_link="
            "true",
        "table/incident"
    );
    const result<json::object> incident = co_await now_.ask(std::move(asked));
    if (incident.has_error()) {
        const bool gone = incident.error().kind() == fault_kind::not_found; // another table's task
        co_return gone || later(row, "reading the incident", incident.error());
    }
    const std::string request_id(text_of(*incident, "correlation_id"));
    if (text_of(*incident, "sys_id") != row.task || text_of(*incident, "correlation_display") != our_name ||
        request_id.empty()) {
        co_return true; // not ours
    }
    const result<bool> announced = co_await desk_.is_announced_in("servicenow", request_id, row.task);
    if (announced.has_error()) {
        co_return later(row, "reading which incident is the request's", announced.error());
    }
    if (!*announced) {
        out_.warning(
            "servicenow_incident_not_announced", {{"incident", row.task}, {"request_id", request_id}}
        );
        co_return true;
    }
    if (who.user_name.empty() || row.updated_by != who.user_name) {
        const bool told = co_await explain(
            row, request_id,
            "The approval was last changed by somebody else than its approver, so it doesn't count. The "
            "approver can "
            "decide in Teleport."
        );
        co_return told;
    }
    const bool ended = co_await decide(std::move(row), std::move(who), request_id);
    co_return ended;
}

awaitable<bool> decisions::decide(approval_row row, person who, std::string request_id) {
    const verdict what = *verdict_of(row);
    access::decision asked;
    asked.request_id = request_id;
    asked.what = what;
    asked.person.service = "servicenow";
    asked.person.id = who.id;
    asked.person.facts = who.facts;
    const access::decision_outcome outcome = co_await desk_.decide(std::move(asked));
    switch (outcome.what) {
    case decision_result::accepted:
    case decision_result::needs_more:
    case decision_result::already_reviewed:
    case decision_result::already_resolved:
    case decision_result::expired:
        co_return true;
    case decision_result::unreachable:
    case decision_result::unknown:
        co_return false;
    case decision_result::own_request:
    case decision_result::no_permission:
    case decision_result::not_mapped:
    case decision_result::reason_required:
    case decision_result::elsewhere:
        break;
    }
    std::string words = access::words_for(outcome, what, "");
    const bool told = co_await explain(std::move(row), std::move(request_id), std::move(words));
    co_return told;
}

awaitable<bool> decisions::explain(approval_row row, std::string request_id, std::string words) {
    const access::delivery_key key(request_id, "approval-" + row.id + '-' + row.state);
    const auto there = co_await incidents_.find_note(row.task, key);
    if (there.has_error() && there.error().kind() != fault_kind::unsupported) {
        co_return later(row, "reading the work notes", there.error());
    }
    if (!there.has_error() && *there) {
        co_return true;
    }
    const drawing draw = [&](const amounts&) {
        return ticket_facts{
            {fact_kind::line, "Approval by " + row.updated_by, "not counted"},
            {fact_kind::line, "", one_line(words, 600)}};
    };
    const auto noted = co_await incidents_.note(row.task, draw, key);
    if (noted.has_error()) {
        co_return later(row, "noting why", noted.error());
    }
    co_return true;
}

} // namespace hallpass::services::servicenow
