// A blocking HTTP client for tests: one connection for each request, plain or over TLS.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace hallpass::test {

struct raw_response {
    int status = 0;
    std::string head;
    std::string body;

    // "" where there is no such header; the name in lower case.
    std::string header(const std::string& name) const;
};

struct raw_request {
    std::string address; // host:port
    std::string method = "GET";
    std::string path = "/";
    std::map<std::string, std::string> headers; // Host and Content-Length are added
    std::string body;
    std::string authority_pem; // over TLS, with this authority alone trusted; plain where ""
};

// Nothing where the connection is refused or ends without an answer.
std::optional<raw_response> send_raw(const raw_request& request);

} // namespace hallpass::test
