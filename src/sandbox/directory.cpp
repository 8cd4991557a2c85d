#include "sandbox/directory.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

texts_by_key with_slack(const char* email, const char* slack_id) {
    return {{"email", {email}}, {"slack_user_id", {slack_id}}};
}

// The ids are those of the simulated Teams.
void add_teams_accounts(std::vector<cluster_user>& users) {
    for (const auto& [name, id] :
         {std::pair("alice@example.com", "a11ce000-0000-4000-8000-000000000001"),
          std::pair("bob@example.com", "b0b00000-0000-4000-8000-000000000002"),
          std::pair("carol@example.com", "ca401000-0000-4000-8000-000000000003"),
          std::pair("gina@example.com", "91a00000-0000-4000-8000-000000000005"),
          std::pair("erin@partner.example", "e4100000-0000-4000-8000-000000000006")}) {
        for (cluster_user& user : users) {
            if (user.name == name) {
                user.traits["msteams_user_id"] = {id};
            }
        }
    }
}

} // namespace

directory make_directory() {
    directory made;
    made.users = {
        {"alice@example.com", {"developer"}, with_slack("alice@example.com", "U0ALICE001"), false},
        {"bob@example.com", {"developer", "reviewer"}, with_slack("bob@example.com", "U0BOB00001"), true},
        {"carol@example.com", {"reviewer"}, with_slack("carol@example.com", "U0CAROL001"), true},
        {"dan", {"developer"}, {}, false},
        // May review, but from accounts that hallpass takes no decision from: a guest, a bot, another
        // company.
        {"gina@example.com", {"reviewer"}, with_slack("gina@example.com", "U0GINA0001"), true},
        {"robot", {"reviewer"}, with_slack("robot@example.com", "U0ROBOT001"), true},
        {"erin@partner.example", {"reviewer"}, with_slack("erin@partner.example", "U0ERIN0001"), true},
        {"access-plugin", {"access-plugin"}, {}, true},
    };
    add_teams_accounts(made.users);
    made.logins_by_role = {
        {"developer", {"dev"}},
        {"dba", {"postgres", "readonly"}},
        {"prod-admin", {"root", "ubuntu"}},
        {"staging-admin", {"ubuntu"}},
    };
    made.nodes = {
        {"5f4c1c9e-3b52-4d0f-9b8e-2d1f4a6b7c01", "web-1.prod"},
        {"5f4c1c9e-3b52-4d0f-9b8e-2d1f4a6b7c02", "db-1.prod"},
        {"5f4c1c9e-3b52-4d0f-9b8e-2d1f4a6b7c03", "build-7"},
    };
    made.apps = {
        {"grafana", "Grafana"},
        {"payroll-okta-0a1b2c", "Payroll"},
    };
    return made;
}

const cluster_user* find_user(const directory& known, const std::string& name) noexcept {
    for (const cluster_user& user : known.users) {
        if (user.name == name) {
            return &user;
        }
    }
    return nullptr;
}

} // namespace hallpass::sandbox
