// The calls of Microsoft's that hallpass makes: request in, response out, no network (api-messaging 4.1
// to 4.3).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/msteams/signer.hpp"
#include "sandbox/msteams/state.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox::msteams {

struct api_call {
    std::string method;
    std::vector<std::string> path; // below the side's base
    std::string query;             // percent-encoded
    std::string body;
    std::string bearer;
};

net::server_response json_answer(int status, const boost::json::value& body);
net::server_response refusal_of(int status, std::string_view code, std::string_view message);

net::server_response
answer_login(state& teams, const signer& keys, const std::string& tenant, const std::string& form);
net::server_response answer_graph(state& teams, const api_call& call);
net::server_response answer_connector(state& teams, const api_call& call);

// Why Teams wouldn't take the card; "" where it would.
std::string problem_with_card(const boost::json::object& card);

} // namespace hallpass::sandbox::msteams
