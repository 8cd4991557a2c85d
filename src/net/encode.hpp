// HTTP/1.1 messages to bytes.
#pragma once

#include "net/http_server.hpp"
#include "ports/http_client.hpp"

#include <string>
#include <string_view>

namespace hallpass::net {

struct response_framing {
    bool keep_alive = true;
    bool head_only = false; // the answer to HEAD: the length, without the body
};

// Head and body in one text, so that they leave in one write and one TLS record. Length, connection and
// encoding fields are ours; those in `response` are left out.
std::string encode_response(const server_response& response, response_framing framing);

// `target` is the path with its query, or the whole URL for a proxy. The caller has checked the fields by
// is_valid_field().
std::string encode_request(
    const ports::http_request& request,
    std::string_view target,
    std::string_view host,
    std::string_view proxy_authorization
);

// "CONNECT host:port HTTP/1.1", and who asks.
std::string encode_connect(std::string_view authority, std::string_view proxy_authorization);

// RFC 9110, 5.1 and 5.5: a token, and a value without control characters.
bool is_valid_field(std::string_view name, std::string_view value) noexcept;

std::string_view reason_phrase(int status) noexcept;

} // namespace hallpass::net
