// A string that must not reach a log, an error text or a core dump.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace hallpass {

// Wiped when it dies; printed as stars. Only reveal() gives the text, at the place that needs it.
class secret {
public:
    secret() = default;
    explicit secret(std::string text);
    secret(const secret& other) = default;
    secret(secret&& other) noexcept;
    secret& operator=(secret other) noexcept;
    ~secret();

    std::string_view reveal() const noexcept { return text_; }

    bool empty() const noexcept { return text_.empty(); }

private:
    std::string text_;
};

std::ostream& operator<<(std::ostream& out, const secret& hidden);

// Equal in content; the time taken tells nothing about where they differ.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

} // namespace hallpass
