// Between Teleport's messages and our values. Generated types end here.
#pragma once

#include "access/access_request.hpp"
#include "base/time.hpp"
#include "ports/access_gateway.hpp"
#include "teleport/authservice.pb.h"

#include <google/protobuf/timestamp.pb.h>

#include <optional>
#include <string>
#include <unordered_set>

namespace hallpass::teleport {

inline constexpr const char* access_request_kind = "access_request";

// Nothing for Go's zero time (year 1) and for what no calendar has.
std::optional<instant> to_instant(const google::protobuf::Timestamp& at);

// A state that this version doesn't know is none.
access::request_state to_state(types::RequestState state) noexcept;

// Texts become valid UTF-8. The request's id is "" where the message has none.
access::access_request to_access_request(const types::AccessRequestV3& message);

// The plugin's own entry; every plugin's entries come in one record.
ports::plugin_data to_plugin_data(const proto::PluginDataSeq& found, const std::string& plugin);
std::vector<ports::stored_plugin_data> to_stored_plugin_data(
    const proto::PluginDataSeq& found,
    const std::string& plugin,
    const std::unordered_set<std::string>& except
);

types::PluginDataUpdateParams to_message(const ports::plugin_data_update& update);

} // namespace hallpass::teleport
