#include "services/card_words.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"

namespace hallpass::services {

using access::audience;
using access::request_state;

namespace {

constexpr std::size_t title_bytes = 150;
constexpr std::size_t title_user_bytes = 60;

} // namespace

std::string status_words(request_state state) {
    std::string emoji;
    switch (state) {
    case request_state::pending:
        emoji = "⏳ ";
        break;
    case request_state::approved:
        emoji = "✅ ";
        break;
    case request_state::denied:
        emoji = "❌ ";
        break;
    case request_state::expired:
        emoji = "⌛ ";
        break;
    case request_state::promoted:
    case request_state::none:
        break;
    }
    return emoji.append(to_string(state));
}

std::string card_title(const access::card& shown) {
    const std::string what = access::what_is_requested(shown);
    const std::string user = display_line(shown.user, title_user_bytes);
    std::string title = shown.reader == audience::requester ? "Your " + what
                        : user.empty()                      ? "Unknown user: " + what
                                                            : user + ": " + what;
    const auto& things = shown.resources.empty() ? shown.roles : shown.resources;
    std::string_view before = " for ";
    for (std::size_t i = 0; i < things.size(); ++i) {
        const std::size_t left = things.size() - i - 1;
        const std::string more = left == 0 ? "" : and_more(left);
        const std::size_t used = title.size() + before.size() + more.size();
        const std::string thing = display_line(things[i], title_bytes);
        const bool first = i == 0;
        if (used + thing.size() > title_bytes && !first) {
            return title + and_more(left + 1);
        }
        title.append(before).append(shortened(thing, title_bytes > used ? title_bytes - used : 0, cut_mark));
        if (used + thing.size() > title_bytes) {
            return title + more;
        }
        before = ", ";
    }
    return title;
}

std::string votes(const access::card& shown) {
    const unsigned approvals = access::count_reviews(shown, request_state::approved);
    const unsigned denials = access::count_reviews(shown, request_state::denied);
    if (shown.state != request_state::pending || approvals + denials == 0) {
        return "";
    }
    std::string told = " · " + std::to_string(approvals);
    if (shown.approvals_needed && *shown.approvals_needed > approvals) {
        told += " of " + std::to_string(*shown.approvals_needed);
    }
    return told + " approved, " + std::to_string(denials) + " denied so far";
}

std::string and_more(std::size_t count) {
    return " and " + std::to_string(count) + " more";
}

} // namespace hallpass::services
