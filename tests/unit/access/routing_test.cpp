#include "access/routing.hpp"

#include <doctest/doctest.h>

using namespace hallpass::access;

namespace {

access_request request_for(std::vector<std::string> roles, std::vector<std::string> reviewers = {}) {
    access_request request;
    request.roles = std::move(roles);
    request.suggested_reviewers = std::move(reviewers);
    return request;
}

const routing_table table{{{"dev", {"#dev", "lead@example.com"}}, {"empty", {}}, {"*", {"#access"}}}};

} // namespace

TEST_CASE("a role's own recipients are told, and the wildcard's for each role without any") {
    using list = std::vector<std::string>;
    CHECK(route(request_for({"dev"}), table).recipients == list{"#dev", "lead@example.com"});
    CHECK(route(request_for({"prod"}), table).recipients == list{"#access"});
    CHECK(route(request_for({"empty"}), table).recipients == list{"#access"});
    CHECK(
        route(request_for({"dev", "prod"}), table).recipients == list{"#dev", "lead@example.com", "#access"}
    );
    CHECK(route(request_for({}), table).recipients.empty());
}

TEST_CASE("suggested reviewers are told too where they are e-mail addresses, each once") {
    const routed all =
        route(request_for({"dev"}, {"bob@example.com", "carol", "lead@example.com", "carol"}), table);
    CHECK(all.recipients == std::vector<std::string>{"#dev", "lead@example.com", "bob@example.com"});
    CHECK(all.ignored_reviewers == std::vector<std::string>{"carol"});
}

TEST_CASE("an e-mail address is one bare address") {
    for (const char* good : {"a@b", "first.last+tag@example.com", "o'neil@example.ie"}) {
        CAPTURE(good);
        CHECK(looks_like_email(good));
    }
    for (const char* bad :
         {"", "a", "@b", "a@", "a b@c", "<a@b>", "Bob <a@b>", "a@b>", "a@b,c@d", ".a@b", "a..b@c", "a@b\n"}) {
        CAPTURE(bad);
        CHECK_FALSE(looks_like_email(bad));
    }
}
