#include "net/encode.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::net {

namespace {

// Fields that say where the message ends, or belong to one connection: whoever writes the message sets them.
bool is_framing(std::string_view name) {
    if (name.size() != 10 && name.size() != 14 && name.size() != 17) {
        return false;
    }
    const std::string key = lower_case(name);
    return key == "connection" || key == "content-length" || key == "transfer-encoding" ||
           key == "keep-alive";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

std::size_t size_of(const ports::http_headers& headers) noexcept {
    std::size_t total = 0;
    for (const auto& [name, value] : headers) {
        total += name.size() + value.size() + 4;
    }
    return total;
}

} // namespace

std::string encode_response(const server_response& response, response_framing framing) {
    // RFC 9110, 8.6: these carry no length.
    const bool bodiless = response.status / 100 == 1 || response.status == 204 || response.status == 304;
    const bool with_body = !bodiless && !framing.head_only;
    std::string out;
    out.reserve(128 + size_of(response.headers) + (with_body ? response.body.size() : 0));
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    out.append(reason_phrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        if (!is_framing(name) && is_valid_field(name, value)) {
            append_field(out, name, value);
        }
    }
    if (!bodiless) {
        append_field(out, "Content-Length", std::to_string(response.body.size()));
    }
    if (!framing.keep_alive) {
        append_field(out, "Connection", "close");
    }
    out.append("\r\n");
    if (with_body) {
        out.append(response.body);
    }
    return out;
}

std::string encode_request(
    const ports::http_request& request,
    std::string_view target,
    std::string_view host,
    std::string_view proxy_authorization
) {
    std::string out;
    out.reserve(160 + target.size() + host.size() + size_of(request.headers) + request.body.size());
    out.append(to_string(request.method)).append(" ").append(target).append(" HTTP/1.1\r\n");
    append_field(out, "Host", host);
    bool names_agent = false;
    for (const auto& [name, value] : request.headers) {
        const std::string key = lower_case(name);
        if (key == "host" || is_framing(name)) {
            continue;
        }
        names_agent = names_agent || key == "user-agent";
        append_field(out, name, value);
    }
    if (!names_agent) {
        append_field(out, "User-Agent", "hallpass/" HALLPASS_VERSION);
    }
    if (!proxy_authorization.empty()) {
        append_field(out, "Proxy-Authorization", proxy_authorization);
    }
    // RFC 9110, 8.6: a method that defines a body says its length even where it is 0.
    if (!request.body.empty() ||
        (request.method != ports::http_method::get && request.method != ports::http_method::delete_)) {
        append_field(out, "Content-Length", std::to_string(request.body.size()));
    }
    out.append("\r\n").append(request.body);
    return out;
}

std::string encode_connect(std::string_view authority, std::string_view proxy_authorization) {
    std::string out;
    out.append("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
    append_field(out, "Host", authority);
    append_field(out, "User-Agent", "hallpass/" HALLPASS_VERSION);
    if (!proxy_authorization.empty()) {
        append_field(out, "Proxy-Authorization", proxy_authorization);
    }
    out.append("\r\n");
    return out;
}

bool is_valid_field(std::string_view name, std::string_view value) noexcept {
    constexpr std::string_view separators = "()<>@,;:\\\"/[]?={}";
    const auto in_token = [&](char c) {
        return c > ' ' && c < '\x7f' && separators.find(c) == std::string_view::npos;
    };
    const auto in_value = [](char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), in_token) &&
           std::all_of(value.begin(), value.end(), in_value);
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
    case 100:
        return "Continue";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Status";
    }
}

} // namespace hallpass::net
