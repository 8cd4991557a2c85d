// Who is told of an Access Request: upstream's role_to_recipients with its "*", and suggested reviewers.
#pragma once

#include "access/access_request.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::access {

struct routing_table {
    std::map<std::string, std::vector<std::string>> role_to_recipients;
};

// True where the text is one bare address: what Teleport's suggested reviewers must be to be written to.
bool looks_like_email(std::string_view text) noexcept;

struct routed {
    std::vector<std::string> recipients;        // as configured, each once, in order of roles
    std::vector<std::string> ignored_reviewers; // suggested, but not an e-mail address
};

// The wildcard counts per role: a mapped and an unmapped role tell both lists (upstream-messaging 1.7).
routed route(const access_request& request, const routing_table& table);

} // namespace hallpass::access
