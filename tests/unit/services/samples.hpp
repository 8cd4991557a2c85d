// Cards of the tests.
#pragma once

#include "access/card.hpp"

namespace hallpass::test {

access::access_request sample_request();
// With two reviews, one of each kind.
access::access_request reviewed_request();
// Every text tries to mention, link, format, or hide.
access::access_request hostile_request();
// Every text long, every list long; `unit` is what the texts are made of.
access::access_request huge_request(const std::string& unit);

access::card approver_card(const access::access_request& request);
access::card requester_card(const access::access_request& request);

access::access_request
resolved(access::access_request request, access::request_state state, std::string reason);

} // namespace hallpass::test
