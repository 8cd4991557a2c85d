#include "teleport/unread_mark.hpp"

#include <google/protobuf/unknown_field_set.h>

namespace hallpass::teleport {

namespace {

constexpr int mark_number = 0;

} // namespace

void mark_unread(google::protobuf::Message& message) {
    message.Clear();
    message.GetReflection()->MutableUnknownFields(&message)->AddVarint(mark_number, 0);
}

bool is_unread(const google::protobuf::Message& message) {
    const google::protobuf::UnknownFieldSet& unknown = message.GetReflection()->GetUnknownFields(message);
    return !unknown.empty() && unknown.field(0).number() == mark_number;
}

} // namespace hallpass::teleport
