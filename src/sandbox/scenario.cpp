#include "sandbox/scenario.hpp"

#include "base/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr const char* requester = "alice@example.com";
constexpr const char* first_reviewer = "bob@example.com";
constexpr const char* second_reviewer = "carol@example.com";
constexpr const char* routed_channel = "dba-requests";

// What the steps learn from each other.
struct progress {
    std::string request_id;
    std::string message_ts;
    // What people read before the approval, to see that it changed.
    std::string card_before;
    std::string told_before;
};

std::string all_text(const slack_message& message) {
    return message.text + ' ' + boost::json::serialize(message.blocks);
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

bool is_posted(simulated_services& world, progress& so_far) {
    const auto channel = world.slack().channel(routed_channel, true);
    const slack_message* card = channel ? find_card(*channel, so_far) : nullptr;
    if (card != nullptr) {
        so_far.message_ts = card->ts;
    }
    return card != nullptr;
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

void create(simulated_services& world, progress& so_far) {
    new_request wanted;
    wanted.user = requester;
    wanted.roles = {"dba"};
    wanted.reason = "Incident 4711: the orders table needs a look";
    access::review_threshold two;
    two.name = "two people";
    two.approve = 2;
    two.deny = 1;
    wanted.thresholds = {two};
    if (const auto made = world.cluster().create(std::move(wanted))) {
        so_far.request_id = made->request.id;
    }
}

void approve(simulated_services& world, const progress& so_far, const char* author, const char* reason) {
    new_review given;
    given.author = author;
    given.proposed = access::request_state::approved;
    given.reason = reason;
    given.submitted_by = author;
    // A refusal shows as a step that is never reached.
    (void)world.cluster().review(so_far.request_id, std::move(given));
}

} // namespace

std::vector<scenario_step> one_request(simulated_services& world) {
    const auto so_far = std::make_shared<progress>();
    return {
        {"request created and posted to #dba-requests", 10s, [=, &world] { create(world, *so_far); },
         [=, &world] { return is_posted(world, *so_far); }},
        {"first review seen in the thread", 10s,
         [=, &world] { approve(world, *so_far, first_reviewer, "on call tonight"); },
         [=, &world] { return is_review_in_thread(world, *so_far); }},
        {"message shows that it was reviewed",
         10s,
         {},
         [=, &world] {
             return is_card(world, *so_far, [](const slack_message& card) {
                 return !card.edited_ts.empty();
             });
         }},
        {"second review approves, message updated", 10s,
         [=, &world] {
             remember(world, *so_far);
             approve(world, *so_far, second_reviewer, "go ahead");
         },
         [=, &world] {
             return is_card(world, *so_far, [&](const slack_message& card) {
                 return says(card, "approved") && all_text(card) != so_far->card_before;
             });
         }},
        {"requester told", 10s, {}, [=, &world] { return is_requester_told(world, *so_far); }},
    };
}

std::optional<std::chrono::duration<double, std::milli>>
run_step(const simulated_services& world, const scenario_step& step, const std::function<bool()>& goes_on) {
    const auto begun = std::chrono::steady_clock::now();
    if (step.act) {
        step.act();
    }
    while (std::chrono::steady_clock::now() - begun < step.limit && goes_on()) {
        // In slices, because the end of the daemon is no change of the sandbox.
        if (world.changes().wait_for(step.reached, 200ms)) {
            return std::chrono::steady_clock::now() - begun;
        }
    }
    return std::nullopt;
}

} // namespace hallpass::sandbox
