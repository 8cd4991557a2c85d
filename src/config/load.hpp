// Reads a configuration file: upstream's teleport-<service>.toml or hallpass.toml.
#pragma once

#include "config/configuration.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace hallpass::config {

struct loaded {
    // There whenever the file is TOML, so that the services can add what they find in their sections to the
    // same list. Not to be used for anything else while usable() is false.
    std::optional<configuration> value;
    std::shared_ptr<problems> found;

    bool usable() const noexcept { return value && !any_error(*found); }
};

// Never throws for what the file holds. After the services have been made from their sections,
// value->all.warn_of_unknown_keys() adds the keys that nobody asked for.
loaded load(const std::string& path, std::span<const ports::service_kind* const> kinds);

} // namespace hallpass::config
