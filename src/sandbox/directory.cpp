#include "sandbox/directory.hpp"

#include "sandbox/mattermost/types.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::sandbox {

namespace {

texts_by_key with_slack(const char* email, const char* slack_id) {
    return {{"email", {email}}, {"slack_user_id", {slack_id}}};
}

texts_by_key with_both(const char* email, const char* slack_id, const char* discord_id) {
    texts_by_key traits = with_slack(email, slack_id);
    traits["discord_user_id"] = {discord_id};
    return traits;
}

void add_trait(directory& to, std::string_view user, const char* trait, const std::string& value) {
    for (cluster_user& one : to.users) {
        if (one.name == user) {
            one.traits[trait] = {value};
        }
    }
}

// Everybody who has an account of the simulated Mattermost as well.
void add_mattermost(directory& made) {
    constexpr std::array<std::pair<const char*, const char*>, 6> accounts{{
        {"alice@example.com", "alice"},
        {"bob@example.com", "bob"},
        {"carol@example.com", "carol"},
        {"gina@example.com", "gina"},
        {"robot", "robot"},
        {"erin@partner.example", "erin"},
    }};
    for (const auto& [name, account] : accounts) {
        add_trait(made, name, "mattermost_user_id", mattermost::id_for(account));
    }
}

void add_ticket_traits(directory& to) {
    add_trait(to, "alice@example.com", "jira_user_id", "557058:alice");
    add_trait(to, "bob@example.com", "jira_user_id", "557058:bob");
    add_trait(to, "carol@example.com", "jira_user_id", "557058:carol");
    // ServiceNow's sys_user rows, which the sandbox numbers in this order.
    add_trait(to, "alice@example.com", "servicenow_user_id", "00000000000000000000000000000002");
    add_trait(to, "bob@example.com", "servicenow_user_id", "00000000000000000000000000000003");
    add_trait(to, "carol@example.com", "servicenow_user_id", "00000000000000000000000000000004");
}

// The ids are those of the simulated Teams.
void add_teams_accounts(directory& made) {
    for (const auto& [name, id] :
         {std::pair("alice@example.com", "a11ce000-0000-4000-8000-000000000001"),
          std::pair("bob@example.com", "b0b00000-0000-4000-8000-000000000002"),
          std::pair("carol@example.com", "ca401000-0000-4000-8000-000000000003"),
          std::pair("gina@example.com", "91a00000-0000-4000-8000-000000000005"),
          std::pair("erin@partner.example", "e4100000-0000-4000-8000-000000000006")}) {
        add_trait(made, name, "msteams_user_id", id);
    }
}

} // namespace

directory make_directory() {
    directory made;
    made.users = {
        {"alice@example.com",
         {"developer"},
         with_both("alice@example.com", "U0ALICE001", "1200000000000000001"),
         false},
        {"bob@example.com",
         {"developer", "reviewer"},
         with_both("bob@example.com", "U0BOB00001", "1200000000000000002"),
         true},
        {"carol@example.com",
         {"reviewer"},
         with_both("carol@example.com", "U0CAROL001", "1200000000000000003"),
         true},
        {"dan", {"developer"}, {}, false},
        // May review, but from accounts that hallpass takes no decision from: a guest, a bot, another
        // company.
        {"gina@example.com", {"reviewer"}, with_slack("gina@example.com", "U0GINA0001"), true},
        {"robot", {"reviewer"}, with_both("robot@example.com", "U0ROBOT001", "1200000000000000005"), true},
        {"erin@partner.example", {"reviewer"}, with_slack("erin@partner.example", "U0ERIN0001"), true},
        {"access-plugin", {"access-plugin"}, {}, true},
    };
    add_mattermost(made);
    add_teams_accounts(made);
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
    add_ticket_traits(made);
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
