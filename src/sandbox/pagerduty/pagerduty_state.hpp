// What the simulated PagerDuty keeps: users, services, who is on call, and incidents with their notes and
// log.
#pragma once

#include "base/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace hallpass::sandbox::pagerduty {

struct user {
    std::string id;
    std::string name;
    std::string email;
    std::string role = "user";
    bool invited_only = false;
};

struct service {
    std::string id;
    std::string name;
    std::string policy;
    bool disabled = false;
};

struct shift {
    std::string user;
    std::string policy;
    std::string schedule; // "" where the policy names the user
    int level = 1;
};

struct note {
    std::string id;
    std::string user;
    std::string content;
    instant at;
};

struct log_entry {
    std::string type; // "acknowledge_log_entry"
    std::string agent;
};

struct incident {
    std::string id;
    int number = 0;
    std::string title;
    std::string details;
    std::string key;
    std::string service;
    std::string urgency;
    std::string status = "triggered";
    std::vector<note> notes;
    std::vector<log_entry> log;
};

// A run of an automation action.
struct invocation {
    std::string id;
    std::string action;
    std::string incident;
    std::string user;
};

struct state {
    state();

    const user* find_user(const std::string& id) const;
    const user* find_email(const std::string& email) const;
    const service* find_service(const std::string& id) const;
    incident* find_incident(const std::string& id);
    std::string next_id(char kind);

    std::string key = "pagerduty-sandbox-key";
    std::string read_only_key = "pagerduty-read-only-key";
    std::vector<user> users;
    std::vector<service> services;
    std::map<std::string, std::string> policies;  // id: name
    std::map<std::string, std::string> schedules; // id: name
    std::vector<shift> shifts;
    std::vector<incident> incidents;
    std::vector<invocation> invocations;
    int last_number = 0;
};

} // namespace hallpass::sandbox::pagerduty
