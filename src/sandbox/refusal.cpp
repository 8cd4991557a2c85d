#include "sandbox/refusal.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr std::array names{
    std::pair{refusal_code::cancelled, std::string_view("CANCELLED")},
    std::pair{refusal_code::unknown, std::string_view("UNKNOWN")},
    std::pair{refusal_code::invalid_argument, std::string_view("INVALID_ARGUMENT")},
    std::pair{refusal_code::deadline_exceeded, std::string_view("DEADLINE_EXCEEDED")},
    std::pair{refusal_code::not_found, std::string_view("NOT_FOUND")},
    std::pair{refusal_code::already_exists, std::string_view("ALREADY_EXISTS")},
    std::pair{refusal_code::permission_denied, std::string_view("PERMISSION_DENIED")},
    std::pair{refusal_code::resource_exhausted, std::string_view("RESOURCE_EXHAUSTED")},
    std::pair{refusal_code::failed_precondition, std::string_view("FAILED_PRECONDITION")},
    std::pair{refusal_code::aborted, std::string_view("ABORTED")},
    std::pair{refusal_code::unimplemented, std::string_view("UNIMPLEMENTED")},
    std::pair{refusal_code::internal, std::string_view("INTERNAL")},
    std::pair{refusal_code::unavailable, std::string_view("UNAVAILABLE")},
    std::pair{refusal_code::unauthenticated, std::string_view("UNAUTHENTICATED")},
};

} // namespace

std::string_view to_string(refusal_code code) noexcept {
    for (const auto& [known, name] : names) {
        if (known == code) {
            return name;
        }
    }
    return "UNKNOWN";
}

std::optional<refusal_code> parse_refusal_code(std::string_view text) noexcept {
    for (const auto& [code, name] : names) {
        if (name == text) {
            return code;
        }
    }
    return std::nullopt;
}

void throw_exception_from_error(const refusal& error, const boost::source_location&) {
    throw std::runtime_error(std::string(to_string(error.code)) + ": " + error.text);
}

} // namespace hallpass::sandbox
