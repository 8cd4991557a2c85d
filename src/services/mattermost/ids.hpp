// Mattermost's ids: of users, channels, posts, teams.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace hallpass::services::mattermost {

inline constexpr std::size_t id_characters = 26;

inline bool is_id(std::string_view text) noexcept {
    return text.size() == id_characters && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
           });
}

} // namespace hallpass::services::mattermost
