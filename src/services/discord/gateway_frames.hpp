// What is said over the Gateway (api-messaging 2.4): texts in, their parts out, and our own texts.
#pragma once

#include "base/secret.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::discord {

inline constexpr std::size_t largest_frame = std::size_t{1024} * 1024;

namespace gateway_op {
inline constexpr std::int64_t dispatch = 0;
inline constexpr std::int64_t heartbeat = 1;
inline constexpr std::int64_t identify = 2;
inline constexpr std::int64_t resume = 6;
inline constexpr std::int64_t reconnect = 7;
inline constexpr std::int64_t invalid_session = 9;
inline constexpr std::int64_t hello = 10;
inline constexpr std::int64_t heartbeat_ack = 11;
} // namespace gateway_op

struct gateway_frame {
    std::int64_t op = -1;
    boost::json::value data;
    std::optional<std::int64_t> sequence; // of events, by which a session is resumed
    std::string event;                    // its name, "" where it is none
};

// Nothing where it isn't one.
std::optional<gateway_frame> read_gateway_frame(std::string_view text);

std::string heartbeat_frame(std::optional<std::int64_t> last);
// Asks for no events but those that come unasked, as interactions do.
std::string identify_frame(const secret& token);
std::string resume_frame(const secret& token, std::string_view session, std::int64_t last);

} // namespace hallpass::services::discord
