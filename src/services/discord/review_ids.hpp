// The names by which Discord tells our buttons, forms and fields again.
#pragma once

#include <cstddef>
#include <string_view>

namespace hallpass::services::discord {

inline constexpr std::string_view interactions_path = "/discord/interactions";

// Before the verdict and the request's id.
inline constexpr std::string_view button_id = "hallpass:";
// The same of a form, and of one that asks for a confirmation.
inline constexpr std::string_view form_id = "hallpass-form:";
inline constexpr std::string_view confirming_form_id = "hallpass-confirm:";

inline constexpr std::string_view reason_id = "reason";
inline constexpr std::string_view confirm_id = "confirm";
inline constexpr std::string_view confirm_value = "confirmed";

inline constexpr std::size_t reason_characters = 500;

// Longer ones, which Teleport doesn't make, get no buttons: a custom_id has 100 characters at most.
inline constexpr std::size_t decidable_id_bytes = 64;

// Numbers of Discord's (api-messaging 2.1, 2.3).
inline constexpr int ephemeral_flag = 64;

namespace component {
inline constexpr int action_row = 1;
inline constexpr int button = 2;
inline constexpr int string_select = 3;
inline constexpr int text_input = 4;
inline constexpr int text_display = 10;
inline constexpr int label = 18;
} // namespace component

} // namespace hallpass::services::discord
