#include "base/small_file.hpp"
#include "config/load.hpp"
#include "services/json_members.hpp"
#include "services/msteams/configure.hpp"
#include "services/msteams/msteams_kind.hpp"
#include "services/msteams/package.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <array>
#include <filesystem>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::msteams;

namespace {

constexpr const char* app = "0a990000-0000-4000-8000-00000000b017";
constexpr const char* tenant = "7e4a4700-0000-4000-8000-0000000000aa";

std::string content_of(const std::string& folder, const char* name) {
    const auto read = read_small_file(folder + '/' + name, 1024 * 1024);
    REQUIRE(read.has_value());
    return *read;
}

struct folder {
    folder() { std::filesystem::remove_all(path); }

    ~folder() { std::filesystem::remove_all(path); }

    std::string path = std::string(SCRATCH_FILE) + ".package";
};

} // namespace

TEST_CASE("the package has a manifest with both ids, two icons, and an archive of the three") {
    const folder made;
    const auto done = configure_msteams({made.path, "--app-id", app, "--tenant-id", tenant});
    REQUIRE(done.has_value());
    const std::string manifest = content_of(made.path, "manifest.json");
    const auto parsed = parse_foreign(manifest);
    REQUIRE(parsed);
    CHECK(parsed->at("bots").at(0).at("botId") == app);
    CHECK(parsed->at("webApplicationInfo").at("id") == app);
    CHECK(parsed->at("bots").at(0).at("isNotificationOnly") == false);
    const std::string id(parsed->at("id").as_string());
    CHECK(done->find("teams_app_id = \"" + id + '"') != std::string::npos);
    const std::string archive = content_of(made.path, "app.zip");
    CHECK(archive.starts_with(std::string("PK\x03\x04", 4)));
    for (const char* name : {"manifest.json", "color.png", "outline.png"}) {
        CHECK(archive.find(content_of(made.path, name)) != std::string::npos);
    }
    CHECK(content_of(made.path, "color.png").starts_with("\x89PNG\r\n"));
}

TEST_CASE("the configuration that it writes is one") {
    const folder made;
    REQUIRE(
        configure_msteams({made.path, "--app-id", app, "--tenant-id", tenant, "--region", "amer"}).has_value()
    );
    const std::array<const ports::service_kind*, 1> kinds{&msteams_kind};
    const auto loaded = config::load(made.path + "/hallpass.toml", kinds);
    CHECK(loaded.usable());
    REQUIRE(loaded.value);
    settings own = loaded.value->services.at(0).own;
    CHECK(own.text("app_id") == app);
    CHECK(own.text("tenant_id") == tenant);
    CHECK(own.text("region") == "amer");
}

TEST_CASE("done again it keeps the ids and the configuration, and writes the same") {
    const folder made;
    REQUIRE(configure_msteams({made.path, "--app-id", app}).has_value());
    const std::string archive = content_of(made.path, "app.zip");
    const std::string configuration = content_of(made.path, "hallpass.toml");
    const auto again = configure_msteams({made.path, "--tenant-id", tenant});
    REQUIRE(again.has_value());
    CHECK(again->find("(kept)") != std::string::npos);
    CHECK(content_of(made.path, "app.zip") == archive);
    CHECK(content_of(made.path, "hallpass.toml") == configuration);
}

TEST_CASE("what is missing or wrong is told with the usage, and nothing is written") {
    const folder made;
    for (const auto& [arguments, part] : std::vector<std::pair<std::vector<std::string>, const char*>>{
             {{}, "a directory is missing"},
             {{made.path, "--app-id"}, "nothing behind --app-id"},
             {{made.path, "--app-id", "x"}, "--app-id must be an id"},
             {{made.path, "other", "--app-id", app}, "two directories"},
             {{made.path, "--app-id", app, "--region", "a/b"}, "--region must be one word"},
             {{made.path, "--colour", "red"}, "no such option: --colour"}}) {
        CAPTURE(part);
        const auto done = configure_msteams(arguments);
        REQUIRE(done.has_error());
        CHECK(done.error().text().find(part) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(made.path));
    }
    const auto without = configure_msteams({made.path});
    REQUIRE(without.has_error());
    CHECK(without.error().text().find("--app-id is missing") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(made.path + "/app.zip"));
    CHECK(configure_msteams({"/dev/null/x", "--app-id", app}).has_error());
}
