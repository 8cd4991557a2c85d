#include "rig.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

using namespace hallpass;
using test::has;
using test::instance_of;

namespace {

struct told {
    int status;
    std::string out;
    std::string err;
};

told ask(const test::rig& rig, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command{HALLPASS_PROGRAM, "status", "-c", rig.config_file()};
    command.insert(command.end(), more.begin(), more.end());
    test::process program(command);
    const int status = program.wait();
    return {status, program.standard_output(), program.standard_error()};
}

} // namespace

TEST_CASE("hallpass status shows every instance, as a table and as JSON") {
    test::rig rig;
    const auto first = rig.start_watching();
    const auto second = rig.start_watching();
    rig.request("alice@example.com");
    rig.wait_for_post("access-requests", "alice@example.com");
    const told table = ask(rig);
    CAPTURE(table.out);
    CHECK(table.status == 0);
    CHECK(table.err.empty());
    for (const auto& hallpass : {first.get(), second.get()}) {
        CHECK(has(table.out, "instance " + instance_of(*hallpass)));
        CHECK(has(table.out, "process " + std::to_string(hallpass->program().id())));
    }
    CHECK(has(table.out, "connected to " + rig.sandbox.auth_address()));
    CHECK(has(table.out, "1 open request"));
    CHECK(has(table.out, "PENDING"));
    const told json = ask(rig, {"--json"});
    CHECK(json.status == 0);
    const boost::json::value all = boost::json::parse(json.out);
    REQUIRE(all.as_array().size() == 2);
    CHECK(all.at(0).at("instance").as_string() == instance_of(*first));
    CHECK(all.at(1).at("instance").as_string() == instance_of(*second));
    CHECK(all.at(0).at("teleport").at("connected").as_bool());
    CHECK(all.at(0).at("services").at(0).at("service").as_string() == "slack");
    CHECK(all.at(0).at("services").at(0).at("requests").as_array().size() == 1);
}

TEST_CASE("hallpass status without a running hallpass is one line and exit status 1") {
    test::rig rig;
    const std::string nobody = "hallpass: error: no hallpass runs with the state directory " + rig.state() +
                               "; start one, or name the configuration of the running one with -c FILE\n";
    const told before = ask(rig);
    CHECK(before.status == 1);
    CHECK(before.err == nobody);
    const auto hallpass = rig.start_watching();
    hallpass->program().send_signal(SIGKILL);
    hallpass->program().wait();
    REQUIRE(std::filesystem::exists(rig.state() + "/instance-0.sock"));
    const told after = ask(rig);
    CHECK(after.status == 1);
    CHECK(after.err == nobody);
    CHECK(after.out.empty());
    // The next life takes the name over, and takes it away at its end.
    const auto next = rig.start_watching();
    CHECK(ask(rig).status == 0);
    next->program().send_signal(SIGTERM);
    CHECK(next->program().wait() == 0);
    CHECK_FALSE(std::filesystem::exists(rig.state() + "/instance-0.sock"));
}

TEST_CASE("hallpass status says why there is no connection, and what a reload was refused for") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    rig.configure_with("state_dir = \"" + rig.state() + "\"\n[slack]\ntoken = 7\n");
    hallpass->program().send_signal(SIGHUP);
    hallpass->wait_for_event("configuration_kept");
    rig.command("/down", {{"side", "auth"}});
    hallpass->wait_for_event("teleport_connection_lost");
    test::eventually("it says why", [&] {
        const told table = ask(rig);
        return has(table.out, "a later reload was refused: " + rig.config_file()) &&
               has(table.out, "not connected to " + rig.sandbox.auth_address()) &&
               has(table.out, "Connection refused");
    });
}

TEST_CASE("hallpass status doesn't wait for an instance that is silent") {
    test::rig rig;
    const auto silent = rig.start_watching();
    const auto sound = rig.start_watching();
    silent->program().send_signal(SIGSTOP);
    const told table = ask(rig);
    silent->program().send_signal(SIGCONT);
    CHECK(table.status == 0);
    CHECK(has(table.out, instance_of(*sound)));
    CHECK(
        table.err == "hallpass: error: " + rig.state() + "/instance-0.sock: no whole answer within 5000 ms\n"
    );
}
