// The calls of Discord's API that hallpass makes (api-messaging 2.1): path and body in, JSON out, no network.
#pragma once

#include "net/http_server.hpp"
#include "sandbox/discord_state.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace hallpass::sandbox {

struct discord_call {
    std::string method;
    std::vector<std::string> path; // below /api/v10/
    std::string query;
    std::string body;
    std::string content_type;
    std::string authorization;
    std::string user_agent;
};

discord_call to_discord_call(net::server_request&& request);

// "POST messages": the name that faults know it by.
std::string name_of(const discord_call& call);
// Of calls below a channel; "" elsewhere.
std::string channel_of(const discord_call& call);

// The answer to an interaction, by its token.
bool is_callback(const discord_call& call);

// null: done, and there is nothing to say.
discord_outcome<boost::json::value> answer_discord_call(discord_state& discord, const discord_call& call);

boost::json::object to_json(const discord_refusal& refusal);

} // namespace hallpass::sandbox
