#include "ports/http_client.hpp"

#include <algorithm>

namespace hallpass::ports {

namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [lower](char a, char b) {
        return lower(a) == lower(b);
    });
}

} // namespace

std::string_view find_header(const http_headers& headers, std::string_view name) noexcept {
    for (const auto& [key, value] : headers) {
        if (equal_ignoring_case(key, name)) {
            return value;
        }
    }
    return {};
}

std::string_view http_response::header(std::string_view name) const noexcept {
    return find_header(headers, name);
}

std::string_view to_string(http_method method) noexcept {
    switch (method) {
    case http_method::get:
        return "GET";
    case http_method::post:
        return "POST";
    case http_method::put:
        return "PUT";
    case http_method::patch:
        return "PATCH";
    case http_method::delete_:
        return "DELETE";
    }
    return "GET";
}

} // namespace hallpass::ports
