#include "sandbox/party_configuration.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>
#include <vector>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

// A TOML basic string is spelled like a JSON text; a port is a number in both.
std::string line(std::string_view key, const json::value& value) {
    return std::string(key) + " = " + json::serialize(value) + '\n';
}

// Keys of a section and the keys of ready.json that hold their values.
using keys = std::vector<std::pair<std::string_view, std::string_view>>;

std::string section(std::string_view name, const json::object& ready, const keys& wanted) {
    std::string made = "\n[" + std::string(name) + "]\n";
    for (const auto& [key, of] : wanted) {
        made += line(key, ready.at(of));
    }
    return made;
}

std::string everybody(std::string_view service, const json::value& whom) {
    return "\n[" + std::string(service) + ".role_to_recipients]\n" + line("\"*\"", whom);
}

std::string mattermost(const json::object& ready) {
    return section("mattermost", ready, {{"url", "url"}, {"token", "token"}}) +
           everybody("mattermost", json::array{"example-team/access-requests"});
}

std::string msteams(const json::object& ready) {
    const keys wanted{{"app_id", "app_id"},       {"app_secret", "app_secret"},
                      {"tenant_id", "tenant_id"}, {"teams_app_id", "teams_app_id"},
                      {"login_url", "login_url"}, {"graph_url", "graph_url"},
                      {"bot_url", "bot_url"},     {"bot_login_url", "bot_login_url"}};
    return section("msapi", ready, wanted) + everybody("msapi", json::array{ready.at("channel_link")});
}

std::string mail(const json::object& ready) {
    const keys of_server{
        {"host", "host"}, {"port", "port"}, {"username", "username"}, {"password", "password"}};
    const keys of_provider{
        {"issuer", "issuer"}, {"client_id", "client_id"}, {"client_secret", "client_secret"}};
    std::string people = "\n[email.users]\n";
    for (const char* who : {"alice@example.com", "bob@example.com", "carol@example.com"}) {
        people += line(json::serialize(json::value(who)), who);
    }
    return section("smtp", ready, of_server) + "\n[delivery]\n" +
           line("sender", "Access Requests <noreply@example.com>") + "\n[email]\n" +
           line("link_secret", "0123456789abcdef0123456789abcdef") + people +
           section("email.oidc", ready, of_provider) + everybody("email", json::array{"bob@example.com"});
}

std::string jira(const json::object& ready) {
    const keys wanted{
        {"url", "url"},
        {"username", "username"},
        {"api_token", "token"},
        {"webhook_secret", "webhook_secret"}};
    return section("jira", ready, wanted) + line("project", "ACCESS");
}

std::string servicenow(const json::object& ready) {
    return section(
        "servicenow", ready,
        {{"api_url", "url"},
         {"username", "username"},
         {"api_token", "password"},
         {"webhook_secret", "webhook_secret"}}
    );
}

std::string datadog(const json::object& ready) {
    return section(
               "datadog", ready,
               {{"api_endpoint", "url"}, {"api_key", "api_key"}, {"application_key", "application_key"}}
           ) +
           everybody("datadog", json::array{"databases"});
}

std::string pagerduty(const json::object& ready) {
    const keys wanted{
        {"api_key", "api_key"},
        {"user_email", "user_email"},
        {"api_url", "url"},
        {"webhook_secret", "webhook_secret"}};
    return section("pagerduty", ready, wanted) + line("service_id", json::array{"Database"}) +
           "\n[pagerduty.users]\n" + line("PALICE01", "alice@example.com") +
           line("PBOB0001", "bob@example.com") + line("PCAROL01", "carol@example.com");
}

// The party stands for Opsgenie and for its successor, which make the same alerts: one of them is enough.
std::string jsm(const json::object& ready) {
    const keys wanted{{"api_key", "api_key"},       {"api_url", "url"},         {"cloud_id", "cloud_id"},
                      {"user_email", "user_email"}, {"api_token", "api_token"}, {"site_url", "url"}};
    return section("jsm", ready, wanted) + line("default_schedules", json::array{"Database"});
}

struct sections_of_party {
    std::string_view party;
    std::string (*write)(const json::object& ready);
};

constexpr sections_of_party all_sections[] = {
    {"mattermost", mattermost}, {"msteams", msteams}, {"email", mail},          {"jira", jira},
    {"servicenow", servicenow}, {"datadog", datadog}, {"pagerduty", pagerduty}, {"opsgenie", jsm},
};

constexpr webhook_of_party all_webhooks[] = {
    {"msteams", "callback", "/msteams/messages"},
    {"jira", "callback", "/jira"},
    {"servicenow", "callback", "/servicenow"},
    {"pagerduty", "webhook", "/pagerduty"},
};

} // namespace

std::string party_configuration(const third_parties& parties) {
    std::string made;
    for (const auto& one : parties.all()) {
        for (const auto& [name, write] : all_sections) {
            if (name == one->name) {
                made += write(one->party->ready());
            }
        }
    }
    return made;
}

std::string_view party_review_keys() noexcept {
    return "mattermost_user_id_trait = \"mattermost_user_id\"\n"
           "msteams_user_id_trait = \"msteams_user_id\"\n"
           "jira_user_id_trait = \"jira_user_id\"\n"
           "servicenow_user_id_trait = \"servicenow_user_id\"\n";
}

std::span<const webhook_of_party> party_webhooks() noexcept {
    return all_webhooks;
}

} // namespace hallpass::sandbox
