// What the simulated Opsgenie keeps, which is also what its successor keeps: users, schedules with who is on
// call, and alerts with their notes. What is asked for is done a moment later.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::sandbox::opsgenie {

struct user {
    std::string id; // an Atlassian account's in the successor
    std::string email;
};

struct schedule {
    std::string id;
    std::string name;
    std::set<std::string> on_call; // users
};

struct note {
    std::string text;
    std::string owner;
};

struct alert {
    std::string id;
    std::string alias;
    std::string message;
    std::string description;
    std::string priority;
    std::string responders; // as JSON
    bool closed = false;
    int count = 1;
    std::vector<note> notes;
};

// One that was taken.
struct request {
    std::string id;
    std::string alert;
    bool success = true;
    std::string status;
    std::chrono::steady_clock::time_point done; // and not known before
};

struct state {
    state();

    alert* find(const std::string& how, const std::string& identifier);
    const schedule* find_schedule(const std::string& id_or_name) const;
    const user* find_user(const std::string& id) const;

    std::string key = "opsgenie-sandbox-key";
    std::string reading_key = "opsgenie-reading-key"; // may read, and make nothing
    std::string cloud_id = "sandbox-cloud";
    std::string account = "hallpass@example.com:jsm-sandbox-token"; // of Basic
    std::vector<user> users;
    std::vector<schedule> schedules;
    std::set<std::string> teams;
    std::vector<alert> alerts;
    std::vector<request> requests;
    std::chrono::milliseconds lag{100};
};

} // namespace hallpass::sandbox::opsgenie
