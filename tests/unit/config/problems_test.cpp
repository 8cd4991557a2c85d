#include "written_file.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::test::load_text;
using hallpass::test::said_of;
using hallpass::test::scratch_folder;

namespace {

using texts = std::vector<std::string>;

constexpr std::string_view good_rest = R"(
[slack]
[role_to_recipients]
"*" = "c"
)";

texts said_about(std::string_view teleport) {
    return load_text("[teleport]\n" + std::string(teleport) + std::string(good_rest)).said;
}

texts said_with(std::string_view rest) {
    const auto [read, said] = load_text("[teleport]\nidentity = \"/id\"\n" + std::string(rest));
    return said;
}

} // namespace

TEST_CASE("a file that is not there is named") {
    const scratch_folder folder;
    const std::string path = folder.path("none.toml");
    const auto read = config::load(path, {});
    CHECK_FALSE(read.value);
    CHECK(
        said_of(*read.found, path) ==
        texts{"error: can't read FILE: No such file or directory; check the path"}
    );
}

TEST_CASE("a directory is not a configuration") {
    const scratch_folder folder;
    const std::string path = folder.path("");
    const auto read = config::load(path, {});
    CHECK_FALSE(read.usable());
    CHECK(said_of(*read.found, path) == texts{"error: can't read FILE: Is a directory"});
}

TEST_CASE("a file far too big is refused before it is parsed") {
    const scratch_folder folder;
    const std::string path = folder.write("big.toml", std::string(1024 * 1024 + 1, '#'));
    const auto read = config::load(path, {});
    CHECK(
        said_of(*read.found, path) ==
        texts{"error: FILE holds more than 1048576 bytes; is it the right file?"}
    );
}

TEST_CASE("a state directory must be an absolute path") {
    CHECK(
        load_text("state_dir = \"state\"\n[teleport]\nidentity = \"/id\"\n" + std::string(good_rest)).said ==
        texts{"error: FILE:1: state_dir: must be an absolute path, such as /var/lib/hallpass"}
    );
}

TEST_CASE("whatever stands in the file, it is refused and ends nothing") {
    for (const std::string_view text :
         {"[slack]\na.\x01 = 1\n", "a.\xc3\xa9 = 1\n", "\xc3\xa9 = 1\n", "a = 1\xc3\xa9\n"}) {
        CAPTURE(text);
        const auto [read, said] = load_text(text);
        CHECK_FALSE(read.value);
        REQUIRE(said.size() == 1);
        CHECK(said.front().find(": not valid TOML: ") != std::string::npos);
    }
}

TEST_CASE("bad TOML is told with its line") {
    const auto [read, said] = load_text("[teleport]\naddr = \"x\n");
    CHECK_FALSE(read.value);
    REQUIRE(said.size() == 1);
    CHECK(said.front().starts_with("error: FILE:2: not valid TOML: "));
    CHECK(load_text("a = \"\xff\"").said.front().starts_with("error: FILE:1: not valid TOML: "));
    CHECK(load_text("a = 1\na = 2").said.front().starts_with("error: FILE:2: not valid TOML: "));
    CHECK(
        load_text("a = " + std::string(3000, '[')).said.front().starts_with("error: FILE:1: not valid TOML: ")
    );
}

TEST_CASE("every problem is told, not only the first") {
    const auto [read, said] = load_text(R"(on_uncertain = "maybe"
[teleport]
addr = 3025
[log]
severity = "loud"
format = "xml"
[slack]
)");
    CHECK(
        said ==
        texts{
            "error: FILE:3: teleport.addr: must be a text in quotes, found a number",
            "error: FILE:2: teleport: no credentials; set identity to the path of an identity file (tctl "
            "auth sign "
            "--format=file, or a Machine ID bot's output)",
            "error: FILE:5: log.severity: must be debug, info, warning or error, found \"loud\"",
            "error: FILE:6: log.format: must be text or json, found \"xml\"",
            "error: FILE:1: on_uncertain: must be \"resend\" or \"skip\", found \"maybe\"",
            "error: FILE:7: slack: nobody to tell; add [role_to_recipients] with \"*\" = [\"recipient\"]",
        }
    );
    CHECK(read.value);
    CHECK_FALSE(read.usable());
}

TEST_CASE("credentials are of one kind, and whole") {
    CHECK(
        said_about("identity = \"/id\"\nclient_key = \"/k\"\n") ==
        texts{"error: FILE:2: teleport.identity: stands beside client_key, client_crt or root_cas; keep one "
              "kind of "
              "credentials"}
    );
    CHECK(
        said_about("client_key = \"/k\"\n") ==
        texts{
            "error: FILE:1: teleport.client_crt: is missing; client_key, client_crt and root_cas belong "
            "together",
            "error: FILE:1: teleport.root_cas: is missing; client_key, client_crt and root_cas belong "
            "together",
        }
    );
    CHECK(
        said_about("identity = \"\"\nclient_key = \"/k\"\nclient_crt = \"/c\"\nroot_cas = \"/r\"\n") ==
        texts{}
    );
    CHECK(
        said_about("client_key = \"/k\"\nclient_crt = \"/c\"\nroot_cas = \"/r\"\nrefresh_identity = true\n"
        ) ==
        texts{
            "error: FILE:5: teleport.refresh_identity: needs identity; set it, or take refresh_identity out"}
    );
    CHECK(
        load_text(good_rest).said ==
        texts{"error: FILE: teleport: is missing; add [teleport] with addr and identity"}
    );
}

TEST_CASE("an address has a host and a port") {
    const auto refused = [](const std::string& addr) {
        return texts{
            "error: FILE:3: teleport.addr: must be host:port, such as auth.example.com:3025; found \"" +
            addr + '"'};
    };
    for (const auto* addr :
         {"example.com", "example.com:0", "example.com:70000", ":3025", "a b:3025", "http://x:1",
          "x:3025/path"}) {
        CHECK(said_about("identity = \"/id\"\naddr = \"" + std::string(addr) + "\"\n") == refused(addr));
    }
}

TEST_CASE("times are durations, and long enough") {
    CHECK(
        said_about("identity = \"/id\"\nrefresh_identity_interval = \"often\"\n") ==
        texts{"error: FILE:3: teleport.refresh_identity_interval: must be a duration such as \"30s\", "
              "\"1m30s\" or "
              "\"2h\", found \"often\""}
    );
    CHECK(
        said_about("identity = \"/id\"\nrefresh_identity_interval = \"0s\"\n") ==
        texts{"error: FILE:3: teleport.refresh_identity_interval: must be at least \"1s\""}
    );
    CHECK(
        said_about("identity = \"/id\"\nrefresh_identity_interval = 60\n") ==
        texts{"error: FILE:3: teleport.refresh_identity_interval: must be a text in quotes, found a number"}
    );
}

TEST_CASE("an unknown key is ignored with a warning that names the nearest known one") {
    CHECK(
        said_about("identity = \"/id\"\nadr = \"x:1\"\nzzzzzz = 1\n") ==
        texts{
            "warning: FILE:3: teleport.adr: unknown key, ignored; did you mean \"addr\"?",
            "warning: FILE:4: teleport.zzzzzz: unknown key, ignored",
        }
    );
    CHECK(
        said_with("[slack]\n[slack.role_to_recipients]\n\"*\" = \"c\"\n[log]\nseverty = \"info\"\n") ==
        texts{"warning: FILE:7: log.severty: unknown key, ignored; did you mean \"severity\"?"}
    );
}

TEST_CASE("an unknown section is an error: it would be a service that is silently not served") {
    CHECK(
        said_with("[slak]\n[role_to_recipients]\n\"*\" = \"c\"\n") ==
        texts{
            "error: FILE:3: slak: no such section or service; did you mean [slack]?",
            "error: FILE: no service is configured; add the section of one: [slack], [chat]",
        }
    );
    CHECK(
        said_with("[telegraph]\n[slack]\n[role_to_recipients]\n\"*\" = \"c\"\n") ==
        texts{"error: FILE:3: telegraph: no such service; this version has [slack], [chat]"}
    );
}

TEST_CASE("a section must be a table") {
    CHECK(
        load_text("slack = \"xoxb\"\n[teleport]\nidentity = \"/id\"\n[role_to_recipients]\n\"*\" = \"c\"\n")
            .said == texts{"error: FILE:1: slack: must be a table, found a text"}
    );
}

TEST_CASE("the wildcard must name somebody") {
    const texts missing{"error: FILE:4: role_to_recipients.\"*\": must name at least one recipient: who is "
                        "told of roles that have no "
                        "line of their own; add \"*\" = [\"recipient\"]"};
    CHECK(said_with("[slack]\n[role_to_recipients]\ndev = \"c\"\n") == missing);
    const auto empty = said_with("[slack]\n[role_to_recipients]\n\"*\" = []\n");
    REQUIRE(empty.size() == 1);
    CHECK(
        empty.front().starts_with("error: FILE:5: role_to_recipients.\"*\": must name at least one recipient")
    );
    const auto own =
        said_with("[slack]\n[slack.role_to_recipients]\ndev = \"c\"\n[role_to_recipients]\n\"*\" = \"c\"");
    REQUIRE(own.size() == 1);
    CHECK(own.front().starts_with(
        "error: FILE:4: slack.role_to_recipients.\"*\": must name at least one recipient"
    ));
}

TEST_CASE("recipients are texts") {
    CHECK(
        said_with("[slack]\n[role_to_recipients]\n\"*\" = [\"c\", 1]\n") ==
        texts{"error: FILE:5: role_to_recipients.\"*\": must be a text or a list of texts, found a number"}
    );
    CHECK(
        said_with("[slack]\n[role_to_recipients]\n\"*\" = \"c\"\ndev = [\"\"]\n") ==
        texts{"error: FILE:6: role_to_recipients.dev: holds an empty text; fill it in or take it out"}
    );
}

TEST_CASE("a log file by a bare name is taken, and questioned") {
    CHECK(
        said_with("[slack]\n[role_to_recipients]\n\"*\" = \"c\"\n[log]\noutput = \"syslog\"\n") ==
        texts{"warning: FILE:7: log.output: is taken as the name of a file in the working directory, found "
              "\"syslog\""}
    );
}
