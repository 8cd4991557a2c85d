#include "rig.hpp"

#include "support/eventually.hpp"

#include <utility>

namespace hallpass::test {

rig::rig() {
    configure();
}

void rig::configure(const written_configuration& what) {
    configure_with(
        "state_dir = \"" + state() + "\"\n" + what.top + "[teleport]\naddr = \"" +
        (what.addr.empty() ? sandbox.auth_address() : what.addr) + "\"\nidentity = \"" +
        sandbox.identity_file() + "\"\n[slack]\ntoken = \"" + what.token + "\"\napi_url = \"" +
        sandbox.slack_url() + "\"\n[role_to_recipients]\n\"*\" = [\"" + what.recipient + "\"]\n" + what.log
    );
}

void rig::configure_with(const std::string& text) {
    folder.write("hallpass.toml", text);
}

std::unique_ptr<running_hallpass> rig::start(std::map<std::string, std::string> more_environment) {
    more_environment["SSL_CERT_FILE"] = sandbox.ca_file();
    return std::make_unique<running_hallpass>(config_file(), more_environment);
}

std::unique_ptr<running_hallpass> rig::start_watching() {
    auto hallpass = start();
    hallpass->wait_for_event("watching");
    return hallpass;
}

void rig::request(std::string_view user) {
    command("/requests", {{"user", user}, {"roles", {"some-role"}}});
}

void rig::wait_for_post(std::string_view channel, std::string_view user) {
    eventually(std::string(user) + "'s request is in " + std::string(channel), [&] {
        return sandbox.posts(channel, user).size() == 1;
    });
}

void rig::command(std::string_view path, const boost::json::object& body) {
    sandbox.control().post(path, body);
}

std::string instance_of(running_hallpass& hallpass) {
    hallpass.wait_for_event("starting");
    const std::string key = "instance=";
    const std::string log = hallpass.log();
    return log.substr(log.find(key) + key.size(), 16);
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace hallpass::test
