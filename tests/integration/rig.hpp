// The sandbox, and hallpasses that share a folder for configuration and state.
#pragma once

#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::test {

// What a configuration file of the rig says.
struct written_configuration {
    std::string recipient = "access-requests";
    std::string token = "xoxb-sandbox-token";
    std::string addr; // the sandbox's where ""
    std::string top;  // further lines at the top level
    std::string log = "[log]\nseverity = \"debug\"\n";
};

class rig {
public:
    rig();

    // Writes hallpass.toml anew.
    void configure(const written_configuration& what = {});
    void configure_with(const std::string& text);

    std::unique_ptr<running_hallpass> start(std::map<std::string, std::string> more_environment = {});
    // The same, once it watches.
    std::unique_ptr<running_hallpass> start_watching();

    std::string config_file() const { return folder.file("hallpass.toml"); }

    std::string state() const { return folder.file("state"); }

    // A new request of that user, who names it in what is posted.
    void request(std::string_view user);
    // Waits until the request is in that channel, and is there once.
    void wait_for_post(std::string_view channel, std::string_view user);
    void command(std::string_view path, const boost::json::object& body);

    temp_dir folder;
    running_sandbox sandbox;
};

// "0123456789abcdef" of its "starting" event.
std::string instance_of(running_hallpass& hallpass);

bool has(std::string_view text, std::string_view part);

} // namespace hallpass::test
