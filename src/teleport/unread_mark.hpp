// Tells whether gRPC has parsed anything into a message. Its `ok` alone doesn't: it is false both where
// nothing came and where what came can't be parsed, and true where a single answer is left out.
#pragma once

#include <google/protobuf/message.h>

namespace hallpass::teleport {

// Empties the message and marks it. Parsing clears the mark, and no peer can forge it: it is an unknown field
// with number 0, which every parser refuses.
void mark_unread(google::protobuf::Message& message);

bool is_unread(const google::protobuf::Message& message);

} // namespace hallpass::teleport
