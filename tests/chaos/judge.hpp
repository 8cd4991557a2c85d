// Compares what people see in Slack with what Teleport says. A pure function of both, so that a test can show
// it what must be found.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace hallpass::chaos {

// One message as it is now. What it belongs to stands in its metadata, which hallpass sends along.
struct shown_message {
    std::string channel;
    std::string ts;
    std::string thread_ts;
    std::string text;
    std::string blocks; // as JSON; "" where they were not read
    std::string request_id;
    std::string part; // "card", "review-1", "outcome"
};

// What Teleport says of a request in the end.
struct true_request {
    std::string id;
    std::string state = "PENDING"; // "EXPIRED" where it was deleted
    bool deleted = false;
    std::vector<std::string> reviewers; // in order of their reviews
};

// All of it was pending for long enough that hallpass wrote it down or announced it before it was resolved.
struct truth {
    std::vector<true_request> requests;
    std::vector<std::string> channels; // ids of the approvers' channels
    std::string requester_channel;     // "" where the requester has none
    std::map<std::string, std::string>
        holders; // by request with plugin data: who holds a claim, "" for nobody
};

// Each finding is one line: the request, where, and what is wrong.
struct verdict {
    std::vector<std::string> lost;    // somebody who was to be told was not
    std::vector<std::string> doubled; // something was told more than once
    std::vector<std::string> stale;   // what a message says is not what Teleport says
    std::vector<std::string> claimed; // nobody works on the request any more, and yet it is claimed

    bool clean() const noexcept {
        return lost.empty() && doubled.empty() && stale.empty() && claimed.empty();
    }
};

// Two things are not held against hallpass, both about a deleted request, of which nothing is left to read:
// who had no message of it needs none, and a review that had not been told needs no reply.
verdict judge(const truth& told, const std::vector<shown_message>& shown);

// The findings as lines, at most `limit` of each kind.
std::string to_text(const verdict& found, std::size_t limit = 5);

// "APPROVED": the state that a card's or outcome's text tells. "" where it tells none.
std::string state_told_by(const std::string& text);

} // namespace hallpass::chaos
