// ListResources as plugins use it (teleport-wire 1.3). For the Auth Service's files only.
#pragma once

#include "sandbox/directory.hpp"
#include "teleport/authservice.pb.h"

#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox {

// The names in `resource.metadata.name == "a" || resource.metadata.name == "b"`; nothing where it is another
// expression.
std::optional<std::vector<std::string>> parse_name_predicate(std::string_view expression);

// Nodes and app servers; other kinds have no resources here.
grpc::Status list_resources(
    const directory& known, const proto::ListResourcesRequest& wanted, proto::ListResourcesResponse& found
);

} // namespace hallpass::sandbox
