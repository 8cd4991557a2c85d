#include "support/eventually.hpp"
#include "support/http_peer.hpp"
#include "support/process.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <sstream>

using namespace hallpass;

namespace {

struct ended {
    int status;
    std::string out;
    std::string err;
};

// `hallpass check` or `hallpass start`, run to its end.
ended run(
    const std::string& command, const std::string& config, std::map<std::string, std::string> environment = {}
) {
    const test::temp_dir state;
    environment["STATE_DIRECTORY"] = state.path().string();
    test::process program({HALLPASS_PROGRAM, command, "-c", config}, environment);
    const int status = program.wait(std::chrono::seconds(60));
    return {status, program.standard_output(), program.standard_error()};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
    std::vector<std::string> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (has(line, part)) {
            found.push_back(line);
        }
    }
    return found;
}

std::string with_teleport(const std::string& teleport, const std::string& slack = "token = \"xoxb-1\"\n") {
    return "[teleport]\n" + teleport + "[slack]\n" + slack +
           "[role_to_recipients]\n\"*\" = \"access-requests\"\n";
}

// Both commands refuse the file with one line that has all the parts, and exit with 1.
void check_refused(const std::string& config, const std::vector<std::string>& parts) {
    for (const std::string command : {"check", "start"}) {
        const ended refused = run(command, config);
        CAPTURE(command);
        CAPTURE(refused.err);
        CHECK(refused.status == 1);
        CHECK(refused.out.empty());
        const std::vector<std::string> errors = lines_with(refused.err, "hallpass: error: ");
        REQUIRE(errors.size() == 1);
        CHECK(errors[0] + "\n" == refused.err);
        for (const std::string& part : parts) {
            CAPTURE(part);
            CHECK(has(errors[0], part));
        }
    }
}

std::string config_for(
    const test::running_sandbox& sandbox,
    const std::string& auth,
    const std::string& identity,
    const std::string& token = "xoxb-sandbox-token",
    const std::string& recipients = "[\"access-requests\"]"
) {
    return "[teleport]\naddr = \"" + auth + "\"\nidentity = \"" + identity + "\"\n[slack]\ntoken = \"" +
           token + "\"\napi_url = \"" + sandbox.slack_url() +
           "\"\n[role_to_recipients]\n\"*\" = " + recipients + "\n";
}

std::map<std::string, std::string> trusting(const test::running_sandbox& sandbox) {
    return {{"SSL_CERT_FILE", sandbox.ca_file()}};
}

// `hallpass check` fails with one line about the part that is named, and that line has all the parts.
void check_fails(
    const test::running_sandbox& sandbox,
    const std::string& config,
    const std::string& about,
    const std::vector<std::string>& parts
) {
    const ended failed = run("check", config, trusting(sandbox));
    CAPTURE(failed.out);
    CAPTURE(failed.err);
    CHECK(failed.status == 1);
    const std::vector<std::string> lines = lines_with(failed.out, "FAIL");
    REQUIRE(lines.size() == 1);
    CHECK(has(lines[0], about));
    for (const std::string& part : parts) {
        CAPTURE(part);
        CHECK(has(lines[0], part));
    }
}

void set(const test::running_sandbox& sandbox, std::string_view what, const boost::json::object& to) {
    sandbox.control().post(what, to);
}

} // namespace

TEST_CASE("a configuration that isn't there or can't be read is named") {
    const test::temp_dir folder;
    check_refused(folder.file("missing.toml"), {folder.file("missing.toml"), "No such file"});
    check_refused(folder.path().string(), {folder.path().string(), "directory"});
}

TEST_CASE("a file that is not TOML is refused with its line") {
    const test::temp_dir folder;
    const std::string config = folder.write("bad.toml", "[teleport]\naddr = \"a:1\"\nidentity = = 3\n");
    check_refused(config, {config + ":3"});
}

TEST_CASE("bytes that are no text are refused as a configuration") {
    const test::temp_dir folder;
    const std::string config = folder.write("bytes.toml", std::string("\x00\xff\xfe\x01[x", 6));
    check_refused(config, {config});
}

TEST_CASE("a value of the wrong type is refused with file, line and key") {
    const test::temp_dir folder;
    const std::string config =
        folder.write("type.toml", with_teleport("addr = \"a:1\"\nidentity = \"/i\"\n", "token = 12\n"));
    check_refused(config, {config + ":5", "slack.token"});
}

TEST_CASE("no credentials, and two kinds of them, are refused") {
    const test::temp_dir folder;
    const std::string none = folder.write("none.toml", with_teleport("addr = \"a:1\"\n"));
    check_refused(none, {none + ":1", "teleport", "identity"});
    const std::string both = folder.write(
        "both.toml", with_teleport("addr = \"a:1\"\nidentity = \"/i\"\nclient_key = \"/k\"\n"
                                   "client_crt = \"/c\"\nroot_cas = \"/r\"\n")
    );
    check_refused(both, {both + ":3", "teleport.identity"});
}

TEST_CASE("an unknown key is warned about, with the nearest known one") {
    const test::temp_dir folder;
    const std::string config = folder.write(
        "unknown.toml",
        with_teleport("addr = \"127.0.0.1:1\"\nidentity = \"/nowhere\"\nrefresh_identitty = true\n")
    );
    const ended checked = run("check", config);
    const std::vector<std::string> warnings = lines_with(checked.err, "hallpass: warning: ");
    CAPTURE(checked.err);
    REQUIRE(warnings.size() == 1);
    CHECK(has(warnings[0], config + ":4"));
    CHECK(has(warnings[0], "refresh_identitty"));
    CHECK(has(warnings[0], "refresh_identity\""));
}

TEST_CASE("an identity file that is cut short, mixed up or expired is named with its fault") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string whole = test::read_file(sandbox.identity_file());
    const std::string missing = folder.file("nowhere");
    check_fails(
        sandbox, folder.write("missing.toml", config_for(sandbox, sandbox.auth_address(), missing)),
        "teleport", {missing, "No such file"}
    );
    const std::string cut = folder.write("cut", whole.substr(0, whole.size() / 2));
    check_fails(
        sandbox, folder.write("cut.toml", config_for(sandbox, sandbox.auth_address(), cut)), "teleport", {cut}
    );
    // The key of the first identity before the certificates of the second.
    set(sandbox, "/rotate", {});
    const std::string renewed = test::read_file(sandbox.identity_file());
    const std::string key_end = "-----END PRIVATE KEY-----\n";
    REQUIRE(whole.find(key_end) != std::string::npos);
    const std::string mixed =
        folder.write("mixed", whole.substr(0, whole.find(key_end)) + renewed.substr(renewed.find(key_end)));
    check_fails(
        sandbox, folder.write("mixed.toml", config_for(sandbox, sandbox.auth_address(), mixed)), "teleport",
        {mixed, "does not belong to the certificate"}
    );
}

TEST_CASE("an expired certificate is named with the time when it ended") {
    const test::running_sandbox sandbox({"--identity-ttl", "-30"});
    const test::temp_dir folder;
    check_fails(
        sandbox,
        folder.write("expired.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file())),
        "teleport", {sandbox.identity_file(), "expired"}
    );
}

TEST_CASE("a cluster that signed with another authority is refused, and so is what is no cluster at all") {
    const test::running_sandbox sandbox;
    const test::running_sandbox other;
    const test::temp_dir folder;
    check_fails(
        sandbox, folder.write("ca.toml", config_for(sandbox, other.auth_address(), sandbox.identity_file())),
        "teleport", {other.auth_address()}
    );
    // The control port speaks HTTP without TLS.
    const std::string web = sandbox.control().address();
    check_fails(
        sandbox, folder.write("http.toml", config_for(sandbox, web, sandbox.identity_file())), "teleport",
        {web}
    );
}

TEST_CASE("a server that is too old is named with its version, and ends start") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    set(sandbox, "/settings", {{"server_version", "6.0.3"}});
    const std::string config =
        folder.write("old.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file()));
    check_fails(sandbox, config, "teleport", {"6.0.3", "too old"});
    const ended started = run("start", config, trusting(sandbox));
    CAPTURE(started.err);
    CHECK(started.status == 1);
    CHECK(lines_with(started.err, "6.0.3").size() == 1);
}

TEST_CASE("a token that Slack refuses is said so by check, and ends start") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string config = folder.write(
        "token.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file(), "xoxb-wrong-token")
    );
    check_fails(sandbox, config, "slack", {"invalid_auth", "token"});
    const ended started = run("start", config, trusting(sandbox));
    CAPTURE(started.err);
    CHECK(started.status == 1);
    CHECK(has(started.err, "invalid_auth"));
    CHECK_FALSE(has(started.err, "xoxb-wrong-token"));
}

TEST_CASE("a recipient that doesn't exist is warned about, and the others are served") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string config = folder.write(
        "recipient.toml", config_for(
                              sandbox, sandbox.auth_address(), sandbox.identity_file(), "xoxb-sandbox-token",
                              "[\"nobody@example.com\", \"access-requests\"]"
                          )
    );
    check_fails(sandbox, config, "nobody@example.com", {"slack"});
    test::running_hallpass hallpass(config, trusting(sandbox));
    hallpass.wait_for_event("watching");
    set(sandbox, "/requests", {{"user", "alice@example.com"}, {"roles", {"dba"}}});
    test::eventually("the message in the channel", [&] {
        return sandbox.posts("access-requests", "alice@example.com").size() == 1;
    });
    test::eventually("the warning", [&] { return has(hallpass.log(), "nobody@example.com"); });
}

TEST_CASE("an Auth Service that can't be reached is waited for, and said so") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string config =
        folder.write("later.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file()));
    set(sandbox, "/down", {{"side", "auth"}, {"down", true}});
    check_fails(sandbox, config, "teleport", {sandbox.auth_address()});
    test::running_hallpass hallpass(config, trusting(sandbox));
    test::eventually("it says where it can't connect", [&] {
        return has(hallpass.log(), sandbox.auth_address());
    });
    CHECK_FALSE(hallpass.program().exit_status().has_value());
    set(sandbox, "/down", {{"side", "auth"}, {"down", false}});
    hallpass.wait_for_event("watching");
    hallpass.program().send_signal(SIGTERM);
    CHECK(hallpass.program().wait() == 0);
}

TEST_CASE("an event stream that doesn't begin with INIT is left, and tried again") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string config =
        folder.write("init.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file()));
    set(sandbox, "/settings", {{"watch_without_init", true}});
    test::running_hallpass hallpass(config, trusting(sandbox));
    test::eventually("it says what is wrong", [&] {
        return has(hallpass.log(), "does not begin with INIT");
    });
    set(sandbox, "/requests", {{"user", "alice@example.com"}, {"roles", {"dba"}}});
    set(sandbox, "/settings", {{"watch_without_init", false}});
    hallpass.wait_for_event("watching");
    test::eventually("the message in the channel", [&] {
        return sandbox.posts("access-requests", "alice@example.com").size() == 1;
    });
}

TEST_CASE("bytes that are neither protobuf nor JSON end in one line, not in a crash") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string config =
        folder.write("garbage.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file()));
    set(sandbox, "/garbage", {{"method", "Ping"}});
    check_fails(sandbox, config, "teleport", {"Ping"});
    set(sandbox, "/garbage", {{"method", "auth.test"}, {"n", 10}});
    check_fails(sandbox, config, "slack", {"auth.test"});
}

TEST_CASE("an event stream that begins with bytes that mean nothing is left, and tried again") {
    const test::running_sandbox sandbox;
    const test::temp_dir folder;
    const std::string config =
        folder.write("stream.toml", config_for(sandbox, sandbox.auth_address(), sandbox.identity_file()));
    set(sandbox, "/garbage", {{"method", "WatchEvents"}});
    test::running_hallpass hallpass(config, trusting(sandbox));
    hallpass.wait_for_event("watching");
    CHECK(has(hallpass.log(), "WatchEvents"));
}
