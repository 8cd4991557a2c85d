#include "rig.hpp"
#include "support/eventually.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace hallpass;
using test::has;

namespace {

void send_hup(test::running_hallpass& hallpass) {
    hallpass.program().send_signal(SIGHUP);
}

void wait_for_count(test::running_hallpass& hallpass, const std::string& event, std::size_t count) {
    test::eventually("hallpass logs " + event + " " + std::to_string(count) + " times", [&] {
        return hallpass.count_of(event) >= count;
    });
}

// After a reload that was refused: the old configuration still carries.
void check_still_works(test::rig& rig, test::running_hallpass& hallpass, std::string_view user) {
    rig.request(user);
    rig.wait_for_post("access-requests", user);
    CHECK(hallpass.count_of("reloaded") == 0);
    hallpass.program().send_signal(SIGTERM);
    CHECK(hallpass.program().wait() == 0);
}

} // namespace

TEST_CASE("SIGHUP applies a changed routing, and what was posted before stays known") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    rig.request("alice@example.com");
    rig.wait_for_post("access-requests", "alice@example.com");
    test::written_configuration changed;
    changed.recipient = "dba-requests";
    rig.configure(changed);
    send_hup(*hallpass);
    hallpass->wait_for_event("reloaded");
    wait_for_count(*hallpass, "watching", 2);
    rig.request("bob@example.com");
    rig.wait_for_post("dba-requests", "bob@example.com");
    CHECK(rig.sandbox.posts("access-requests", "bob@example.com").empty());
    CHECK(rig.sandbox.posts("access-requests", "alice@example.com").size() == 1);
    hallpass->program().send_signal(SIGTERM);
    CHECK(hallpass->program().wait() == 0);
}

TEST_CASE("SIGHUP with a broken file keeps the old configuration and names each error") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    rig.configure_with("[teleport]\naddr = 7\n[slack]\ntoken = true\n[role_to_recipients]\n\"*\" = \"x\"\n");
    send_hup(*hallpass);
    hallpass->wait_for_event("reload_refused");
    hallpass->wait_for_event("configuration_kept");
    const std::string log = hallpass->log();
    CHECK(has(log, "hallpass.toml:2: teleport.addr: must be a text"));
    CHECK(has(log, "hallpass.toml:4: slack.token: must be a text"));
    CHECK(hallpass->count_of("reload_refused") >= 2);
    check_still_works(rig, *hallpass, "alice@example.com");
}

TEST_CASE("SIGHUP without the file keeps the old configuration") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    std::filesystem::remove(rig.config_file());
    send_hup(*hallpass);
    hallpass->wait_for_event("configuration_kept");
    CHECK(has(hallpass->log(), "can't read " + rig.config_file()));
    check_still_works(rig, *hallpass, "alice@example.com");
}

TEST_CASE("SIGHUP with a token that is refused keeps the old one") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    test::written_configuration changed;
    changed.token = "xoxb-revoked";
    rig.configure(changed);
    send_hup(*hallpass);
    hallpass->wait_for_event("reload_refused");
    CHECK(has(hallpass->log(), "reload_refused error=\"slack: "));
    check_still_works(rig, *hallpass, "alice@example.com");
}

TEST_CASE("SIGHUP with a cluster that can't be reached keeps the old one") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    test::written_configuration changed;
    changed.addr = "127.0.0.1:" + std::to_string(test::free_port());
    rig.configure(changed);
    send_hup(*hallpass);
    hallpass->wait_for_event("reload_refused");
    CHECK(has(hallpass->log(), "reload_refused error=\"teleport: "));
    check_still_works(rig, *hallpass, "alice@example.com");
}

TEST_CASE("a service that only fails for now doesn't hinder a reload") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    wait_for_count(*hallpass, "service_ready", 1);
    rig.command("/fail", {{"method", "auth.test"}, {"status", 500}, {"n", 100}});
    send_hup(*hallpass);
    hallpass->wait_for_event("reloaded");
    CHECK(hallpass->count_of("service_not_ready") == 1);
}

TEST_CASE("SIGHUP applies where and how to log") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    const std::string file = rig.folder.file("new.log");
    test::written_configuration changed;
    changed.log = "[log]\noutput = \"" + file + "\"\nformat = \"json\"\n";
    rig.configure(changed);
    send_hup(*hallpass);
    const auto written = [&] {
        return std::filesystem::exists(file) ? test::read_file(file) : std::string();
    };
    test::eventually("the new log", [&] { return has(written(), "\"event\":\"watching\""); });
    CHECK(has(written(), "\"event\":\"reloaded\""));
    CHECK(hallpass->count_of("reloaded") == 0);
    // A log file that was moved away is opened anew.
    std::filesystem::rename(file, file + ".1");
    send_hup(*hallpass);
    test::eventually("the new log file", [&] { return has(written(), "\"event\":\"reloaded\""); });
    rig.request("alice@example.com");
    rig.wait_for_post("access-requests", "alice@example.com");
}

TEST_CASE("a SIGHUP during a reload leads to one more afterwards") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    wait_for_count(*hallpass, "service_ready", 1);
    rig.command("/delay", {{"method", "auth.test"}, {"ms", 1000}});
    send_hup(*hallpass);
    wait_for_count(*hallpass, "reloading", 1);
    CHECK(hallpass->count_of("reloaded") == 0);
    send_hup(*hallpass);
    send_hup(*hallpass);
    wait_for_count(*hallpass, "reloaded", 2);
    wait_for_count(*hallpass, "watching", 3);
    CHECK(hallpass->count_of("reloading") == 2);
}

TEST_CASE("SIGTERM during a reload ends it, and the process, at once") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    wait_for_count(*hallpass, "service_ready", 1);
    rig.command("/delay", {{"method", "auth.test"}, {"ms", 60'000}});
    send_hup(*hallpass);
    hallpass->wait_for_event("reloading");
    hallpass->program().send_signal(SIGTERM);
    CHECK(hallpass->program().wait(std::chrono::seconds(5)) == 0);
    CHECK(hallpass->count_of("stopped") == 1);
    CHECK(hallpass->count_of("reload_refused") == 0);
}
