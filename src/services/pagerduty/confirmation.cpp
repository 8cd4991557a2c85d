#include "services/pagerduty/confirmation.hpp"

#include "services/json_members.hpp"
#include "services/pagerduty/incident_text.hpp"
#include "services/pagerduty/notes.hpp"

namespace hallpass::services::pagerduty {

namespace json = boost::json;
using access::verdict;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::chrono::milliseconds each_call = std::chrono::seconds(4);

struct said {
    std::optional<note_words> words;
    std::string by;
    std::string why; // nothing was said that decides
};

said nothing(std::string why) {
    said made;
    made.why = std::move(why);
    return made;
}

// Which request an incident is about, as its key says; what Teleport keeps counts besides.
awaitable<result<std::string>> request_of_incident(api& pagerduty, std::string incident) {
    call asked(http_method::get, "incidents/" + in_path(incident));
    asked.deadline = each_call;
    const result<json::object> reply = co_await pagerduty.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const json::object& found = object_of(*reply, "incident");
    if (text_of(found, "id") != incident) {
        co_return std::string();
    }
    co_return request_of(text_of(found, "incident_key")).value_or("");
}

awaitable<result<said>> read_said_note(api& pagerduty, webhook_event event) {
    const result<std::vector<note>> notes = co_await list_notes(pagerduty, event.incident, each_call);
    if (notes.has_error()) {
        co_return notes.error();
    }
    for (const note& one : *notes) {
        if (one.id != event.thing) {
            continue;
        }
        said made;
        made.by = one.user;
        made.words = read_note(one.content);
        made.why = made.words ? "" : "the note says neither \"approve\" nor \"deny\"";
        co_return made;
    }
    co_return nothing("the incident has no such note");
}

// The shape of GET /automation_actions/invocations/{id} is known from PagerDuty's OpenAPI document alone.
awaitable<result<said>> read_said_action(api& pagerduty, decision_actions actions, webhook_event event) {
    call asked(http_method::get, "automation_actions/invocations/" + in_path(event.thing));
    asked.deadline = each_call;
    const result<json::object> reply = co_await pagerduty.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const json::object& run = object_of(*reply, "invocation");
    const json::object& about = object_of(run, "metadata");
    if (text_of(run, "id") != event.thing || text_of(object_of(about, "incident"), "id") != event.incident) {
        co_return nothing("the action was not run on this incident");
    }
    if (text_of(object_of(about, "agent"), "type") != "user_reference") {
        co_return nothing("the action was not run by a user");
    }
    said made;
    made.by = text_of(object_of(about, "agent"), "id");
    const std::string_view action = text_of(run, "action_id");
    if (action.empty() || (action != actions.approve && action != actions.deny)) {
        co_return nothing("the action is neither approve_action nor deny_action");
    }
    made.words.emplace();
    made.words->what = action == actions.approve ? verdict::approve : verdict::deny;
    co_return made;
}

access::account_facts facts_of(const user_facts& user) {
    access::account_facts facts;
    facts.email = user.email;
    // Who has accepted the invitation has had PagerDuty's mail at that address.
    facts.email_verified = !user.invited_only;
    facts.active = !user.invited_only;
    facts.bot = !user.is_user;
    // Stakeholders see incidents, and are not of those who respond to them.
    facts.guest = user.role.empty() || user.role.starts_with("read_only");
    facts.foreign = false; // the key reads users of its own account alone
    return facts;
}

} // namespace

awaitable<result<confirmation>> confirm(
    api& pagerduty,
    directory& people,
    ports::decision_desk& desk,
    decision_actions actions,
    webhook_event event
) {
    const result<user_facts> own = co_await people.own_user();
    if (own.has_error()) {
        co_return own.error();
    }
    if (event.agent == own->id) {
        co_return confirmation(not_confirmed("it is hallpass's own"));
    }
    const result<std::string> request = co_await request_of_incident(pagerduty, event.incident);
    if (request.has_error()) {
        co_return request.error();
    }
    if (request->empty()) {
        co_return confirmation(not_confirmed("the incident is about no Access Request"));
    }
    const result<bool> announced = co_await desk.is_announced_in("pagerduty", *request, event.incident);
    if (announced.has_error()) {
        co_return announced.error();
    }
    if (!*announced) {
        co_return confirmation(not_confirmed("hallpass has not made this incident for the request", true));
    }
    const bool by_note = event.kind == hint_kind::note;
    result<said> heard = nothing("");
    if (by_note) {
        heard = co_await read_said_note(pagerduty, event);
    } else {
        heard = co_await read_said_action(pagerduty, actions, event);
    }
    if (heard.has_error()) {
        co_return heard.error();
    }
    if (!heard->words) {
        co_return confirmation(not_confirmed(heard->why));
    }
    if (heard->by != event.agent) {
        co_return confirmation(not_confirmed("PagerDuty's API says that it was somebody else"));
    }
    const result<user_facts> user = co_await people.user(event.agent);
    if (user.has_error()) {
        co_return user.error();
    }
    access::decision asked;
    asked.request_id = *request;
    asked.person.service = "pagerduty";
    asked.person.id = user->id;
    asked.person.facts = facts_of(*user);
    asked.what = heard->words->what;
    asked.reason = heard->words->reason;
    co_return confirmation(std::move(asked));
}

} // namespace hallpass::services::pagerduty
