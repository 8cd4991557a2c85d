#include "sandbox/msteams/state.hpp"

#include <algorithm>

namespace hallpass::sandbox::msteams {

namespace {

person member(const char* id, const char* name) {
    person made;
    made.id = id;
    made.name = name;
    made.mail = std::string(name) + "@example.com";
    made.principal_name = made.mail;
    return made;
}

} // namespace

void state::fill() {
    people = {
        member("a11ce000-0000-4000-8000-000000000001", "alice"),
        member("b0b00000-0000-4000-8000-000000000002", "bob"),
        member("ca401000-0000-4000-8000-000000000003", "carol"),
        member("da4e0000-0000-4000-8000-000000000004", "dave"),
        member("91a00000-0000-4000-8000-000000000005", "gina"),
        member("e4100000-0000-4000-8000-000000000006", "erin"),
        member("0b41e000-0000-4000-8000-000000000007", "o'brien"),
    };
    people[4].guest = true;
    people[5].elsewhere = true;
    people[5].mail = people[5].principal_name = "erin@partner.example";
    teams = {
        {"7ea30000-0000-4000-8000-000000000001", "Approvers", true},
        {"7ea30000-0000-4000-8000-000000000002", "Without the app", false},
    };
    conversations.clear();
    conversation approvals;
    approvals.id = "19:approvals0123456789@thread.tacv2";
    approvals.name = "Approvals";
    approvals.team = teams[0].id;
    conversations.push_back(approvals);
    notices.clear();
    permissions = {
        "AppCatalog.Read.All", "User.Read.All", "TeamsAppInstallation.ReadWriteSelfForUser.All",
        "TeamsAppInstallation.ReadWriteSelfForTeam.All"};
    tokens.clear();
    chats_are_known = true;
}

person* state::find_person(const std::string& id_or_name) {
    const auto found = std::ranges::find_if(people, [&](const person& one) {
        return one.id == id_or_name || one.name == id_or_name || one.principal_name == id_or_name;
    });
    return found == people.end() ? nullptr : &*found;
}

conversation* state::find_conversation(const std::string& id) {
    const auto found = std::ranges::find(conversations, id, &conversation::id);
    return found == conversations.end() ? nullptr : &*found;
}

conversation& state::chat_of(const person& whose) {
    const std::string id = "19:" + whose.id + '_' + app_id + "@unq.gbl.spaces";
    if (conversation* found = find_conversation(id)) {
        return *found;
    }
    conversation made;
    made.id = id;
    made.name = whose.name;
    made.person = whose.id;
    conversations.push_back(made);
    return conversations.back();
}

posted_message* state::find_message(const std::string& id, conversation** in) {
    for (conversation& one : conversations) {
        const auto found = std::ranges::find(one.messages, id, &posted_message::id);
        if (found != one.messages.end()) {
            if (in != nullptr) {
                *in = &one;
            }
            return &*found;
        }
    }
    return nullptr;
}

} // namespace hallpass::sandbox::msteams
