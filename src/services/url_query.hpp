// The query of a URL, with all that could end or split a value encoded.
#pragma once

#include <string>
#include <string_view>

namespace hallpass::services {

class url_query {
public:
    url_query& add(std::string_view name, std::string_view value);

    // "?a=b&c=d", "" where nothing was added.
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

// One part of a path, which isn't of dots alone.
std::string in_path(std::string_view part);

} // namespace hallpass::services
