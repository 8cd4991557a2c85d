// Text that came from elsewhere, made fit for one line or a limit. All of it is UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass {

// The longest prefix of at most `bytes` bytes that ends at a character boundary.
std::string_view prefix_at_character(std::string_view text, std::size_t bytes) noexcept;

// At most `bytes` bytes in all; where something was cut, it ends with `mark`, which counts.
std::string shortened(std::string_view text, std::size_t bytes, std::string_view mark = "…");

// Invalid UTF-8 sequences become U+FFFD.
std::string valid_utf8(std::string_view text);

// For a log line or an error: control characters become spaces, invalid UTF-8 U+FFFD, at most `bytes` bytes.
std::string one_line(std::string_view text, std::size_t bytes = 200);

// Two lower-case digits for each byte.
std::string to_hex(std::string_view bytes);

std::string_view trimmed(std::string_view text) noexcept;
std::string lower_case(std::string_view ascii);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);

// How many single-character edits lead from one to the other. For "did you mean".
std::size_t edit_distance(std::string_view left, std::string_view right);

} // namespace hallpass
