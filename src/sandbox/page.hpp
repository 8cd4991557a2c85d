// The files of the sandbox's page, built into the program.
#pragma once

#include <string_view>

namespace hallpass::sandbox {

struct page_file {
    std::string_view path; // "/page.js"
    std::string_view type;
    std::string_view content;
};

// nullptr where the page has no such file.
const page_file* find_page_file(std::string_view path) noexcept;

} // namespace hallpass::sandbox
