// An Auth Service whose answers are bytes that a test chose, whether or not they are protobuf.
#pragma once

#include "unit/teleport/pki.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::test {

// The messages of one answer. A stream that does not end stays open until the client gives it up.
struct raw_answer {
    std::vector<std::string> messages;
    bool ends = true; // with status OK
};

// gRPC over mutual TLS. Methods without an answer are unimplemented.
class raw_auth_server {
public:
    // By the method's name: "Ping".
    raw_auth_server(const pki& cluster, std::map<std::string, raw_answer> answers);
    ~raw_auth_server();

    std::string address() const; // "127.0.0.1:port"

private:
    struct running;

    std::unique_ptr<running> running_;
};

} // namespace hallpass::test
