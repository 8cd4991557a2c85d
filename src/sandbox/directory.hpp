// Who and what exists in the simulated cluster: users, roles, and resources with friendly names.
#pragma once

#include "sandbox/cluster_types.hpp"

#include <string>
#include <vector>

namespace hallpass::sandbox {

struct cluster_user {
    std::string name;
    std::vector<std::string> roles;
    texts_by_key traits;
    bool may_review = false;
};

// A node's friendly name is its host name; an app's is a label.
struct cluster_resource {
    std::string name;
    std::string friendly_name;
};

struct directory {
    std::vector<cluster_user> users;
    texts_by_key logins_by_role;
    std::vector<cluster_resource> nodes;
    std::vector<cluster_resource> apps;
};

// A requester, two reviewers and a newcomer; roles from harmless to production; a few servers and apps.
directory make_directory();

const cluster_user* find_user(const directory& known, const std::string& name) noexcept;

} // namespace hallpass::sandbox
