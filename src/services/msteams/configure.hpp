// `hallpass configure msteams DIR`: what an administrator uploads to Teams, and a configuration that goes
// with it.
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace hallpass::services::msteams {

// DIR --app-id ID [--tenant-id ID] [--region WORD]. Writes manifest.json, color.png, outline.png, app.zip and
// teleport-role.yaml anew, and hallpass.toml where there is none. The ids of a manifest that is there stay,
// so that it can be done again. What comes back tells what to do next; faults are permanent.
result<std::string> configure_msteams(const std::vector<std::string>& arguments);

} // namespace hallpass::services::msteams
