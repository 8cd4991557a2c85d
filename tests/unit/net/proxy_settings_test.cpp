#include "net/proxy_settings.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace hallpass::net {

namespace {

result<proxy_settings> from(std::map<std::string, std::string> variables) {
    return read_proxy_settings([variables](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

} // namespace

TEST_CASE("NO_PROXY is read as Go reads it") {
    struct example {
        std::string no_proxy;
        std::string target;
        bool proxied;
    };

    const std::vector<example> examples = {
        {"", "https://slack.com/", true},
        {"", "http://slack.com/", true},
        {"*", "https://slack.com/", false},
        {"slack.com", "https://slack.com/", false},
        {"slack.com", "https://api.slack.com/", false},
        {"SLACK.com", "https://api.Slack.com/", false},
        {"slack.com", "https://notslack.com/", true},
        {".slack.com", "https://api.slack.com/", false},
        {".slack.com", "https://slack.com/", true},
        {"*.slack.com", "https://api.slack.com/", false},
        {" a.com , slack.com ", "https://slack.com/", false},
        {"slack.com:443", "https://slack.com/", false},
        {"slack.com:8443", "https://slack.com/", true},
        {"slack.com:8443", "https://slack.com:8443/", false},
        {"10.1.2.3", "https://10.1.2.3/", false},
        {"10.1.2.3", "https://10.1.2.4/", true},
        {"10.1.2.3:80", "http://10.1.2.3/", false},
        {"10.1.0.0/16", "https://10.1.200.3/", false},
        {"10.1.0.0/16", "https://10.2.0.3/", true},
        {"10.1.0.0/99", "https://10.1.0.3/", true},
        {"2001:db8::/32", "https://[2001:db8::5]/", false},
        {"2001:db8::5", "https://[2001:db8:0::5]/", false},
        {"[2001:db8::5]:443", "https://[2001:db8::5]/", false},
        {"10.0.0.0/8", "https://[2001:db8::5]/", true},
        {"", "https://localhost/", false},
        {"", "https://127.8.8.8/", false},
        {"", "https://[::1]/", false},
    };
    for (const example& given : examples) {
        CAPTURE(given.no_proxy);
        CAPTURE(given.target);
        const auto settings = from(
            {{"HTTPS_PROXY", "proxy.test:3128"},
             {"http_proxy", "http://proxy.test"},
             {"NO_PROXY", given.no_proxy}}
        );
        REQUIRE(settings.has_value());
        const auto target = parse_url(given.target);
        REQUIRE(target.has_value());
        CHECK((settings->proxy_for(*target) != nullptr) == given.proxied);
    }
}

TEST_CASE("the variables say which proxy, in either case, with user and password") {
    const auto settings =
        from({{"https_proxy", "http://me:p%40ss@proxy.test:3128/"}, {"HTTP_PROXY", "[::1]:81"}});
    REQUIRE(settings.has_value());
    CHECK(settings->for_https->host == "proxy.test");
    CHECK(settings->for_https->port == 3128);
    CHECK(settings->for_https->authorization.reveal() == "Basic bWU6cEBzcw==");
    CHECK(settings->for_http->host == "::1");
    CHECK(settings->for_http->port == 81);
    CHECK(settings->for_http->authorization.empty());
    CHECK(!from({}).value().for_https.has_value());
}

TEST_CASE("a proxy that can't be used is refused without showing its password") {
    for (const char* bad :
         {"socks5://u:hidden@p:1", "https://u:hidden@p:1", "http://u:hidden@p:x", "http://u:hidden@"}) {
        CAPTURE(bad);
        const auto settings = from({{"HTTPS_PROXY", bad}});
        REQUIRE(settings.has_error());
        CHECK(settings.error().text().find("HTTPS_PROXY") != std::string::npos);
        CHECK(settings.error().text().find("hidden") == std::string::npos);
    }
}

} // namespace hallpass::net
