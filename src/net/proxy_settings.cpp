#include "net/proxy_settings.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace hallpass::net {

namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> parse_address(std::string_view text) {
    boost::system::error_code error;
    const ip::address address = ip::make_address(text, error);
    return error ? std::nullopt : std::optional(address);
}

// 10.1.2.0/24, 2001:db8::/32.
bool is_in_network(const ip::address& address, std::string_view network) {
    boost::system::error_code error;
    if (address.is_v4()) {
        const ip::network_v4 range = ip::make_network_v4(network, error);
        return !error &&
               ip::network_v4(address.to_v4(), range.prefix_length()).canonical() == range.canonical();
    }
    const ip::network_v6 range = ip::make_network_v6(network, error);
    return !error && ip::network_v6(address.to_v6(), range.prefix_length()).canonical() == range.canonical();
}

bool is_loopback(const std::string& host) {
    const auto address = parse_address(host);
    return host == "localhost" || (address && address->is_loopback());
}

// "example.com" is it and what is below it; ".example.com" and "*.example.com" only what is below.
bool is_below(std::string_view host, std::string_view entry) {
    if (entry.starts_with("*.")) {
        entry.remove_prefix(1);
    }
    if (entry.starts_with('.')) {
        return host.size() > entry.size() && host.ends_with(entry);
    }
    return host == entry || (host.size() > entry.size() && host.ends_with(entry) &&
                             host[host.size() - entry.size() - 1] == '.');
}

bool is_excepted(const url& target, std::string_view entry) {
    if (entry == "*") {
        return true;
    }
    const auto address = parse_address(target.host);
    if (entry.find('/') != std::string_view::npos) {
        return address && is_in_network(*address, entry);
    }
    if (const auto excepted = parse_address(entry)) {
        return address == excepted;
    }
    const std::string port = ":" + std::to_string(target.port);
    const std::size_t colon = entry.rfind(':');
    if (colon != std::string_view::npos) {
        if (entry.substr(colon) != port) {
            return false;
        }
        entry = entry.substr(0, colon);
        if (entry.starts_with('[') && entry.ends_with(']')) {
            entry = entry.substr(1, entry.size() - 2);
        }
    }
    if (address) {
        return parse_address(entry) == address;
    }
    return is_below(target.host, entry);
}

// Percent-decodes a user or a password; what is no escape stays as it is.
std::string unescaped(std::string_view text) {
    const auto digit = [](char c) {
        const std::size_t at = std::string_view("0123456789abcdef").find(c);
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    const std::string folded = lower_case(text);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(folded[i + 1]) >= 0 && digit(folded[i + 2]) >= 0) {
            out += static_cast<char>(digit(folded[i + 1]) * 16 + digit(folded[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

result<proxy_server> parse_proxy(std::string text) {
    if (text.find("://") == std::string::npos) {
        text.insert(0, "http://");
    }
    const std::size_t begin = text.find("://") + 3;
    const std::size_t at = text.substr(0, std::min(text.find('/', begin), text.size())).rfind('@');
    proxy_server proxy;
    if (at != std::string::npos && at >= begin) {
        const std::string_view credentials = std::string_view(text).substr(begin, at - begin);
        const std::size_t colon = std::min(credentials.find(':'), credentials.size());
        const std::string_view password = credentials.substr(std::min(colon + 1, credentials.size()));
        proxy.authorization =
            secret("Basic " + to_base64(unescaped(credentials.substr(0, colon)) + ":" + unescaped(password)));
        text.erase(begin, at + 1 - begin);
    }
    if (!lower_case(text).starts_with("http://")) {
        return fault(fault_kind::malformed, "only proxies with http:// are supported");
    }
    const auto parsed = parse_url(text);
    if (!parsed) {
        return parsed.error();
    }
    proxy.host = parsed->host;
    proxy.port = parsed->port;
    return proxy;
}

} // namespace

const proxy_server* proxy_settings::proxy_for(const url& target) const {
    const std::optional<proxy_server>& chosen = target.tls ? for_https : for_http;
    if (!chosen || is_loopback(target.host)) {
        return nullptr;
    }
    const bool excepted = std::any_of(exceptions.begin(), exceptions.end(), [&](const std::string& entry) {
        return is_excepted(target, entry);
    });
    return excepted ? nullptr : &*chosen;
}

result<proxy_settings> read_proxy_settings(const environment_lookup& environment) {
    const auto read = [&](const char* upper, const char* lower) -> std::pair<const char*, std::string> {
        const std::string first = environment(upper).value_or("");
        return first.empty() ? std::pair(lower, environment(lower).value_or("")) : std::pair(upper, first);
    };
    proxy_settings settings;
    for (const bool tls : {true, false}) {
        const auto [name, text] = tls ? read("HTTPS_PROXY", "https_proxy") : read("HTTP_PROXY", "http_proxy");
        if (text.empty()) {
            continue;
        }
        auto proxy = parse_proxy(text);
        if (!proxy) {
            return proxy.error().in(std::string("environment variable ") + name);
        }
        (tls ? settings.for_https : settings.for_http) = std::move(*proxy);
    }
    for (const std::string& entry : split(read("NO_PROXY", "no_proxy").second, ',')) {
        const std::string_view meant = trimmed(entry);
        if (!meant.empty()) {
            settings.exceptions.push_back(lower_case(meant));
        }
    }
    return settings;
}

std::optional<std::string> process_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

} // namespace hallpass::net
