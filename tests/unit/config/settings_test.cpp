#include "base/settings.hpp"
#include "config/toml.hpp"
#include "written_file.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::test::scratch_folder;

namespace {

using texts = std::vector<std::string>;

struct opened {
    std::shared_ptr<problems> found = std::make_shared<problems>();
    settings top;

    explicit opened(const std::string& toml) : top("FILE", config::parse_toml("FILE", toml, *found), found) {}

    texts said() const {
        texts all;
        for (const problem& one : *found) {
            all.push_back(one.text);
        }
        return all;
    }
};

} // namespace

TEST_CASE("durations have Go's spelling") {
    using namespace std::chrono_literals;
    CHECK(parse_duration("1m30s") == 90s);
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("2h") == 2h);
    CHECK(parse_duration("1.5h") == 90min);
    CHECK(parse_duration(".5s") == 500ms);
    CHECK(parse_duration("0") == 0ms);
    CHECK(parse_duration("1500us") == 2ms);
    for (const auto* bad :
         {"", "1", "s", "1x", "-1s", "1s ", "1..5s", ".s", "1s1", "999999999999999999999h"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_duration(bad));
    }
}

TEST_CASE("values are typed, and a wrong type is a problem with its line") {
    opened file("a = 1\nb = true\nc = \"x\"\nd = 1.5\ne = []\nf = 1979-05-27\n[g]\n");
    CHECK(file.top.number("a") == 1);
    CHECK(file.top.flag("b") == true);
    CHECK(file.top.text("c") == "x");
    CHECK_FALSE(file.top.text("absent"));
    CHECK(file.said() == texts{});
    CHECK_FALSE(file.top.flag("a"));
    CHECK_FALSE(file.top.number("d"));
    CHECK_FALSE(file.top.text("e"));
    CHECK_FALSE(file.top.text("g"));
    CHECK_FALSE(file.top.table("c"));
    CHECK_FALSE(file.top.duration("f"));
    CHECK(
        file.said() ==
        texts{
            "FILE:1: a: must be true or false, without quotes, found a number",
            "FILE:4: d: must be a whole number, without quotes, found a number with a fraction",
            "FILE:5: e: must be a text in quotes, found a list",
            "FILE:7: g: must be a text in quotes, found a table",
            "FILE:3: c: must be a table, found a text",
            "FILE:6: f: must be a duration such as \"30s\", \"1m30s\" or \"2h\", found \"1979-05-27\"",
        }
    );
}

TEST_CASE("a key is found in any case of letters where that is asked for") {
    opened file("APIURL = \"x\"\n");
    CHECK(file.top.as_spelled("apiurl") == "APIURL");
    CHECK(file.top.as_spelled("other") == "other");
}

TEST_CASE("a secret is written out, or is the content of a file given by an absolute path") {
    const scratch_folder folder;
    const std::string path = folder.write("token", " xoxb-1\n");
    opened file("a = \"xoxb-2\"\nb = \"" + path + "\"\n");
    const auto written = file.top.secret_text("a");
    const auto from_file = file.top.secret_text("b");
    REQUIRE(written);
    REQUIRE(from_file);
    CHECK(written->reveal() == "xoxb-2");
    CHECK(from_file->reveal() == "xoxb-1");
    CHECK(file.said() == texts{});
}

TEST_CASE("a secret that can't be had is told with the mend, and never shown") {
    const scratch_folder folder;
    const std::string empty = folder.write("empty", "\n \n");
    const std::string big = folder.write("big", std::string(2001, 'x'));
    const std::string two = folder.write("two", "xoxb-1\nxoxb-2\n");
    opened file(
        "a = \"/no/such/file\"\nb = \"" + empty + "\"\nc = \"" + big + "\"\nd = \"" + two +
        "\"\ne = \"top secret\"\n"
    );
    for (const auto* key : {"a", "b", "c", "d", "e"}) {
        CHECK_FALSE(file.top.secret_text(key));
    }
    CHECK(
        file.said() ==
        texts{
            "FILE:1: a: can't read /no/such/file: No such file or directory; check the path",
            "FILE:2: b: " + empty + " is empty; put the secret into it",
            "FILE:3: c: " + big + " holds more than 2000 bytes; is it the right file?",
            "FILE:4: d: " + two + " holds more than one word; the secret must be alone in it, on one line",
            "FILE:5: e: holds a space or a control character; paste the secret alone, on one line",
        }
    );
}

TEST_CASE("a secret of exactly 2,000 bytes is taken whole") {
    const scratch_folder folder;
    opened file("a = \"" + folder.write("limit", std::string(2000, 'x')) + "\"\n");
    const auto taken = file.top.secret_text("a");
    REQUIRE(taken);
    CHECK(taken->reveal().size() == 2000);
}

TEST_CASE("unknown keys are told once, also in tables below that were asked for") {
    opened file("known = 1\nknwon = 1\n[below]\nother = 1\n[never]\nx = 1\n");
    file.top.number("known");
    auto below = file.top.table("below");
    REQUIRE(below);
    below->accept("otter");
    file.top.warn_of_unknown_keys();
    CHECK(
        file.said() ==
        texts{
            "FILE:2: knwon: unknown key, ignored; did you mean \"known\"?",
            "FILE:5: never: unknown key, ignored",
            "FILE:4: below.other: unknown key, ignored; did you mean \"otter\"?",
        }
    );
}

TEST_CASE("a foreign key can't break the line it is told in") {
    opened file("\"a\\nb\" = 1\n");
    file.top.warn_of_unknown_keys();
    CHECK(file.said() == texts{"FILE:1: \"a b\": unknown key, ignored"});
}
