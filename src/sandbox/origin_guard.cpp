#include "sandbox/origin_guard.hpp"

#include "base/text.hpp"

#include <string_view>

namespace hallpass::sandbox {

namespace {

bool is_loopback_name(std::string_view host) {
    if (host.starts_with('[')) {
        return host.substr(0, host.find(']') + 1) == "[::1]";
    }
    const std::string name = lower_case(host.substr(0, host.find(':')));
    return name == "localhost" || name == "127.0.0.1";
}

} // namespace

std::optional<std::string> refuse_foreign(const net::server_request& request) {
    const std::string_view host = request.header("host");
    if (!is_loopback_name(host)) {
        return "the sandbox is reached as localhost, 127.0.0.1 or [::1] only";
    }
    const std::string_view origin = request.header("origin");
    if (!origin.empty() && origin != "http://" + std::string(host)) {
        return "requests from other sites are refused";
    }
    const std::string_view site = request.header("sec-fetch-site");
    const bool opens_page = request.method == "GET" && request.path == "/";
    if (!site.empty() && site != "same-origin" && site != "none" && !opens_page) {
        return "requests from other sites are refused";
    }
    return std::nullopt;
}

} // namespace hallpass::sandbox
