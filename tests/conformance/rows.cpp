#include "deciding.hpp"
#include "messages.hpp"
#include "service_row.hpp"

#include <utility>

namespace hallpass::test::conformance {

namespace json = boost::json;

namespace {

using words_by_state = std::map<std::string, std::string, std::less<>>;

const words_by_state states_in_words{
    {"APPROVED", "APPROVED"}, {"DENIED", "DENIED"}, {"PROMOTED", "PROMOTED"}, {"EXPIRED", "EXPIRED"}};

words_by_state opened_and(const char* open, const char* closed) {
    return {
        {"PENDING", open},
        {"APPROVED", closed},
        {"DENIED", closed},
        {"PROMOTED", closed},
        {"EXPIRED", closed}};
}

constexpr const char* has_one_place = "its tickets are all in one place";
constexpr const char* no_look_up = "it takes recipients as they are";

// A failure of the next call of that method.
void fail_over_http(service_row& row, const char* method) {
    const json::object call{{"side", row.side}, {"method", method}, {"n", 1}};
    const auto with_status = [&](int status) {
        json::object failing = call;
        failing["status"] = status;
        return failing;
    };
    row.busy = {"/fail", with_status(429), ""};
    row.broken = {"/fail", with_status(503), ""};
    row.lost = {"/lose", call, ""};
}

service_row slack() {
    service_row row;
    row.name = "slack";
    row.side = "slack";
    row.sections = R"([slack]
token = "{slack_token}"
api_url = "{slack}"
signing_secret = "{slack_signing_secret}"
[slack.role_to_recipients]
"*" = ["access-requests"]
two = ["access-requests", "dba-requests"]
by_name = ["carol@example.com", "nobody@example.com"]
)";
    row.review = "slack_user_id_trait = \"slack_user_id\"\n";
    row.credential = "slack_token";
    row.credential_said = "slack.token";
    row.read = messages_in_slack;
    row.ends = states_in_words;
    row.never = {"<!channel>", "<@U0BOB00001>", "<https://evil.example"};
    row.one.places = {"access-requests"};
    row.two = {"two", {}, {"access-requests", "dba-requests"}, ""};
    row.looked_up = {"by_name", {}, {"U0CAROL001"}, "nobody@example.com"};
    fail_over_http(row, "chat.postMessage");
    row.decide = decide_in_slack;
    row.people = {"U0BOB00001", "U0ALICE001", "U0DAVE0001"};
    row.callback = "/slack/callback";
    row.callback_path = "/slack/interactivity";
    return row;
}

service_row discord() {
    service_row row;
    row.name = "discord";
    row.side = "discord";
    row.sections = R"([discord]
token = "{discord_token}"
api_url = "{discord}"
application_id = "{discord_application_id}"
public_key = "{discord_public_key}"
[discord.users]
"1200000000000000003" = "carol@example.com"
[discord.role_to_recipients]
"*" = ["1100000000000000001"]
two = ["1100000000000000001", "1100000000000000002"]
by_name = ["carol@example.com", "1199999999999999999"]
)";
    row.review = "discord_user_id_trait = \"discord_user_id\"\n";
    row.credential = "discord_token";
    row.credential_said = "discord.token";
    row.read = messages_in_discord;
    row.ends = states_in_words;
    row.never = {R"("parse":["everyone")", "](https://evil.example)"};
    row.one.places = {"access-requests"};
    row.two = {"two", {}, {"access-requests", "dba-requests"}, ""};
    row.looked_up = {"by_name", {}, {"1200000000000000003"}, "1199999999999999999"};
    fail_over_http(row, "POST messages");
    row.decide = decide_in_discord;
    row.people = {"1200000000000000002", "1200000000000000001", "1200000000000000004"};
    row.callback = "/discord/callback";
    row.callback_path = "/discord/interactions";
    return row;
}

service_row mattermost() {
    service_row row;
    row.name = "mattermost";
    row.side = "mattermost";
    row.sections = R"([mattermost]
url = "{url}"
token = "{token}"
[mattermost.role_to_recipients]
"*" = ["example-team/access-requests"]
two = ["example-team/access-requests", "bob@example.com"]
by_name = ["carol@example.com", "nobody@example.com"]
)";
    row.review = "mattermost_user_id_trait = \"mattermost_user_id\"\n";
    row.credential = "token";
    row.credential_said = "mattermost.token";
    row.read = messages_in_markdown;
    row.ends = states_in_words;
    row.never = {"@channel", "](https://evil.example)"};
    row.one.places = {"access-requests"};
    row.two = {"two", {}, {"access-requests", "bob"}, ""};
    row.looked_up = {"by_name", {}, {"carol"}, "nobody@example.com"};
    fail_over_http(row, "POST posts");
    row.decide = decide_on_page;
    row.people = {"bob00000000000000000000001", "alice000000000000000000001", "dave0000000000000000000001"};
    return row;
}

service_row msteams() {
    service_row row;
    row.name = "msteams";
    row.side = "msteams";
    row.sections = R"([msapi]
app_id = "{app_id}"
app_secret = "{app_secret}"
tenant_id = "{tenant_id}"
teams_app_id = "{teams_app_id}"
login_url = "{login_url}"
graph_url = "{graph_url}"
bot_url = "{bot_url}"
bot_login_url = "{bot_login_url}"
[msapi.role_to_recipients]
"*" = ["{channel_link}"]
two = ["{channel_link}", "bob@example.com"]
by_name = ["carol@example.com", "nobody@example.com"]
)";
    row.review = "msteams_user_id_trait = \"msteams_user_id\"\n";
    row.credential = "app_secret";
    row.credential_said = "app_secret";
    row.read = messages_in_teams;
    row.ends = states_in_words;
    row.one.places = {"Approvals"};
    row.two = {"two", {}, {"Approvals", "bob"}, ""};
    row.looked_up = {"by_name", {}, {"carol"}, "nobody@example.com"};
    fail_over_http(row, "POST activities");
    row.then = after_lost_answer::repeated;
    row.decide = decide_on_page;
    row.people = {
        "b0b00000-0000-4000-8000-000000000002", "a11ce000-0000-4000-8000-000000000001",
        "da4e0000-0000-4000-8000-000000000004"};
    row.callback = "/msteams/callback";
    row.callback_path = "/msteams/messages";
    return row;
}

// What letters have alike, whoever carries them.
service_row letters(std::string name, const std::string& carrier) {
    service_row row;
    row.name = std::move(name);
    row.side = "email";
    row.sections = carrier + R"([delivery]
sender = "Access <noreply@example.com>"
[email]
link_secret = "0123456789abcdef0123456789abcdef"
[email.users]
"bob@example.com" = "bob@example.com"
"alice@example.com" = "alice@example.com"
[email.oidc]
issuer = "{issuer}"
client_id = "{client_id}"
client_secret = "{client_secret}"
[email.role_to_recipients]
"*" = ["root@example.com"]
two = ["root@example.com", "admin@example.com"]
)";
    row.read = messages_on_page;
    row.is_redrawn = false;
    row.outcome = "The request is";
    row.never = {"<script>", "<b>x</b>"};
    row.one.places = {"root@example.com"};
    row.two = {"two", {}, {"root@example.com", "admin@example.com"}, ""};
    row.then = after_lost_answer::repeated;
    row.decide = decide_by_letter;
    row.people = {"bob@example.com", "alice@example.com", "dave@example.com"};
    row.without = {{"look-up of recipients", no_look_up}};
    return row;
}

service_row smtp() {
    service_row row = letters("e-mail by SMTP", R"([smtp]
host = "{host}"
port = {port}
username = "{username}"
password = "{password}"
)");
    row.credential = "password";
    row.credential_said = "smtp.password";
    const auto next_letter = [](const char* stage, const char* reply) {
        return json::object{{"stage", stage}, {"reply", reply}, {"n", 1}};
    };
    row.busy = {"/email/rules", next_letter("RCPT", "450 4.7.1 too many letters"), "too many letters"};
    row.broken = {"/email/rules", next_letter(".", "451 4.3.0 out of order"), "out of order"};
    row.lost = {"/email/rules", next_letter(".", ""), "uncertain_send_repeated"};
    row.lost.body["keep"] = true;
    return row;
}

service_row mailgun() {
    service_row row = letters("e-mail by Mailgun", R"([mailgun]
domain = "{mailgun_domain}"
private_key = "{mailgun_key}"
api_url = "{mailgun}"
)");
    row.credential = "mailgun_key";
    row.credential_said = "mailgun.private_key";
    fail_over_http(row, "POST messages.mime");
    return row;
}

service_row jira() {
    service_row row;
    row.name = "jira";
    row.side = "jira";
    row.sections = R"([jira]
url = "{url}"
username = "{username}"
api_token = "{token}"
project = "{project}"
promoted_status = "Approved"
webhook_secret = "{webhook_secret}"
)";
    row.review = "jira_user_id_trait = \"jira_user_id\"\n";
    row.credential = "token";
    row.credential_said = "api_token";
    row.read = messages_on_page;
    row.ends = {
        {"PENDING", "Status: Pending"},
        {"APPROVED", "Status: Approved"},
        {"DENIED", "Status: Denied"},
        {"PROMOTED", "Status: Approved"},
        {"EXPIRED", "Status: Expired"}};
    row.outcome = "Access request: ";
    row.one.places = {"Access Requests"};
    fail_over_http(row, "POST issue");
    // Of the issue itself it would take as long as Jira's search may lag.
    row.broken.body["method"] = "POST issue/comment";
    row.decide = decide_on_page;
    row.people = {"557058:bob", "557058:alice", "557058:dave"};
    row.callback = "/jira/callback";
    row.callback_path = "/jira";
    row.without = {{"two recipients", has_one_place}, {"look-up of recipients", has_one_place}};
    return row;
}

service_row pagerduty() {
    service_row row;
    row.name = "pagerduty";
    row.side = "pagerduty";
    row.sections = R"([pagerduty]
api_key = "{api_key}"
user_email = "{user_email}"
api_url = "{url}"
webhook_secret = "{webhook_secret}"
[pagerduty.users]
PALICE01 = "alice@example.com"
PBOB0001 = "bob@example.com"
)";
    row.credential = "api_key";
    row.credential_said = "pagerduty.api_key";
    row.read = messages_on_page;
    row.is_redrawn = false;
    row.outcome = "Access request: ";
    row.ends = opened_and("Status: triggered", "Status: resolved");
    const auto for_services = [](json::array services) {
        return json::object{{"pagerduty_notify_service", std::move(services)}};
    };
    row.one = {"dba", for_services({"PSVCDB01"}), {"Database"}, ""};
    row.two = {"dba", for_services({"PSVCDB01", "PSVCWEB1"}), {"Database", "Checkout"}, ""};
    row.looked_up = {"dba", for_services({"checkout", "Nowhere"}), {"Checkout"}, "Nowhere"};
    fail_over_http(row, "POST /incidents");
    row.decide = decide_on_page;
    row.people = {"PBOB0001", "PALICE01", "PNOBODY1"};
    row.callback = "/pagerduty/webhook";
    row.callback_path = "/pagerduty";
    return row;
}

// Opsgenie and its successor, which speak alike.
service_row alerts(std::string name, std::string sections) {
    service_row row;
    row.name = std::move(name);
    row.side = "opsgenie";
    row.sections = std::move(sections);
    row.credential = "api_key";
    row.credential_said = row.name + ".api_key";
    row.read = messages_on_page;
    row.is_redrawn = false;
    row.outcome = "Access request: ";
    row.ends = opened_and("Status: open", "Status: closed");
    row.one = {"dba", {{"teleport.dev/notify-services", {"Database"}}}, {"Alerts"}, ""};
    fail_over_http(row, "POST alerts");
    row.without = {
        {"two recipients", "one alert has all its responders"},
        {"look-up of recipients", no_look_up},
        {"decision", "it takes no decisions"},
        {"decision refused", "it takes no decisions"}};
    return row;
}

service_row opsgenie() {
    return alerts("opsgenie", "[opsgenie]\napi_key = \"{api_key}\"\napi_url = \"{url}\"\n");
}

service_row jsm() {
    return alerts("jsm", R"([jsm]
api_key = "{api_key}"
api_url = "{url}"
cloud_id = "{cloud_id}"
user_email = "{user_email}"
api_token = "{api_token}"
site_url = "{url}"
)");
}

service_row servicenow() {
    service_row row;
    row.name = "servicenow";
    row.side = "servicenow";
    row.sections = R"([servicenow]
api_url = "{url}"
username = "{username}"
api_token = "{password}"
webhook_secret = "{webhook_secret}"
)";
    row.review = "servicenow_user_id_trait = \"servicenow_user_id\"\n";
    row.credential = "password";
    row.credential_said = "api_token";
    row.read = messages_on_page;
    row.ends = {
        {"PENDING", "State: 1"},
        {"APPROVED", "State: 6"},
        {"DENIED", "State: 7"},
        {"PROMOTED", "State: 6"},
        {"EXPIRED", "State: 6"}};
    row.never = {"[code]"};
    row.one.places = {"Incidents"};
    fail_over_http(row, "POST incident");
    row.decide = decide_on_page;
    row.people = {"bob@example.com", "alice@example.com", "dave"};
    row.callback = "/servicenow/callback";
    row.callback_path = "/servicenow";
    row.without = {{"two recipients", has_one_place}, {"look-up of recipients", has_one_place}};
    return row;
}

service_row datadog() {
    service_row row;
    row.name = "datadog";
    row.side = "datadog";
    row.sections = R"([datadog]
api_endpoint = "{url}"
api_key = "{api_key}"
application_key = "{application_key}"
[datadog.role_to_recipients]
"*" = ["oncall@example.com", "databases"]
)";
    row.credential = "api_key";
    row.credential_said = "datadog.api_key";
    row.read = messages_in_markdown;
    row.ends = opened_and("State: active", "State: resolved");
    row.never = {"@everyone", "@channel", "](https://evil.example)"};
    row.one.places = {"Incidents"};
    fail_over_http(row, "POST incidents");
    // Of the incident itself it would take as long as Datadog's search may lag.
    row.broken.body["method"] = "POST incidents/timeline";
    row.without = {
        {"two recipients", "one incident has all its handles"},
        {"look-up of recipients", no_look_up},
        {"decision", "it takes no decisions"},
        {"decision refused", "it takes no decisions"}};
    return row;
}

} // namespace

std::span<const service_row> rows() {
    static const std::vector<service_row> all{slack(),    discord(), mattermost(), msteams(),
                                              smtp(),     mailgun(), jira(),       pagerduty(),
                                              opsgenie(), jsm(),     servicenow(), datadog()};
    return all;
}

} // namespace hallpass::test::conformance
