// Slack's rich_text: text as elements of JSON, where nothing a stranger writes can mention, link or format.
#pragma once

#include "base/time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::slack {

// The elements of one paragraph. Texts are display texts already; empty ones are left out, as Slack refuses
// them.
class paragraph {
public:
    paragraph& text(std::string_view text);
    paragraph& bold(std::string_view text);
    paragraph& code(std::string_view text);
    paragraph& link(std::string_view url, std::string_view text);
    // In the reader's own time zone; UTC where the client can't.
    paragraph& time(instant at);
    paragraph& line_break();

    bool empty() const noexcept { return elements_.empty(); }

    boost::json::object as_section() &&;
    // Set off by a bar at its side.
    boost::json::object as_quote() &&;

private:
    paragraph& add(std::string_view text, std::string_view style);
    boost::json::object as(std::string_view type) &&;

    boost::json::array elements_;
    bool ends_plain_ = false; // the last element is text without a style, which more text joins
};

// Slack's other text, in which it reads no markup: for headers, buttons and forms.
boost::json::object plain_text(std::string_view text);

boost::json::object bullet_list(boost::json::array sections);
// `elements`: sections, quotes and lists.
boost::json::object rich_text_block(boost::json::array elements);

} // namespace hallpass::services::slack
