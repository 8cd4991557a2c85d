#include "services/on_call_places.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using services::is_account_of;
using texts = std::vector<std::string>;

TEST_CASE("places are those of the request and those of the configuration, each once") {
    access::access_request request;
    request.system_annotations["where"] = {" Database ", "", "Web"};
    services::on_call_places written;
    written.places = {"Web", "Mail"};
    CHECK(services::places_for(request, "where", written) == texts{"Database", "Web", "Mail"});
    CHECK(services::places_for(request, "elsewhere", written) == texts{"Web", "Mail"});
}

TEST_CASE("an account is its user's by the operator's table, else by its name in any case of letters") {
    const access::people listed{{"u1", "alice@example.com"}};
    const texts alice{"Alice@Example.com"};
    CHECK(is_account_of(nullptr, "u2", alice, "alice@example.com"));
    CHECK(is_account_of(&listed, "u1", {"x@example.com"}, "alice@example.com"));
    // Who is in the table is nobody else by name.
    CHECK_FALSE(is_account_of(&listed, "u2", alice, "alice@example.com"));
    CHECK_FALSE(is_account_of(&listed, "u1", {"bob@example.com"}, "bob@example.com"));
    CHECK(is_account_of(&listed, "u2", {"bob@example.com"}, "bob@example.com"));
    CHECK_FALSE(is_account_of(nullptr, "u2", {""}, ""));
}
