#include "judge.hpp"

#include <algorithm>
#include <string_view>

namespace hallpass::chaos {

namespace {

constexpr std::string_view states[] = {"PENDING", "APPROVED", "DENIED", "PROMOTED", "EXPIRED"};

using message_list = std::vector<const shown_message*>;

// By request, conversation and part.
struct shelf_mark {
    std::string request_id;
    std::string channel;
    std::string part;

    friend auto operator<=>(const shelf_mark&, const shelf_mark&) = default;
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

class examination {
public:
    examination(const truth& told, const std::vector<shown_message>& shown) : told_(told) {
        for (const shown_message& message : shown) {
            shelves_[{message.request_id, message.channel, message.part}].push_back(&message);
        }
    }

    verdict run() && {
        for (const true_request& request : told_.requests) {
            for (const std::string& channel : told_.channels) {
                examine_recipient(request, channel);
            }
            if (!told_.requester_channel.empty()) {
                examine_recipient(request, told_.requester_channel);
                examine_outcome(request);
            }
        }
        for (const auto& [id, holder] : told_.holders) {
            if (!holder.empty()) {
                found_.claimed.push_back(id + " by " + holder);
            }
        }
        return std::move(found_);
    }

private:
    const message_list& messages(const true_request& request, const std::string& channel, std::string part) {
        return shelves_[{request.id, channel, std::move(part)}];
    }

    void examine_recipient(const true_request& request, const std::string& channel) {
        const std::string where = request.id + " in " + channel + ": ";
        const message_list& cards = messages(request, channel, "card");
        if (cards.empty()) {
            if (!request.deleted) {
                found_.lost.push_back(where + "no card");
            }
            return;
        }
        if (cards.size() > 1) {
            found_.doubled.push_back(where + std::to_string(cards.size()) + " cards");
        }
        for (const shown_message* card : cards) {
            examine_card(request, *card, where);
        }
        for (std::size_t i = 0; i < request.reviewers.size(); ++i) {
            examine_reply(request, channel, i + 1, *cards.front());
        }
    }

    void examine_card(const true_request& request, const shown_message& card, const std::string& where) {
        const std::string told = state_told_by(card.text);
        if (told != request.state) {
            found_.stale.push_back(where + "says " + told + ", is " + request.state);
        } else if (!card.blocks.empty() && !has(card.blocks, request.state + '"')) {
            found_.stale.push_back(where + "the blocks don't say " + request.state);
        }
        if (card.blocks.empty() || request.deleted) {
            return;
        }
        for (const std::string& reviewer : request.reviewers) {
            if (!has(card.blocks, '"' + reviewer + '"')) {
                found_.stale.push_back(where + "doesn't show the review of " + reviewer);
            }
        }
    }

    void examine_reply(
        const true_request& request, const std::string& channel, std::size_t number, const shown_message& card
    ) {
        const std::string part = "review-" + std::to_string(number);
        const std::string where = request.id + " in " + channel + ": ";
        const message_list& replies = messages(request, channel, part);
        if (replies.empty() && !request.deleted) {
            found_.lost.push_back(where + "no reply for " + part);
        }
        if (replies.size() > 1) {
            found_.doubled.push_back(where + std::to_string(replies.size()) + " replies for " + part);
        }
        if (replies.size() == 1 && replies.front()->thread_ts != card.ts) {
            found_.stale.push_back(where + part + " is not in the card's thread");
        }
    }

    void examine_outcome(const true_request& request) {
        const std::string where = request.id + " in " + told_.requester_channel + ": ";
        const message_list& outcomes = messages(request, told_.requester_channel, "outcome");
        const bool announced = !messages(request, told_.requester_channel, "card").empty();
        if (request.state != "PENDING" && outcomes.empty() && announced) {
            found_.lost.push_back(where + "the outcome was not told");
        }
        if (outcomes.size() > 1) {
            found_.doubled.push_back(where + std::to_string(outcomes.size()) + " outcomes");
        }
        for (const shown_message* outcome : outcomes) {
            const std::string told = state_told_by(outcome->text);
            if (told != request.state) {
                found_.stale.push_back(where + "the outcome says " + told + ", is " + request.state);
            }
        }
    }

    const truth& told_;
    std::map<shelf_mark, message_list> shelves_;
    verdict found_;
};

void add_lines(std::string& to, const char* kind, const std::vector<std::string>& lines, std::size_t limit) {
    for (std::size_t i = 0; i < std::min(limit, lines.size()); ++i) {
        to += std::string(kind) + ": " + lines[i] + '\n';
    }
    if (lines.size() > limit) {
        to += std::string(kind) + ": and " + std::to_string(lines.size() - limit) + " more\n";
    }
}

} // namespace

std::string state_told_by(const std::string& text) {
    std::size_t first = std::string::npos;
    std::string told;
    for (const std::string_view state : states) {
        const std::size_t at = text.find(state);
        if (at < first) {
            first = at;
            told = state;
        }
    }
    return told;
}

verdict judge(const truth& told, const std::vector<shown_message>& shown) {
    return examination(told, shown).run();
}

std::string to_text(const verdict& found, std::size_t limit) {
    std::string text;
    add_lines(text, "lost", found.lost, limit);
    add_lines(text, "doubled", found.doubled, limit);
    add_lines(text, "stale", found.stale, limit);
    add_lines(text, "claimed", found.claimed, limit);
    return text;
}

} // namespace hallpass::chaos
