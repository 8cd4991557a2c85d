#include "net/url.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hallpass::net {

namespace {

fault bad(std::string_view why) {
    return fault(fault_kind::malformed, "the URL " + std::string(why));
}

bool is_visible(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_host(std::string_view text) noexcept {
    return !text.empty() && text.find_first_of("<>\"\\^`{|}%[]@") == std::string_view::npos;
}

} // namespace

std::string_view url::path() const noexcept {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
    std::string text(host);
    if (text.find(':') != std::string::npos) {
        text.insert(0, "[").append("]");
    }
    return text.append(":").append(std::to_string(port));
}

result<url> parse_url(std::string_view text) {
    url parsed;
    const std::size_t scheme_end = text.find("://");
    const std::string scheme = lower_case(text.substr(0, scheme_end));
    if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) {
        return bad("must begin with https:// or http://");
    }
    if (!is_visible(text)) {
        return bad("has a space, a control character or a character outside ASCII");
    }
    parsed.tls = scheme == "https";
    parsed.port = parsed.tls ? 443 : 80;
    text.remove_prefix(scheme_end + 3);
    text = text.substr(0, text.find('#'));
    const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
    std::string_view authority = text.substr(0, authority_end);
    const std::string_view rest = text.substr(authority_end);
    parsed.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
    if (authority.find('@') != std::string_view::npos) {
        return bad("holds a user or a password");
    }
    const bool bracketed = authority.starts_with('[');
    const std::size_t host_end =
        bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
    if (host_end == std::string_view::npos) {
        return bad("has no ] behind its IPv6 address");
    }
    parsed.host = lower_case(bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
    if (!is_host(parsed.host)) {
        return bad("names no host");
    }
    authority.remove_prefix(bracketed ? host_end + 1 : host_end);
    const std::uint16_t default_port = parsed.port;
    if (!authority.empty() && authority != ":") {
        const char* const end = authority.data() + authority.size();
        const auto [stop, error] = std::from_chars(authority.data() + 1, end, parsed.port);
        if (!authority.starts_with(':') || error != std::errc{} || stop != end || parsed.port == 0) {
            return bad("has a port that is no number from 1 to 65535");
        }
    }
    parsed.authority = host_and_port(parsed.host, parsed.port);
    if (parsed.port == default_port) {
        parsed.authority.resize(parsed.authority.rfind(':'));
    }
    return parsed;
}

} // namespace hallpass::net
