// Compares what people see in a service with what Teleport says. A pure function of both, so that a test can
// show it what must be found.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace hallpass::chaos {

// One message, ticket, note or letter as it is now, in the form in which all services are judged.
struct shown_message {
    std::string place; // channel, mailbox, project
    std::string id;
    std::string below; // the message whose thread it stands in
    std::string request_id;
    std::string part;  // "card", "review-1", "outcome"
    std::string state; // "APPROVED": the first that it tells; "" where it tells none
    // Where a card was read in full:
    bool in_full = false;
    bool agrees = true;                 // the rest of it tells the same state
    std::vector<std::string> reviewers; // whose reviews it shows
};

// What Teleport says of a request in the end.
struct true_request {
    std::string id;
    std::string state = "PENDING"; // "EXPIRED" where it was deleted
    bool deleted = false;
    std::vector<std::string> reviewers; // in order of their reviews
};

// One thing that is told at one place.
struct told_part {
    std::string request_id;
    std::string place;
    std::string part;

    friend auto operator<=>(const told_part&, const told_part&) = default;
};

enum class outcome_told_to {
    requester,
    everybody,
    nobody, // the card, or what was said last, says how it ended
};

// What a service's messages can be held to.
struct manners {
    outcome_told_to outcome = outcome_told_to::requester;
    bool cards_show_reviews = true;
    bool letters = false; // nothing is changed, and a card that came late enough shows what needs no reply
};

// All of it was pending for long enough that hallpass wrote it down or announced it before it was resolved.
struct truth {
    std::vector<true_request> requests;
    std::vector<std::string> places; // of the approvers
    std::string requester_place;     // "" where the requester has none
    std::map<std::string, std::string>
        holders; // by request with plugin data: who holds a claim, "" for nobody
    manners held_to;
    // What hallpass has said in its log that nobody can tell, where the service can't be asked: how often it
    // was sent once more, and what was left.
    std::map<told_part, std::size_t> repeated;
    std::map<told_part, std::size_t> skipped;
};

// Each finding is one line: the request, where, and what is wrong.
struct verdict {
    std::vector<std::string> lost;    // somebody who was to be told was not
    std::vector<std::string> doubled; // something was told more than once
    std::vector<std::string> stale;   // what a message says is not what Teleport says
    std::vector<std::string> claimed; // nobody works on the request any more, and yet it is claimed
    std::size_t foretold = 0;         // doubled or lost as the policy for uncertain sends says, and logged

    bool clean() const noexcept {
        return lost.empty() && doubled.empty() && stale.empty() && claimed.empty();
    }
};

// Two things are not held against hallpass, both about a deleted request, of which nothing is left to read:
// who had no message of it needs none, and a review that had not been told needs no reply.
verdict judge(const truth& told, const std::vector<shown_message>& shown);

// The findings as lines, at most `limit` of each kind.
std::string to_text(const verdict& found, std::size_t limit = 5);

// "APPROVED": the first state that a text tells. "" where it tells none.
std::string state_told_by(const std::string& text);

} // namespace hallpass::chaos
