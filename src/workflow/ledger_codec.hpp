// A ledger as Teleport's plugin data: upstream's keys, so that an upstream plugin can be replaced or put back
// in the middle of a request (upstream-messaging 1.6), and one key of our own for what they can't say.
#pragma once

#include "access/ledger.hpp"
#include "ports/access_gateway.hpp"

#include <string_view>

namespace hallpass::workflow {

inline constexpr std::string_view own_key = "hallpass";
inline constexpr std::string_view email_plugin = "email";
inline constexpr std::string_view teams_plugin = "msteams";

// Keys whose change by anybody means that the ledger must be read again.
inline constexpr std::string_view compared_keys[] = {"hallpass",      "messages",    "email_threads",
                                                     "issue_id",      "incident_id", "alert_id",
                                                     "reviews_count", "resolution",  "user"};

// `plugin` is whose it is: upstream's programs for mail and for tickets name what they made otherwise than
// the others do.
ports::plugin_data encode_ledger(const access::ledger& known, std::string_view plugin = {});

// Takes anything: what can't be understood is as if it weren't there. An entry that only upstream's keys
// describe becomes an adopted ledger.
access::ledger
decode_ledger(std::string_view request_id, const ports::plugin_data& data, std::string_view plugin = {});

} // namespace hallpass::workflow
