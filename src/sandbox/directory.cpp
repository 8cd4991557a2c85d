#include "sandbox/directory.hpp"

#include <string_view>

namespace hallpass::sandbox {

namespace {

texts_by_key with_slack(const char* email, const char* slack_id) {
    return {{"email", {email}}, {"slack_user_id", {slack_id}}};
}

void add_trait(directory& to, std::string_view user, const char* trait, const char* value) {
    for (cluster_user& one : to.users) {
        if (one.name == user) {
            one.traits[trait] = {value};
        }
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
