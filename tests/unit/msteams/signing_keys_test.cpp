#include "bench.hpp"
#include "services/msteams/signing_keys.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::msteams;
using namespace hallpass::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

struct keys_bench : bench {
    keys_bench() { time.time = instant(1'700'000'000s); }

    signing_keys keys{http, time, "https://botlogin.example/v1/", "https://api.botframework.com"};

    void document(std::string_view url = "https://botlogin.example/v1/.well-known/keys") {
        says(json::serialize(json::object{
            {"issuer", "https://api.botframework.com"}, {"jwks_uri", std::string(url)}}));
    }

    void published() {
        says(json::serialize(json::object{
            {"keys", json::array{microsofts_key().published(json::array{"msteams"})}}}));
    }

    result<std::shared_ptr<const services::published_key>> find(const std::string& name) {
        return run([&] { return keys.find(name, "RS256", 3s); });
    }

    bool has(const std::string& name) {
        const auto found = find(name);
        return found.has_value() && *found != nullptr;
    }
};

} // namespace

TEST_CASE("keys are asked for once a day") {
    keys_bench all;
    all.document();
    all.published();
    CHECK(all.has("the-key"));
    all.time.time += 23h;
    CHECK(all.has("the-key"));
    REQUIRE(all.http.asked.size() == 2);
    CHECK(all.http.asked[0].url == "https://botlogin.example/v1/.well-known/openidconfiguration");
    CHECK(all.http.asked[1].url == "https://botlogin.example/v1/.well-known/keys");
    all.time.time += 2h;
    all.document();
    all.published();
    CHECK(all.has("the-key"));
    CHECK(all.http.asked.size() == 4);
}

TEST_CASE("a name that isn't among them is asked for at most once a minute, whoever asks") {
    keys_bench all;
    all.document();
    all.published();
    CHECK_FALSE(all.has("other"));
    CHECK_FALSE(all.has("another"));
    CHECK(all.http.asked.size() == 2);
    all.time.time += 61s;
    all.document();
    all.published();
    CHECK_FALSE(all.has("other"));
    CHECK_FALSE(all.has("another"));
    CHECK(all.http.asked.size() == 4);
}

TEST_CASE("when they can't be asked for, the old ones count for five days, and no longer") {
    keys_bench all;
    all.document();
    all.published();
    CHECK(all.has("the-key"));
    all.time.time += 25h;
    all.says("", 503);
    CHECK(all.has("the-key"));
    all.time.time += 5s; // not again at once
    CHECK(all.has("the-key"));
    CHECK(all.http.asked.size() == 3);
    all.time.time += 96h;
    all.says("", 503);
    CHECK(all.find("the-key").has_error());
}

TEST_CASE("documents that aren't the Bot Framework's, and keys elsewhere, are not taken") {
    keys_bench all;
    all.says(R"({"issuer":"https://evil.example","jwks_uri":"https://botlogin.example/v1/k"})");
    CHECK(all.find("the-key").has_error());
    all.time.time += 11s;
    all.document("https://evil.example/keys");
    CHECK(all.find("the-key").has_error());
    all.time.time += 11s;
    all.says("<html>");
    CHECK(all.find("the-key").has_error());
    CHECK(all.http.asked.size() == 3);
}
