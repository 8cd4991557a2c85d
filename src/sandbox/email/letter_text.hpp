// What a mail program makes of a letter: headers unfolded and decoded, its texts. Written apart from what
// hallpass writes letters with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::sandbox {

struct read_letter {
    std::vector<std::pair<std::string, std::string>> headers; // in their order, decoded
    std::string text;
    std::string html;

    // The first of that name in any case, or "".
    std::string header(std::string_view name) const;
};

// Nothing where it is none, or lacks what every letter has (RFC 5322, 3.6): a Date, a From, a Message-ID.
std::optional<read_letter> read_letter_text(std::string_view raw);

} // namespace hallpass::sandbox
