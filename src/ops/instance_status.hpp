// What one running hallpass says of itself, as of one moment: what `hallpass status` shows.
#pragma once

#include "base/time.hpp"
#include "ports/status.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hallpass::ops {

struct instance_status {
    std::string version;
    std::string instance; // its id
    std::int64_t pid = 0;
    instant as_of;
    instant started;

    instant configuration_read;
    std::string reload_refused; // why the configuration that was read last is not in use; "" where it is

    bool connected = false;  // to Teleport
    instant connected_since; // of being connected or not
    std::string address;
    std::string cluster;
    std::string why_not_connected;

    std::vector<ports::service_status> services;
};

} // namespace hallpass::ops
