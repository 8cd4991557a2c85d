// The cluster's side of the control port: JSON in both directions.
#pragma once

#include "sandbox/cluster_state.hpp"
#include "sandbox/fault_plan.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox {

boost::json::object to_json(const recorded_request& recorded);
boost::json::object to_json(const directory& known);
boost::json::object to_json(const cluster_settings& settings);
// Plugin -> request -> key -> value.
boost::json::object to_json(const std::vector<plugin_record>& records);
boost::json::object to_json(const fault_summary& faults);
boost::json::object to_json(const std::map<std::string, std::uint64_t>& calls);

// Typed reads of a command; a missing key or another type gives the default.
std::string text_of(const boost::json::object& command, std::string_view key);
double number_of(const boost::json::object& command, std::string_view key, double otherwise);
bool flag_of(const boost::json::object& command, std::string_view key, bool otherwise);
std::vector<std::string> texts_of(const boost::json::object& command, std::string_view key);

new_request read_new_request(const boost::json::object& command);

} // namespace hallpass::sandbox
