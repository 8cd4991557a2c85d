// Between the sandbox's values and the messages on the wire (teleport-wire 3). For the Auth Service's files
// only: it brings in protobuf.
#pragma once

#include "sandbox/cluster_state.hpp"
#include "teleport/authservice.pb.h"

namespace hallpass::sandbox {

types::AccessRequestV3 to_wire(const recorded_request& recorded);
proto::Event to_wire(const cluster_event& event);
types::UserV2 to_wire(const cluster_user& user);
types::PluginDataV3 to_wire(const plugin_record& record);
types::RequestState to_wire(access::request_state state);

access::request_state from_wire(types::RequestState state);
new_review from_wire(const types::AccessReview& review);
plugin_data_change from_wire(const types::PluginDataUpdateParams& update);

// Adds a field that no parser takes: what a broken server or a middlebox would send.
void spoil(google::protobuf::Message& message);

} // namespace hallpass::sandbox
