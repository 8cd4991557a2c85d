#include "services/jira/issues.hpp"

#include "base/text.hpp"
#include "services/jira/markup.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::services::jira {

namespace json = boost::json;
using access::message_ref;
using access::request_state;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::size_t summary_bytes = 250; // of 255 characters
constexpr std::size_t body_bytes = 30000;  // of 32,767 characters

bool is_same_status(std::string_view one, std::string_view other) {
    return lower_case(one) == lower_case(other);
}

std::string status_of(const status_names& names, request_state state) {
    switch (state) {
    case request_state::approved:
        return names.approved;
    case request_state::denied:
        return names.denied;
    case request_state::expired:
        return names.expired;
    case request_state::promoted:
        return names.promoted;
    case request_state::pending:
    case request_state::none:
        break;
    }
    return names.pending;
}

} // namespace

issues::issues(api& jira, const jira_config& config, ports::clock& time, ports::log& out)
    : jira_(jira), config_(config), time_(time), out_(out), made_(time.now()) {}

awaitable<result<std::string>> issues::whoami() {
    if (!me_.empty()) {
        co_return me_;
    }
    call asked(http_method::get, "myself");
    const result<json::object> reply = co_await jira_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    me_ = account_id_of(*reply);
    if (me_.empty()) {
        co_return fault(fault_kind::transient, "Jira GET myself: the answer names no account; is url right?");
    }
    co_return me_;
}

awaitable<result<json::value>> issues::body_of(drawing draw) {
    const result<bool> cloud = co_await jira_.is_cloud();
    if (cloud.has_error()) {
        co_return cloud.error();
    }
    if (!*cloud) {
        co_return json::value(fitted(body_bytes, [&](const amounts& room) { return to_wiki(draw(room)); }));
    }
    const amounts room = amounts_fitting(body_bytes, [&](const amounts& tried) {
        return json::serialize(to_adf(draw(tried)));
    });
    co_return json::value(to_adf(draw(room)));
}

awaitable<result<message_ref>>
issues::create(std::string project, access::card shown, access::delivery_key key) {
    const drawing draw = [&](const amounts& room) {
        ticket_facts facts = request_facts(shown, room);
        facts.push_back(mark_fact(key));
        return facts;
    };
    result<json::value> description = co_await body_of(draw);
    if (description.has_error()) {
        co_return description.error();
    }
    json::object fields{
        {"project", json::object{{"key", project}}},
        {"issuetype", json::object{{"name", config_.issue_type}}},
        {"summary", ticket_title(shown, summary_bytes)},
        {"description", std::move(*description)}};
    json::object property{{"key", request_property}, {"value", shown.request_id}};
    call posting(http_method::post, "issue");
    posting.body =
        json::object{{"fields", std::move(fields)}, {"properties", json::array{std::move(property)}}};
    posting.posts = true;
    const result<json::object> reply = co_await jira_.ask(std::move(posting));
    if (reply.has_error()) {
        if (reply.error().uncertain()) {
            uncertain_.insert_or_assign(shown.request_id, time_.now());
        }
        co_return reply.error();
    }
    message_ref made{std::string(text_of(*reply, "id")), std::string(text_of(*reply, "key"))};
    if (made.conversation.empty() || made.id.empty()) {
        uncertain_.insert_or_assign(shown.request_id, time_.now());
        fault lost(fault_kind::transient, "Jira POST issue: the answer doesn't name the issue");
        lost.set_uncertain(true);
        co_return lost;
    }
    uncertain_.erase(shown.request_id);
    co_return made;
}

awaitable<result<issue>> issues::read(std::string id, bool with_changes) {
    call asked(
        http_method::get,
        "issue/" + id + "?fields=status,creator&expand=transitions" + (with_changes ? ",changelog" : "") +
            "&properties=" + std::string(request_property),
        "issue"
    );
    const result<json::object> reply = co_await jira_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    std::optional<issue> read = read_issue(*reply);
    if (!read || read->id != id) {
        co_return fault(fault_kind::transient, "Jira GET issue: the answer is not issue " + one_line(id, 40));
    }
    co_return std::move(*read);
}

awaitable<result<message_ref>> issues::comment(std::string id, drawing draw, access::delivery_key key) {
    const drawing marked = [&](const amounts& room) {
        ticket_facts facts = draw(room);
        facts.push_back(mark_fact(key));
        return facts;
    };
    result<json::value> body = co_await body_of(marked);
    if (body.has_error()) {
        co_return body.error();
    }
    call posting(http_method::post, "issue/" + id + "/comment", "issue/comment");
    posting.body = json::object{{"body", std::move(*body)}};
    posting.posts = true;
    const result<json::object> reply = co_await jira_.ask(std::move(posting));
    if (reply.has_error()) {
        co_return reply.error();
    }
    message_ref made{id, std::string(text_of(*reply, "id"))};
    if (made.id.empty()) {
        fault lost(fault_kind::transient, "Jira POST issue/comment: the answer doesn't name the comment");
        lost.set_uncertain(true);
        co_return lost;
    }
    co_return made;
}

awaitable<result<void>> issues::comment_once(std::string id, drawing draw, access::delivery_key key) {
    const auto there = co_await find_comment(id, key);
    if (there.has_error()) {
        co_return there.error();
    }
    if (*there) {
        co_return result<void>();
    }
    const auto made = co_await comment(std::move(id), std::move(draw), std::move(key));
    if (made.has_error()) {
        co_return made.error();
    }
    co_return result<void>();
}

awaitable<result<void>> issues::move(std::string id, std::string transition_id) {
    call moving(http_method::post, "issue/" + id + "/transitions", "issue/transitions");
    moving.body = json::object{{"transition", json::object{{"id", transition_id}}}};
    moving.posts = true;
    const result<json::value> reply = co_await jira_.send(std::move(moving));
    if (reply.has_error()) {
        co_return reply.error();
    }
    co_return result<void>();
}

awaitable<result<void>> issues::settle(std::string id, access::card shown) {
    const result<issue> found = co_await read(id, false);
    if (found.has_error()) {
        co_return found.error();
    }
    const std::string target = status_of(config_.statuses, shown.state);
    const bool there = is_same_status(found->status_name, target);
    const transition* way = find_transition(*found, target);
    const drawing draw = [&](const amounts& room) {
        ticket_facts facts = outcome_facts(shown, room);
        if (!there && way == nullptr) {
            facts.push_back(
                {fact_kind::line, "",
                 "The issue stays in \"" + one_line(found->status_name, 80) +
                     "\": its workflow has no transition from there to \"" + one_line(target, 80) + "\"."}
            );
        }
        return facts;
    };
    const access::delivery_key key(shown.request_id, "resolution");
    const result<void> said = co_await comment_once(id, draw, key);
    if (said.has_error() || there) {
        co_return said;
    }
    std::string why = "its workflow has no transition to " + target + " from " + found->status_name;
    if (way != nullptr) {
        const result<void> moved = co_await move(id, way->id);
        if (!moved.has_error() || moved.error().kind() != fault_kind::permanent) {
            co_return moved;
        }
        why = moved.error().text(); // as where the transition's screen wants a field
    }
    out_.warning(
        "jira_issue_not_moved",
        {{"issue", found->key},
         {"request_id", shown.request_id},
         {"to", target},
         {"reason", why},
         {"mend", "add the transition, or name the status in [jira] as the workflow has it"}}
    );
    co_return result<void>();
}

} // namespace hallpass::services::jira
