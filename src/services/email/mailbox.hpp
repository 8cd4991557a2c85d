// Mail addresses, as far as they can travel (RFC 5321, 4.1.2; RFC 6531): no quoted local parts, no literals,
// and domains as DNS has them ("xn--…").
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::email {

struct mailbox {
    std::string name; // "Access Requests", UTF-8, "" for none
    std::string address;
};

// "alice@example.com": nothing in it that could end a command or a header, or that can't be seen.
bool is_address(std::string_view text);

// Not all of it is ASCII: it goes only by servers that offer SMTPUTF8.
bool needs_utf8(std::string_view address) noexcept;

// "alice@example.com", "<alice@example.com>" or "Alice <alice@example.com>".
std::optional<mailbox> parse_mailbox(std::string_view text);

// "example.com" of "alice@example.com".
std::string_view domain_of(std::string_view address) noexcept;

// A host's name, or an address of IP.
bool is_host(std::string_view text) noexcept;

} // namespace hallpass::services::email
