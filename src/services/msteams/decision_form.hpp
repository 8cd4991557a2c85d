// What a card carries so that people can decide on it, and how its actions are told again.
#pragma once

#include "access/card.hpp"
#include "access/review_rules.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hallpass::services::msteams {

inline constexpr std::string_view approve_verb = "hallpass_approve";
inline constexpr std::string_view deny_verb = "hallpass_deny";
inline constexpr std::string_view refresh_verb =
    "hallpass_refresh"; // sent by clients themselves: never a decision

inline constexpr std::string_view data_member = "hallpass"; // of an action's data: {"request", "proof"}
inline constexpr std::string_view reason_input = "hallpass_reason";
inline constexpr std::string_view confirm_input = "hallpass_confirm";

inline constexpr std::size_t reason_characters = 500;
// Longer ones, which Teleport doesn't make, can't be decided on from here.
inline constexpr std::size_t decidable_id_bytes = 200;

struct decision_form {
    std::string proof; // that we made the card for this request: its data can be changed by whoever sees it
    bool reason_always = false;
    bool reason_for_denial = false;
    bool confirm = false;
};

// Whether people who see it can decide on it.
bool is_decidable(const access::card& shown) noexcept;

decision_form form_for(const access::card& shown, const access::review_rules& rules, std::string proof);

} // namespace hallpass::services::msteams
