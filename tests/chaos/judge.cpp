#include "judge.hpp"

#include <algorithm>
#include <string_view>

namespace hallpass::chaos {

namespace {

constexpr std::string_view states[] = {"PENDING", "APPROVED", "DENIED", "PROMOTED", "EXPIRED"};

using message_list = std::vector<const shown_message*>;

bool shows(const shown_message& card, const std::string& reviewer) {
    return std::ranges::find(card.reviewers, reviewer) != card.reviewers.end();
}

std::size_t count_in(const std::map<told_part, std::size_t>& counted, const told_part& what) {
    const auto found = counted.find(what);
    return found == counted.end() ? 0 : found->second;
}

class examination {
public:
    examination(const truth& told, const std::vector<shown_message>& shown) : told_(told) {
        for (const shown_message& message : shown) {
            shelves_[{message.request_id, message.place, message.part}].push_back(&message);
        }
    }

    verdict run() && {
        for (const true_request& request : told_.requests) {
            for (const std::string& place : told_.places) {
                examine_recipient(request, place);
                examine_outcome(request, place, told_.held_to.outcome == outcome_told_to::everybody);
            }
            if (!told_.requester_place.empty()) {
                examine_recipient(request, told_.requester_place);
                examine_outcome(
                    request, told_.requester_place, told_.held_to.outcome != outcome_told_to::nobody
                );
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
    const message_list& messages(const told_part& what) { return shelves_[what]; }

    void examine_recipient(const true_request& request, const std::string& place) {
        const std::string where = request.id + " in " + place + ": ";
        const told_part what{request.id, place, "card"};
        if (count_in(told_.skipped, what) > 0) {
            ++found_.foretold; // what hallpass leaves alone isn't followed up, wherever it is
            return;
        }
        const message_list& cards = messages(what);
        if (cards.empty()) {
            if (!request.deleted) {
                found_.lost.push_back(where + "no card");
            }
            return;
        }
        count_doubles(what, cards, "cards");
        // Of one that was sent once more, hallpass knows the last alone.
        const bool repeated = count_in(told_.repeated, what) > 0;
        for (const shown_message* card : cards) {
            if (!repeated || card == cards.back()) {
                examine_card(request, *card, where);
            }
        }
        for (std::size_t i = 0; i < request.reviewers.size(); ++i) {
            examine_reply(request, place, i + 1, cards);
        }
    }

    void count_doubles(const told_part& what, const message_list& all, const char* kind) {
        if (all.size() <= 1) {
            return;
        }
        if (all.size() - 1 <= count_in(told_.repeated, what)) {
            found_.foretold += all.size() - 1;
            return;
        }
        found_.doubled.push_back(
            what.request_id + " in " + what.place + ": " + std::to_string(all.size()) + ' ' + kind
        );
    }

    void examine_card(const true_request& request, const shown_message& card, const std::string& where) {
        if (card.state != request.state) {
            found_.stale.push_back(where + "says " + card.state + ", is " + request.state);
        } else if (!card.agrees) {
            found_.stale.push_back(where + "not all of it says " + request.state);
        }
        if (!card.in_full || request.deleted || !told_.held_to.cards_show_reviews) {
            return;
        }
        for (const std::string& reviewer : request.reviewers) {
            if (!shows(card, reviewer)) {
                found_.stale.push_back(where + "doesn't show the review of " + reviewer);
            }
        }
    }

    bool needs_reply(
        const true_request& request, const told_part& what, std::size_t number, const message_list& cards
    ) const {
        const bool shown_at_once =
            told_.held_to.letters && shows(*cards.back(), request.reviewers[number - 1]);
        return !request.deleted && !shown_at_once && count_in(told_.skipped, what) == 0;
    }

    void examine_reply(
        const true_request& request, const std::string& place, std::size_t number, const message_list& cards
    ) {
        const told_part what{request.id, place, "review-" + std::to_string(number)};
        const std::string where = request.id + " in " + place + ": ";
        const message_list& replies = messages(what);
        if (replies.empty() && needs_reply(request, what, number, cards)) {
            found_.lost.push_back(where + "no reply for " + what.part);
        }
        count_doubles(what, replies, ("replies for " + what.part).c_str());
        for (const shown_message* reply : replies) {
            if (std::ranges::none_of(cards, [&](const auto* card) { return card->id == reply->below; })) {
                found_.stale.push_back(where + what.part + " is not in the card's thread");
            }
        }
    }

    void examine_outcome(const true_request& request, const std::string& place, bool wanted) {
        const std::string where = request.id + " in " + place + ": ";
        const told_part what{request.id, place, "outcome"};
        const message_list& outcomes = messages(what);
        const bool announced = !messages({request.id, place, "card"}).empty();
        const bool left =
            count_in(told_.skipped, what) + count_in(told_.skipped, {request.id, place, "card"}) > 0;
        if (wanted && request.state != "PENDING" && outcomes.empty() && announced && !left) {
            found_.lost.push_back(where + "the outcome was not told");
        }
        count_doubles(what, outcomes, "outcomes");
        for (const shown_message* outcome : outcomes) {
            if (outcome->state != request.state) {
                found_.stale.push_back(
                    where + "the outcome says " + outcome->state + ", is " + request.state
                );
            }
        }
    }

    const truth& told_;
    std::map<told_part, message_list> shelves_;
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
