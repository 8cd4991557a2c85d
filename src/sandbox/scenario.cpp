#include "sandbox/scenario.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr const char* requester = "alice@example.com";
constexpr const char* first_reviewer = "bob@example.com";
constexpr const char* second_reviewer = "carol@example.com";
constexpr const char* routed_channel = "dba-requests";

// What the steps learn from each other.
struct progress {
    std::string request_id;
    std::string message_ts;
    std::string view; // that is open
    // What people read before the approval, to see that it changed.
    std::string card_before;
    std::string told_before;
};

fault failed(std::string why) {
    return fault(fault_kind::permanent, std::move(why));
}

std::string all_text(const slack_message& message) {
    return message.text + ' ' + json::serialize(message.blocks);
}

bool says(const slack_message& message, std::string_view words) {
    return lower_case(all_text(message)).find(words) != std::string::npos;
}

const slack_message* find_card(const slack_channel& channel, const progress& so_far) {
    for (const slack_message& message : channel.messages) {
        if (so_far.message_ts.empty() ? all_text(message).find(so_far.request_id) != std::string::npos
                                      : message.ts == so_far.message_ts) {
            return &message;
        }
    }
    return nullptr;
}

bool has_buttons(const slack_message& message) {
    return std::ranges::any_of(message.blocks, [](const json::value& block) {
        return block.is_object() && text_of(block.get_object(), "type") == "actions";
    });
}

bool is_posted(simulated_services& world, progress& so_far) {
    const auto channel = world.slack().channel(routed_channel, true);
    const slack_message* card = channel ? find_card(*channel, so_far) : nullptr;
    if (card != nullptr) {
        so_far.message_ts = card->ts;
    }
    return card != nullptr && has_buttons(*card);
}

bool is_review_in_thread(simulated_services& world, const progress& so_far) {
    const auto channel = world.slack().channel(routed_channel, true);
    return channel && std::ranges::any_of(channel->messages, [&](const slack_message& message) {
               return message.thread_ts == so_far.message_ts && message.ts != so_far.message_ts &&
                      says(message, first_reviewer);
           });
}

bool is_card(
    simulated_services& world, const progress& so_far, const std::function<bool(const slack_message&)>& fits
) {
    const auto channel = world.slack().channel(routed_channel, true);
    const slack_message* card = channel ? find_card(*channel, so_far) : nullptr;
    return card != nullptr && fits(*card);
}

// Everything in the requester's direct conversation.
std::string told_to_requester(simulated_services& world) {
    std::string all;
    const auto user = world.slack().user_by_email(requester);
    for (const slack_channel& channel : world.slack().channels(100)) {
        if (user && channel.im_user == user->id) {
            for (const slack_message& message : channel.messages) {
                all += lower_case(all_text(message));
            }
        }
    }
    return all;
}

bool is_requester_told(simulated_services& world, const progress& so_far) {
    const std::string told = told_to_requester(world);
    return told != so_far.told_before && told.find("approved") != std::string::npos;
}

void remember(simulated_services& world, progress& so_far) {
    const auto channel = world.slack().channel(routed_channel, true);
    const slack_message* card = channel ? find_card(*channel, so_far) : nullptr;
    so_far.card_before = card == nullptr ? "" : all_text(*card);
    so_far.told_before = told_to_requester(world);
}

result<void> create(simulated_services& world, progress& so_far, unsigned approvals) {
    new_request wanted;
    wanted.user = requester;
    wanted.roles = {"dba"};
    wanted.reason = "Incident 4711: the orders table needs a look";
    access::review_threshold enough;
    enough.name = "enough people";
    enough.approve = approvals;
    enough.deny = 1;
    wanted.thresholds = {enough};
    const auto made = world.cluster().create(std::move(wanted));
    if (!made) {
        return failed(made.error().text);
    }
    so_far.request_id = made->request.id;
    return {};
}

// What Slack shows after the callback; a callback that wasn't answered with 200 is a failure.
result<json::value> use(simulated_services& world, const std::string& what, json::object body) {
    const auto done = world.use_slack(what, std::move(body));
    if (!done) {
        return failed(done.error().text);
    }
    const json::object& told = done->as_object();
    if (told.at("status") != 200) {
        const std::string status = json::serialize(told.at("status"));
        return failed("hallpass answered with status " + status + "; " + text_of(told, "problem"));
    }
    return told.at("view");
}

// On Approve.
result<void> click(simulated_services& world, progress& so_far, const char* who) {
    const auto user = world.slack().user_by_email(who);
    const auto channel = world.slack().channel(routed_channel, true);
    if (!user || !channel) {
        return failed("Slack lacks " + std::string(who) + " or the channel");
    }
    json::object body{
        {"user", user->id}, {"channel", channel->id}, {"ts", so_far.message_ts}, {"action", "approve"}};
    const auto view = use(world, "click", std::move(body));
    if (!view) {
        return view.error();
    }
    if (!view->is_object()) {
        return failed("the click opened no form");
    }
    so_far.view = text_of(view->get_object(), "id");
    return {};
}

result<void> submit(simulated_services& world, const progress& so_far, const char* reason) {
    json::object body{{"view_id", so_far.view}, {"values", json::object{{"reason", reason}}}};
    const auto view = use(world, "submit", std::move(body));
    if (!view) {
        return view.error();
    }
    return {};
}

result<void>
click_and_submit(simulated_services& world, progress& so_far, const char* who, const char* reason) {
    if (auto clicked = click(world, so_far, who); !clicked) {
        return clicked;
    }
    return submit(world, so_far, reason);
}

// The form becomes the outcome: at once, or after a view that asks for patience.
bool is_told_in_form(simulated_services& world, const progress& so_far, std::string_view words) {
    const auto view = world.slack().dialogs().view(so_far.view);
    return view && lower_case(json::serialize(view->shown)).find(words) != std::string::npos;
}

// Both reviews are there, in the names of those who clicked.
bool is_approved_by_both(simulated_services& world, const progress& so_far) {
    const auto all = world.cluster().requests({});
    return std::ranges::any_of(all, [&](const recorded_request& recorded) {
        const access::access_request& request = recorded.request;
        return request.id == so_far.request_id && request.state == access::request_state::approved &&
               request.reviews.size() == 2 && request.reviews[0].author == first_reviewer &&
               request.reviews[1].author == second_reviewer;
    });
}

scenario_step
post_step(simulated_services& world, const std::shared_ptr<progress>& so_far, unsigned approvals) {
    return {
        "request created and posted to #dba-requests, with buttons", 10s,
        [=, &world] { return create(world, *so_far, approvals); },
        [=, &world] { return is_posted(world, *so_far); }};
}

scenario_step carried_step(simulated_services& world) {
    return {
        "the same request carried to Discord, Mattermost, Teams, mail, Jira, ServiceNow, Datadog, PagerDuty "
        "and "
        "JSM",
        15s,
        {},
        [&world] {
            const auto discord = world.discord().channels();
            const bool there =
                std::ranges::any_of(discord, [](const auto& one) { return !one.messages.empty(); });
            return there && world.all_parties_have_messages();
        }};
}

} // namespace

scenario_step one_posted_request(simulated_services& world) {
    return post_step(world, std::make_shared<progress>(), 1);
}

std::vector<scenario_step> one_request(simulated_services& world) {
    const auto so_far = std::make_shared<progress>();
    return {
        post_step(world, so_far, 2),
        carried_step(world),
        {"Alice clicks Approve on her own request, and is refused", 10s,
         [=, &world] { return click_and_submit(world, *so_far, requester, "please"); },
         [=, &world] { return is_told_in_form(world, *so_far, "your own request"); }},
        {"Bob clicks Approve, and a form opens",
         10s,
         [=, &world] { return click(world, *so_far, first_reviewer); },
         {}},
        {"Bob sends it, and is told that his approval is recorded", 10s,
         [=, &world] { return submit(world, *so_far, "on call tonight"); },
         [=, &world] { return is_told_in_form(world, *so_far, "your approval is recorded"); }},
        {"his review seen in the thread",
         10s,
         {},
         [=, &world] { return is_review_in_thread(world, *so_far); }},
        {"message shows that it was reviewed",
         10s,
         {},
         [=, &world] {
             return is_card(world, *so_far, [](const slack_message& card) {
                 return !card.edited_ts.empty();
             });
         }},
        {"Carol clicks Approve and sends the form, request approved", 10s,
         [=, &world] {
             remember(world, *so_far);
             return click_and_submit(world, *so_far, second_reviewer, "go ahead");
         },
         [=, &world] {
             return is_told_in_form(world, *so_far, "the request is approved") &&
                    is_approved_by_both(world, *so_far);
         }},
        {"message says approved, and has no buttons any more",
         10s,
         {},
         [=, &world] {
             return is_card(world, *so_far, [&](const slack_message& card) {
                 return says(card, "approved") && !has_buttons(card) && all_text(card) != so_far->card_before;
             });
         }},
        {"requester told", 10s, {}, [=, &world] { return is_requester_told(world, *so_far); }},
    };
}

result<std::chrono::duration<double, std::milli>>
run_step(const simulated_services& world, const scenario_step& step, const std::function<bool()>& goes_on) {
    const auto begun = std::chrono::steady_clock::now();
    if (step.act) {
        if (const auto done = step.act(); !done) {
            return done.error();
        }
    }
    while (std::chrono::steady_clock::now() - begun < step.limit && goes_on()) {
        // In slices, because the end of the daemon is no change of the sandbox.
        if (!step.reached || world.changes().wait_for(step.reached, 200ms)) {
            return std::chrono::steady_clock::now() - begun;
        }
    }
    return failed("not within " + std::to_string(step.limit.count()) + " ms");
}

} // namespace hallpass::sandbox
