#include "sandbox/directory.hpp"

namespace hallpass::sandbox {

directory make_directory() {
    directory made;
    made.users = {
        {"alice@example.com", {"developer"}, {{"email", {"alice@example.com"}}}, false},
        {"bob@example.com", {"developer", "reviewer"}, {{"email", {"bob@example.com"}}}, true},
        {"carol@example.com", {"reviewer"}, {{"email", {"carol@example.com"}}}, true},
        {"dan", {"developer"}, {}, false},
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
