// The rig with the simulated Teams.
#pragma once

#include "rig.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

struct teams_message {
    std::string id;
    std::string below; // the message that it replies to, or ""
    std::string card;  // as JSON
    std::size_t versions = 1;
};

struct teams_rig {
    teams_rig();

    // What ready.json says of the simulated Teams.
    std::string text(std::string_view key) const;

    // What upstream's teleport-msteams.toml holds, with the sandbox's addresses in it.
    std::string upstreams_file(const std::string& recipients, const std::string& further_keys = "") const;

    std::string new_request(std::string_view user, std::string_view role = "dba");
    void review(const std::string& id, std::string_view author, std::string_view state);

    // Of the conversation with that id or name: a person's name, of the chat with them.
    std::vector<teams_message> messages_in(const std::string& conversation) const;
    std::vector<teams_message> wait_for(
        const std::string& conversation,
        const std::string& what,
        const std::function<bool(const std::vector<teams_message>&)>& condition
    );

    test::rig rig;
    boost::json::object ready;
};

} // namespace hallpass::test
