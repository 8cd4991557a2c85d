// Replies of a mail server (RFC 5321, 4.2), put together from what arrives.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::mail {

struct smtp_reply {
    int code = 0;
    std::string text;        // "550 5.1.1 No such user": its lines as one, bounded, fit for a log
    bool names_utf8 = false; // a line of it is the keyword SMTPUTF8 (RFC 6531)
};

inline constexpr std::size_t longest_reply = 64 * 1024;

class reply_reader {
public:
    // False once it can be no reply any more; then nothing else is to be fed.
    bool feed(std::string_view bytes);

    // The next whole reply, taken out of what was fed.
    std::optional<smtp_reply> take();

    // Something has arrived that isn't taken yet.
    bool holds_bytes() const noexcept { return !line_.empty() || lines_ > 0 || next_.has_value(); }

private:
    bool end_line();

    std::string line_;
    std::string text_;
    std::size_t lines_ = 0;
    std::size_t bytes_ = 0;
    int code_ = 0;
    bool names_utf8_ = false;
    std::optional<smtp_reply> next_;
    std::string rest_; // behind the reply that is ready
};

} // namespace hallpass::mail
