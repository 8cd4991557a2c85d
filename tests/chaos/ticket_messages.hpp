// The sandbox's tickets, read into the form in which all services are judged: a ticket is a card, and the
// notes below it are replies and outcomes.
#pragma once

#include "judge.hpp"
#include "support/http_peer.hpp"

#include <vector>

namespace hallpass::chaos {

std::vector<shown_message> jira_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> pagerduty_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> opsgenie_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> servicenow_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> datadog_messages(const test::http_peer& control, bool in_full);

} // namespace hallpass::chaos
