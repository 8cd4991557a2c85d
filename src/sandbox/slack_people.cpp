#include "sandbox/slack_people.hpp"

#include "sandbox/cluster_json.hpp"

namespace hallpass::sandbox {

std::vector<slack_user> slack_people(const slack_bot& bot) {
    std::vector<slack_user> people{
        {"U0ALICE001", "alice", "Alice Requester", "alice@example.com"},
        {"U0BOB00001", "bob", "Bob Reviewer", "bob@example.com"},
        {"U0CAROL001", "carol", "Carol Reviewer", "carol@example.com"},
        {"U0DAVE0001", "dave", "Dave Unmapped", "dave@example.com"},
    };
    slack_user guest{"U0GINA0001", "gina", "Gina Guest", "gina@example.com"};
    guest.is_restricted = true;
    people.push_back(guest);
    slack_user robot{"U0ROBOT001", "robot", "Robot", ""};
    robot.is_bot = true;
    people.push_back(robot);
    slack_user stranger{"U0ERIN0001", "erin", "Erin Elsewhere", "erin@partner.example"};
    stranger.team_id = "T0PARTNER1";
    stranger.is_stranger = true;
    people.push_back(stranger);
    slack_user own{bot.user_id, "hallpass", "hallpass", ""};
    own.is_bot = true;
    people.push_back(own);
    return people;
}

slack_user read_slack_user(const boost::json::object& described) {
    slack_user user;
    user.id = text_of(described, "id");
    user.name = text_of(described, "name");
    user.real_name = text_of(described, "real_name");
    user.email = text_of(described, "email");
    if (const std::string team = text_of(described, "team_id"); !team.empty()) {
        user.team_id = team;
    }
    user.is_email_confirmed = flag_of(described, "is_email_confirmed", true);
    user.deleted = flag_of(described, "deleted", false);
    user.is_bot = flag_of(described, "is_bot", user.email.empty());
    user.is_restricted = flag_of(described, "is_restricted", false);
    user.is_ultra_restricted = flag_of(described, "is_ultra_restricted", false);
    user.is_stranger = flag_of(described, "is_stranger", false);
    return user;
}

} // namespace hallpass::sandbox
