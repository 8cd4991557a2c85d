#include "sandbox/authorities_file.hpp"

#include "base/small_file.hpp"
#include "sandbox/cluster_json.hpp"

namespace hallpass::sandbox {

namespace {

constexpr std::size_t largest_ca_file = std::size_t{1024} * 1024;

} // namespace

outcome<std::string> read_authorities(const boost::json::object& command) {
    const std::string path = text_of(command, "ca_file");
    if (path.empty()) {
        return std::string();
    }
    auto read = read_small_file(path, largest_ca_file);
    if (!read) {
        return refusal{refusal_code::invalid_argument, read.error().text()};
    }
    return *std::move(read);
}

} // namespace hallpass::sandbox
