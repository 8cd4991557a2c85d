#include "rig.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace hallpass;
using test::has;
using test::instance_of;

TEST_CASE("a restart keeps the instance's id, however the life before it ended") {
    test::rig rig;
    std::string first;
    {
        const auto hallpass = rig.start();
        first = instance_of(*hallpass);
        hallpass->program().send_signal(SIGTERM);
        CHECK(hallpass->program().wait() == 0);
    }
    {
        const auto hallpass = rig.start();
        CHECK(instance_of(*hallpass) == first);
        hallpass->program().send_signal(SIGKILL);
        hallpass->program().wait();
    }
    const auto hallpass = rig.start();
    CHECK(instance_of(*hallpass) == first);
}

TEST_CASE("two processes with one state directory have different ids") {
    test::rig rig;
    const auto first = rig.start();
    const std::string id_of_first = instance_of(*first);
    const auto second = rig.start();
    CHECK(instance_of(*second) != id_of_first);
    CHECK(id_of_first == instance_of(*first));
}

TEST_CASE("without a usable state directory it works all the same, and says what to mend") {
    test::rig rig;
    rig.configure_with(
        "state_dir = \"relative\"\n" +
        test::read_file(rig.config_file()).substr(test::read_file(rig.config_file()).find('\n') + 1)
    );
    const auto refused = rig.start();
    CHECK(refused->program().wait() == 1);
    CHECK(has(refused->log(), "hallpass.toml:1: state_dir: must be an absolute path"));
    rig.configure_with(
        "state_dir = \"/proc/hallpass\"\n" +
        test::read_file(rig.config_file()).substr(test::read_file(rig.config_file()).find('\n') + 1)
    );
    const auto hallpass = rig.start_watching();
    CHECK(hallpass->count_of("no_state_directory") == 1);
    CHECK(has(hallpass->log(), "state directory /proc/hallpass can't be used"));
    CHECK(instance_of(*hallpass).size() == 16);
    rig.request("alice@example.com");
    rig.wait_for_post("access-requests", "alice@example.com");
}
