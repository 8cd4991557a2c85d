// The names by which Slack tells our buttons, forms and fields again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hallpass::services::slack {

inline constexpr std::string_view interactivity_path = "/slack/interactivity";

inline constexpr std::string_view approve_action = "hallpass_approve";
inline constexpr std::string_view deny_action = "hallpass_deny";

inline constexpr std::string_view form_callback = "hallpass_review";
inline constexpr std::string_view reason_block = "hallpass_reason";
inline constexpr std::string_view reason_action = "reason";
inline constexpr std::string_view confirm_block = "hallpass_confirm";
inline constexpr std::string_view confirm_action = "confirm";
inline constexpr std::string_view confirm_value = "confirmed";

inline constexpr std::size_t reason_characters = 500;

// Longer ones, which Teleport doesn't make, get no buttons: a block's id has 255 bytes at most.
inline constexpr std::size_t decidable_id_bytes = 200;

// Not one of the delivery keys' block ids, which begin with "hallpass:".
inline std::string buttons_block(std::string_view request_id) {
    return std::string("hallpass-review:").append(request_id);
}

} // namespace hallpass::services::slack
