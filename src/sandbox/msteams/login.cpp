#include "base/text.hpp"
#include "sandbox/msteams/calls.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>

#include <chrono>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;

namespace {

std::map<std::string, std::string> fields_of(const std::string& form) {
    std::map<std::string, std::string> fields;
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    for (const std::string& part : split(form, '&')) {
        const std::size_t equals = part.find('=');
        const auto value = boost::urls::make_pct_string_view(
            equals == std::string::npos ? std::string_view() : std::string_view(part).substr(equals + 1)
        );
        fields[part.substr(0, equals)] = value ? value->decode(options) : std::string();
    }
    return fields;
}

net::server_response refused(int status, std::string_view error, std::string_view why) {
    return json_answer(status, json::object{{"error", error}, {"error_description", why}});
}

} // namespace

net::server_response
answer_login(state& teams, const signer& keys, const std::string& tenant, const std::string& form) {
    auto fields = fields_of(form);
    if (tenant != tenant_id) {
        return refused(400, "invalid_request", "AADSTS90002: Tenant '" + tenant + "' not found.");
    }
    if (fields["grant_type"] != "client_credentials" || fields["client_id"] != app_id) {
        return refused(
            400, "unauthorized_client", "AADSTS700016: Application was not found in the directory."
        );
    }
    if (fields["client_secret"] != app_secret) {
        return refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    }
    const bool graph = fields["scope"] == "https://graph.microsoft.com/.default";
    if (!graph && fields["scope"] != "https://api.botframework.com/.default") {
        return refused(400, "invalid_scope", "AADSTS70011: The provided value for scope is not valid.");
    }
    json::object claims{{"jti", random_uuid()}, {"appid", app_id}, {"tid", tenant_id}};
    if (graph) {
        json::array roles;
        for (const std::string& one : teams.permissions) {
            roles.emplace_back(one);
        }
        claims["roles"] = std::move(roles);
    }
    const std::string token = keys.sign(claims);
    teams.tokens[token] = graph ? "graph" : "bot";
    return json_answer(
        200, json::object{{"token_type", "Bearer"}, {"expires_in", 3599}, {"access_token", token}}
    );
}

net::server_response json_answer(int status, const json::value& body) {
    return net::server_response(status, json::serialize(body), "application/json; charset=utf-8");
}

net::server_response refusal_of(int status, std::string_view code, std::string_view message) {
    return json_answer(status, json::object{{"error", json::object{{"code", code}, {"message", message}}}});
}

} // namespace hallpass::sandbox::msteams
