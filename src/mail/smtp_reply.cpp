#include "mail/smtp_reply.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::mail {

namespace {

constexpr std::size_t shown_bytes = 400;

// The code of "250-text", "250 text" or "250"; 0 where it is none.
int code_of(std::string_view line) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit) || line[0] < '2' ||
        line[0] > '5' || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) {
        return 0;
    }
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

} // namespace

bool reply_reader::end_line() {
    if (line_.ends_with('\r')) {
        line_.pop_back();
    }
    const int code = code_of(line_);
    if (code == 0 || (lines_ > 0 && code != code_)) {
        return false;
    }
    code_ = code;
    if (text_.size() < shown_bytes) {
        text_ += lines_ == 0 ? line_.substr(0, 3) : "";
        text_ += ' ' + line_.substr(std::min<std::size_t>(4, line_.size()));
    }
    names_utf8_ =
        names_utf8_ || lower_case(line_.substr(std::min<std::size_t>(4, line_.size()))) == "smtputf8";
    ++lines_;
    if (line_.size() <= 3 || line_[3] == ' ') {
        next_ = smtp_reply{code_, std::string(trimmed(one_line(text_, shown_bytes))), names_utf8_};
        names_utf8_ = false;
        text_.clear();
        lines_ = 0;
        bytes_ = 0;
    }
    line_.clear();
    return true;
}

bool reply_reader::feed(std::string_view bytes) {
    while (!bytes.empty() && !next_) {
        const std::size_t end = bytes.find('\n');
        const std::string_view part = bytes.substr(0, end);
        bytes_ += part.size() + 1;
        if (bytes_ > longest_reply) {
            return false;
        }
        line_ += part;
        if (end == std::string_view::npos) {
            return true;
        }
        bytes.remove_prefix(end + 1);
        if (!end_line()) {
            return false;
        }
    }
    if (rest_.size() + bytes.size() > longest_reply) {
        return false;
    }
    rest_ += bytes;
    return true;
}

std::optional<smtp_reply> reply_reader::take() {
    std::optional<smtp_reply> taken = std::exchange(next_, std::nullopt);
    if (taken) {
        const std::string rest = std::exchange(rest_, {});
        if (!feed(rest)) {
            line_ = "?"; // what follows is no reply, and is told of with the next bytes
        }
    }
    return taken;
}

} // namespace hallpass::mail
