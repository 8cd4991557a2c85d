#include "teleport/enrich/login_template.hpp"

#include <doctest/doctest.h>

using namespace hallpass::teleport::enrich;
using texts = std::vector<std::string>;

TEST_CASE("logins are filled in from the user's traits, sorted and each once") {
    const traits of{{"logins", {"root", "alice"}}, {"team", {"db"}}};
    CHECK(expand_logins({"ubuntu", "{{internal.logins}}", "root"}, of) == texts{"alice", "root", "ubuntu"});
    CHECK(expand_logins({"svc-{{external.team}}-ro"}, of) == texts{"svc-db-ro"});
    CHECK(expand_logins({"{{ external[\"team\"] }}"}, of) == texts{"db"});
}

TEST_CASE("a template that can't be filled in is dropped") {
    const traits of{{"logins", {"root", ""}}};
    for (const char* login :
         {"{{external.unknown}}", "{{email.local(external.email)}}", "{{internal.logins", "{{}}",
          "{{other.logins}}", "{{internal}}", "{{internal.logins}}{{internal.logins}}",
          "{{external[\"\"]}}"}) {
        CAPTURE(login);
        CHECK(expand_logins({login}, of).empty());
    }
    CHECK(expand_logins({"{{internal.logins}}"}, of) == texts{"root"});
}

TEST_CASE("only templates need the user's traits") {
    CHECK_FALSE(has_template({"root", "ubuntu"}));
    CHECK(has_template({"root", "{{internal.logins}}"}));
}
