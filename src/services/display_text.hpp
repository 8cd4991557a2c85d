// Text that a stranger wrote, made fit to be shown to people in any service: it stays where it is put, reads
// in the order it was written, and has an end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hallpass::services {

// What stands at the end of a text that was cut.
inline constexpr std::string_view cut_mark = " (truncated)";

// Valid UTF-8 of at most `bytes` bytes, without control characters, characters that change the direction of
// writing and characters that can't be seen; line breaks become spaces.
std::string display_line(std::string_view text, std::size_t bytes);

// The same with its line breaks, at most `lines` of them, never more than one empty line in a row.
std::string display_lines(std::string_view text, std::size_t bytes, std::size_t lines = 20);

} // namespace hallpass::services
