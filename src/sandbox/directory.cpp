#include "sandbox/directory.hpp"

#include "sandbox/mattermost/types.hpp"

#include <array>
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
        for (cluster_user& user : made.users) {
            if (user.name == name) {
                user.traits["mattermost_user_id"] = {mattermost::id_for(account)};
            }
        }
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
