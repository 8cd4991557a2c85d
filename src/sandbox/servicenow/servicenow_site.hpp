// What there is in the simulated ServiceNow.
#pragma once

#include "sandbox/servicenow/servicenow_tables.hpp"

#include <map>
#include <set>
#include <string>

namespace hallpass::sandbox::servicenow {

inline constexpr const char* our_name = "hallpass";
inline constexpr const char* our_password = "servicenow-sandbox-password";
inline constexpr const char* our_client = "0123456789abcdef0123456789abcdef";
inline constexpr const char* our_client_secret = "servicenow-sandbox-client-secret";
inline constexpr const char* our_bearer = "servicenow-sandbox-bearer";
inline constexpr const char* webhook_secret = "servicenow-sandbox-webhook-secret";

struct site {
    tables data;
    std::map<std::string, std::set<std::string>> on_call; // rota: sys_ids of users
    bool journal = true;                                  // whether work notes can be read
    unsigned last_number = 0;
};

} // namespace hallpass::sandbox::servicenow
