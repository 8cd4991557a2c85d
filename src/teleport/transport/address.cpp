#include "teleport/transport/address.hpp"

#include "base/text.hpp"

#include <charconv>

namespace hallpass::teleport::transport {

namespace {

fault refused(std::string_view text) {
    return fault(
        fault_kind::permanent,
        "teleport.addr is \"" + one_line(text) + "\"; it must be host:port, such as auth.example.com:3025"
    );
}

bool is_host(std::string_view host) noexcept {
    return !host.empty() && host.size() <= 255 && host.find_first_of(" \t\r\n/@[]") == std::string_view::npos;
}

} // namespace

result<address> parse_address(std::string_view text) {
    std::string_view rest = trimmed(text);
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    }
    address found;
    std::string_view port;
    const std::size_t colon = rest.rfind(':');
    if (rest.starts_with('[')) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos) {
            return refused(text);
        }
        found.host = rest.substr(1, end - 1);
        port = rest.substr(end + 1);
        if (!port.empty() && port.front() != ':') {
            return refused(text);
        }
    } else {
        found.host = rest.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view() : rest.substr(colon);
        if (found.host.find(':') != std::string::npos) {
            return refused(text);
        }
    }
    if (!is_host(found.host)) {
        return refused(text);
    }
    if (!port.empty()) {
        port.remove_prefix(1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), found.port);
        if (error != std::errc{} || end != port.data() + port.size() || found.port == 0) {
            return refused(text);
        }
    }
    return found;
}

std::string to_string(const address& at) {
    const bool bracketed = at.host.find(':') != std::string::npos;
    return (bracketed ? "[" + at.host + "]" : at.host) + ":" + std::to_string(at.port);
}

} // namespace hallpass::teleport::transport
