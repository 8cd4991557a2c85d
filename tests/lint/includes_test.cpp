#include "include_rules.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace hallpass::lint;

namespace {

const std::filesystem::path source_root = HALLPASS_SOURCE_ROOT;

include_rules the_rules() {
    return parse_include_rules(
        hallpass::test::read_file((source_root / "docs" / "dependency-table.txt").string())
    );
}

std::size_t complaints(const std::string& file, const std::string& line) {
    return forbidden_includes(the_rules(), file, line + "\n").size();
}

} // namespace

TEST_CASE("no source file includes what the dependency table does not allow") {
    const include_rules rules = the_rules();
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_root / "src")) {
        const std::filesystem::path& path = entry.path();
        if (path.extension() != ".cpp" && path.extension() != ".hpp") {
            continue;
        }
        ++files;
        const std::string file = path.lexically_relative(source_root / "src").generic_string();
        for (const std::string& forbidden :
             forbidden_includes(rules, file, hallpass::test::read_file(path.string()))) {
            FAIL_CHECK(forbidden);
        }
    }
    CHECK(files > 50);
}

TEST_CASE("every folder of src stands in the dependency table") {
    const include_rules rules = the_rules();
    for (const auto& entry : std::filesystem::directory_iterator(source_root / "src")) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory() && name != "services") {
            CAPTURE(name);
            CHECK(rules.folders.contains(name));
        }
    }
}

TEST_CASE("no folder may include itself by way of others") {
    CHECK(cycle(the_rules()).empty());
}

TEST_CASE("a way round is found where the table has one") {
    const include_rules rules = parse_include_rules("[folders]\na: b\nb: c\nc: a\nd:\n");
    CHECK(cycle(rules) == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("an include against the arrows is reported with its line") {
    const auto found = forbidden_includes(the_rules(), "access/plan.cpp", "\n#include \"ports/clock.hpp\"\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0] == "src/access/plan.cpp:2: ports/clock.hpp: access may not include ports");
}

TEST_CASE("a service includes neither another service nor the network") {
    CHECK(complaints("services/slack/client.cpp", "#include \"services/slack/messages.hpp\"") == 0);
    CHECK(complaints("services/slack/client.cpp", "#include \"services/discord/messages.hpp\"") == 1);
    CHECK(complaints("services/slack/client.cpp", "#include \"net/client.hpp\"") == 1);
    CHECK(complaints("services/slack/client.cpp", "#include \"teleport/session.hpp\"") == 1);
}

TEST_CASE("heavy libraries stay in the folder that wraps them") {
    CHECK(complaints("net/client.cpp", "#include <boost/beast/http.hpp>") == 0);
    CHECK(complaints("workflow/race.hpp", "#include <boost/beast/http.hpp>") == 1);
    CHECK(complaints("teleport/call.hpp", "#include <grpcpp/channel.h>") == 0);
    CHECK(complaints("app/compose.cpp", "#include <grpcpp/channel.h>") == 1);
    CHECK(complaints("teleport/convert.cpp", "#include \"teleport/types.pb.h\"") == 0);
    CHECK(complaints("workflow/race.hpp", "#include \"teleport/types.pb.h\"") == 1);
}

TEST_CASE("the domain has the standard library and nothing that waits") {
    CHECK(complaints("access/plan.hpp", "#include <vector>") == 0);
    CHECK(complaints("access/plan.hpp", "#include <boost/asio/awaitable.hpp>") == 1);
    CHECK(complaints("access/plan.hpp", "#include <unistd.h>") == 1);
    CHECK(complaints("access/plan.hpp", "  #  include <google/protobuf/message.h>") == 1);
}

TEST_CASE("ports name awaitables and no other part of Asio") {
    CHECK(complaints("ports/clock.hpp", "#include <boost/asio/awaitable.hpp>") == 0);
    CHECK(complaints("ports/clock.hpp", "#include <boost/asio/steady_timer.hpp>") == 1);
}

TEST_CASE("a library that nobody wrote into the table is refused") {
    CHECK(complaints("net/client.cpp", "#include <curl/curl.h>") == 1);
}
