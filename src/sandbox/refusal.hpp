// Why a simulated server refuses a call, in gRPC's codes (teleport-wire 5).
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

// The numbers are those of grpc::StatusCode.
enum class refusal_code {
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    unauthenticated = 16,
};

// "NOT_FOUND", as gRPC spells it.
std::string_view to_string(refusal_code code) noexcept;
std::optional<refusal_code> parse_refusal_code(std::string_view text) noexcept;

struct refusal {
    refusal_code code;
    std::string text;
};

template <class T>
using outcome = boost::system::result<T, refusal>;

// Found by boost::system::result when value() is called on a refused outcome.
[[noreturn]] void throw_exception_from_error(const refusal& error, const boost::source_location& where);

} // namespace hallpass::sandbox
