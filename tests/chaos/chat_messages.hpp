// The sandbox's chats and mailboxes, read into the form in which all services are judged.
#pragma once

#include "judge.hpp"
#include "support/http_peer.hpp"

#include <vector>

namespace hallpass::chaos {

// Without their blocks they are cheap enough to be asked for again and again.
std::vector<shown_message> slack_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> discord_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> mattermost_messages(const test::http_peer& control, bool in_full);
std::vector<shown_message> teams_messages(const test::http_peer& control, bool in_full);
// A mailbox says what the newest letter about a request says.
std::vector<shown_message> mail_messages(const test::http_peer& control, bool in_full);

// Those of the load's reviewers that a text names.
std::vector<std::string> reviewers_named_in(const std::string& text);

} // namespace hallpass::chaos
