// What went wrong, as a value: a kind that decides what happens next, and a text for people.
#pragma once

#include <boost/assert/source_location.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass {

enum class fault_kind {
    transient,    // the network or the other side failed for now: try again
    rate_limited, // the other side asks for patience: try again after retry_after()
    unauthorised, // our credentials or permissions are refused
    conflict,     // somebody else changed it first: read again, then decide again
    not_found,    // the thing asked for is not there
    permanent,    // refused, and will be refused again
    malformed,    // what came back or was read can't be understood
    unsupported,  // the other side is too old or lacks the feature
    cancelled,    // we were asked to stop: neither logged as an error nor counted
    bug,          // must not happen
};

std::string_view to_string(fault_kind kind) noexcept;

// Waiting a little doesn't mend it: somebody must change something first.
bool is_refusal(fault_kind kind) noexcept;

// The text is one line, free of secrets, and names what was tried, with whom, and what they said.
class fault {
public:
    // What Boost's result::error() gives where there is no error: a bug.
    fault() = default;
    fault(fault_kind kind, std::string text);

    fault_kind kind() const noexcept { return kind_; }

    const std::string& text() const noexcept { return text_; }

    // How long the other side asked us to wait.
    std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }

    // True where the other side may have carried out what we asked, although we have no answer.
    bool uncertain() const noexcept { return uncertain_; }

    fault& set_retry_after(std::chrono::milliseconds wait) noexcept;
    fault& set_uncertain(bool uncertain) noexcept;

    // The same fault, its text led by what was being done: "auth.test: timed out".
    fault in(std::string_view context) const;

private:
    fault_kind kind_ = fault_kind::bug;
    std::string text_;
    std::optional<std::chrono::milliseconds> retry_after_;
    bool uncertain_ = false;
};

// Found by boost::system::result when value() is called on a failed result, which is a bug of ours.
[[noreturn]] void throw_exception_from_error(const fault& error, const boost::source_location& where);

} // namespace hallpass
