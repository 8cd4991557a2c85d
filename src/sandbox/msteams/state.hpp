// What the simulated Teams keeps: people, teams, conversations and their messages with every version.
#pragma once

#include <boost/json/object.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace hallpass::sandbox::msteams {

inline constexpr const char* app_id = "0a990000-0000-4000-8000-00000000b017";
inline constexpr const char* app_secret = "teams-sandbox-secret";
inline constexpr const char* tenant_id = "7e4a4700-0000-4000-8000-0000000000aa";
inline constexpr const char* other_tenant = "7e4a4700-0000-4000-8000-0000000000bb";
inline constexpr const char* manifest_id = "3a41fe57-0000-4000-8000-000000000001"; // teams_app_id
inline constexpr const char* catalogue_id = "ca7a1000-0000-4000-8000-000000000001";

struct person {
    std::string id;
    std::string name;
    std::string mail;
    std::string principal_name;
    bool guest = false;
    bool enabled = true;
    bool elsewhere = false;   // of another tenant
    std::string installation; // of the app, "" where there is none
    bool blocks_app = false;
};

struct team {
    std::string id;
    std::string name;
    bool has_app = false;
};

struct posted_message {
    std::string id;
    std::string below; // the message that it replies to, or ""
    boost::json::object activity;
    std::vector<boost::json::object> earlier; // oldest first
};

struct conversation {
    std::string id;
    std::string name;
    std::string person; // of a chat with the app, "" of a channel
    std::string team;
    std::vector<posted_message> messages;
};

struct notice {
    std::string person;
    std::string text;
};

struct state {
    state() { fill(); }

    void fill();

    person* find_person(const std::string& id_or_name);
    conversation* find_conversation(const std::string& id);
    // Made where there is none yet.
    conversation& chat_of(const person& whose);
    posted_message* find_message(const std::string& id, conversation** in = nullptr);

    std::vector<person> people;
    std::vector<team> teams;
    std::vector<conversation> conversations;
    std::vector<notice> notices;
    std::set<std::string> permissions;
    std::map<std::string, std::string> tokens; // token: "graph" or "bot"
    bool chats_are_known = true;               // to Graph
    int last_id = 0;
};

} // namespace hallpass::sandbox::msteams
