#include "written_file.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace hallpass;

namespace {

using texts = std::vector<std::string>;

constexpr std::array<std::string_view, 2> of_post{"letters", "parcels"};
constexpr ports::service_kind slack{"slack", "", nullptr};
constexpr ports::service_kind post{"post", "", nullptr, false, {}, of_post, true};
constexpr std::array<const ports::service_kind*, 2> kinds{&slack, &post};

struct read_file {
    config::loaded read;
    texts said;
};

read_file load(std::string_view sections) {
    const test::scratch_folder folder;
    const std::string text = "[teleport]\nidentity = \"/id\"\n" + std::string(sections);
    const std::string path = folder.write("hallpass.toml", text);
    read_file made{config::load(path, kinds), {}};
    made.said = test::said_of(*made.read.found, path);
    return made;
}

texts names_of(const config::loaded& read) {
    texts names;
    for (const config::service_section& one : read.value->services) {
        names.emplace_back(one.kind->name);
    }
    return names;
}

} // namespace

TEST_CASE("any of a kind's further sections configures it, without its own") {
    for (const std::string section : {"letters", "parcels", "post"}) {
        CAPTURE(section);
        const auto [read, said] = load("[" + section + "]\n[role_to_recipients]\n\"*\" = \"r\"\n");
        CHECK(said == texts{});
        REQUIRE(names_of(read) == texts{"post"});
        CHECK(read.value->services.front().own.path() == "post");
    }
    CHECK(names_of(load("[slack]\n[role_to_recipients]\n\"*\" = \"r\"\n").read) == texts{"slack"});
}

TEST_CASE("what is said of an absent section names the section") {
    CHECK(
        load("[letters]\n").said ==
        texts{"error: FILE: post: nobody to tell; add [role_to_recipients] with \"*\" = [\"recipient\"]"}
    );
}

TEST_CASE("an absent section asks for its keys as an empty one does, and names what is wrong in it") {
    auto [read, said] = load("[letters]\n[role_to_recipients]\n\"*\" = \"r\"\n");
    REQUIRE(read.value);
    settings& own = read.value->services.front().own;
    CHECK_FALSE(own.has("anything"));
    CHECK_FALSE(own.text("anything"));
    own.error("anything", "is missing");
    CHECK(read.found->back().text.ends_with("hallpass.toml: post.anything: is missing"));
}

TEST_CASE("a further section that is misspelled is told of, and all sections are listed") {
    CHECK(
        load("[leters]\n").said ==
        texts{
            "error: FILE:3: leters: no such section or service; did you mean [letters]?",
            "error: FILE: no service is configured; add the section of one: [slack], [post], [letters], "
            "[parcels]"}
    );
}

TEST_CASE("a kind's own section that is no table is told of once, and is not a service") {
    const test::scratch_folder folder;
    const std::string path = folder.write(
        "F", "post = \"x\"\n[teleport]\nidentity = \"/id\"\n[role_to_recipients]\n\"*\" = \"r\"\n"
    );
    const config::loaded wrong = config::load(path, kinds);
    CHECK(test::said_of(*wrong.found, path) == texts{"error: FILE:1: post: must be a table, found a text"});
    CHECK(names_of(wrong) == texts{});
}

TEST_CASE("people can be known by their addresses, in any case of letters") {
    const std::string rest = "[letters]\n[role_to_recipients]\n\"*\" = \"r\"\n[post.users]\n";
    const auto [read, said] = load(rest + "\"Bob@Example.com\" = \"bob\"\n");
    CHECK(said == texts{});
    REQUIRE(names_of(read) == texts{"post"});
    CHECK(read.value->services.front().people.written == access::people{{"bob@example.com", "bob"}});
    CHECK(
        load(rest + "bob = \"Bob@Example.com\"\n").said ==
        texts{"error: FILE:7: post.users.bob: must be a mail address, with its Teleport user behind it"}
    );
}
