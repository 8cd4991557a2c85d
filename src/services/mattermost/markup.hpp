// Mattermost's Markdown, where nothing a stranger writes can mention, link or format. Texts are display texts
// already.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::mattermost {

// Shown as it is written.
std::string escaped(std::string_view display);

// The same in code, where Mattermost looks for nothing. A backtick, which would end it, becomes its
// look-alike.
std::string in_code(std::string_view display);
std::string fenced(std::string_view display);

// Names in code, at most `bytes_each` of each, in at most `bytes` in all; what is left out is counted.
std::string code_list(const std::vector<std::string>& names, std::size_t bytes_each, std::size_t bytes);

// "2026-11-24 11:50 UTC".
std::string shown_time(instant at);

} // namespace hallpass::services::mattermost
