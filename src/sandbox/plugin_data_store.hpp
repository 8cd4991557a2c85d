// Plugin data with Teleport's compare-and-swap (teleport-wire 3.3). A value: no lock, no clock.
#pragma once

#include "base/time.hpp"
#include "sandbox/refusal.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::sandbox {

using plugin_entry = std::map<std::string, std::string>;

struct plugin_record {
    std::string kind; // of the target: "access_request", "access_list"
    std::string resource;
    std::map<std::string, plugin_entry> entries; // by plugin
    instant expires;
};

struct plugin_data_filter {
    std::string kind;
    std::string resource;
    std::string plugin;
};

struct plugin_data_change {
    std::string kind;
    std::string resource;
    std::string plugin;
    plugin_entry set;
    plugin_entry expect;
};

class plugin_data_store {
public:
    // `access_expiry` is the end of the access that the target request grants, nothing where there is no such
    // request: then only a record written before can be changed.
    outcome<void> update(const plugin_data_change& change, std::optional<instant> access_expiry, instant now);

    // A record with a wanted entry comes whole, with every plugin's entries.
    outcome<std::vector<plugin_record>> read(const plugin_data_filter& filter) const;

    // True where something went away.
    bool expire(instant now);

    void clear() { records_.clear(); }

private:
    std::map<std::pair<std::string, std::string>, plugin_record> records_;
};

} // namespace hallpass::sandbox
