// Paragraphs of an Adaptive Card whose texts are shown as they are.
#pragma once

#include "base/time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::msteams {

// A RichTextBlock. Its text runs have no markup (Markdown is of TextBlock and Fact); "{{DATE(…)}}" alone is
// evaluated in them, and is taken apart here.
class paragraph {
public:
    paragraph& text(std::string_view display);
    paragraph& bold(std::string_view display);
    paragraph& subtle(std::string_view display);
    paragraph& code(std::string_view display);
    paragraph& status(std::string_view display, std::string_view colour);

    bool empty() const noexcept { return runs_.empty(); }

    // "none" stands close to the one before it.
    boost::json::object as_element(std::string_view spacing = "default") &&;

private:
    paragraph& run(std::string_view display, boost::json::object style);

    boost::json::array runs_;
};

// "a, b and 3 more": display texts, in at most that many bytes each.
std::string name_list(const std::vector<std::string>& names, std::size_t at_most, std::size_t bytes_each);

// "2026-03-01 07:00 UTC".
std::string shown_time(instant at);

} // namespace hallpass::services::msteams
