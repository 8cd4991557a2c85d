// What upstream's Teams program keeps of its messages (upstream-messaging 1.6).
#pragma once

#include "access/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::workflow {

// base64 of {"id","ts","rid"}, or "id/ts/rid" as of old, joined by ",". It doesn't say where a message is,
// but whom it was for, as the operator wrote that: the recipient stands in the place of the conversation, and
// the service takes it for that. What is neither, is passed over.
std::vector<access::message_ref> decode_teams_messages(std::string_view text);

// One of ours in the new form.
std::string encode_teams_message(std::string_view recipient, std::string_view id);

} // namespace hallpass::workflow
