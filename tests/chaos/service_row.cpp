#include "service_row.hpp"

#include "chat_messages.hpp"
#include "ticket_messages.hpp"

#include <algorithm>
#include <stdexcept>

namespace hallpass::chaos {

namespace json = boost::json;

namespace {

std::string ready_text(const test::running_sandbox& world, std::string_view party, std::string_view key) {
    return std::string(world.ready().at(party).as_object().at(key).as_string());
}

std::string line(std::string_view key, const std::string& value) {
    return std::string(key) + " = \"" + value + "\"\n";
}

// `key` of the section and the key in ready.json.
std::string lines(
    const test::running_sandbox& world,
    std::string_view party,
    const std::vector<std::pair<std::string_view, std::string_view>>& keys
) {
    std::string made;
    for (const auto& [key, of] : keys) {
        made += line(key, ready_text(world, party, of));
    }
    return made;
}

std::string slack_with_two_channels(const test::running_sandbox& world) {
    return slack_sections(world, R"(["access-requests", "dba-requests"])");
}

std::string discord(const test::running_sandbox& world) {
    return "[discord]\n" + line("token", "discord-sandbox-token") + line("api_url", world.discord_url()) +
           "[discord.users]\n\"1200000000000000001\" = \"alice@example.com\"\n"
           "[discord.role_to_recipients]\n\"*\" = [\"1100000000000000001\", \"1100000000000000002\"]\n";
}

std::string mattermost(const test::running_sandbox& world) {
    return "[mattermost]\n" + lines(world, "mattermost", {{"url", "url"}, {"token", "token"}}) +
           "[mattermost.role_to_recipients]\n"
           "\"*\" = [\"example-team/access-requests\", \"example-team/dba-requests\"]\n";
}

std::string msteams(const test::running_sandbox& world) {
    std::string made = "[msapi]\n";
    for (const char* key :
         {"app_id", "app_secret", "tenant_id", "teams_app_id", "login_url", "graph_url", "bot_url",
          "bot_login_url"}) {
        made += line(key, ready_text(world, "msteams", key));
    }
    return made + "[msapi.role_to_recipients]\n\"*\" = [\"" + ready_text(world, "msteams", "channel_link") +
           "\", \"dave@example.com\"]\n";
}

// Channels are named by links, people by their addresses.
std::string teams_place_of(const std::string& recipient) {
    return recipient.starts_with("https://") ? "Approvals" : recipient.substr(0, recipient.find('@'));
}

constexpr const char* mail_sections = "[delivery]\nsender = \"noreply@example.com\"\n"
                                      "[email]\ntell_requester = true\n[email.role_to_recipients]\n"
                                      "\"*\" = [\"root@example.com\", \"admin@example.com\"]\n";

std::string smtp(const test::running_sandbox& world) {
    const json::object& mail = world.ready().at("email").as_object();
    return "[smtp]\nhost = \"127.0.0.1\"\nport = " + std::to_string(mail.at("port").to_number<int>()) + '\n' +
           lines(world, "email", {{"username", "username"}, {"password", "password"}}) + mail_sections;
}

std::string mailgun(const test::running_sandbox& world) {
    const auto keys = {
        std::pair<std::string_view, std::string_view>{"domain", "mailgun_domain"},
        {"private_key", "mailgun_key"},
        {"api_url", "mailgun"}};
    return "[mailgun]\n" + lines(world, "email", keys) + mail_sections;
}

std::string jira(const test::running_sandbox& world) {
    return "[jira]\n" +
           lines(world, "jira", {{"url", "url"}, {"username", "username"}, {"api_token", "token"}}) +
           line("project", "ACCESS");
}

std::string pagerduty(const test::running_sandbox& world) {
    const auto keys = {
        std::pair<std::string_view, std::string_view>{"api_key", "api_key"},
        {"user_email", "user_email"},
        {"api_url", "url"}};
    return "[pagerduty]\n" + lines(world, "pagerduty", keys) + "service_id = [\"PSVCDB01\", \"Checkout\"]\n";
}

std::string opsgenie(const test::running_sandbox& world) {
    return "[opsgenie]\n" + lines(world, "opsgenie", {{"api_key", "api_key"}, {"api_url", "url"}}) +
           "default_schedules = [\"Database\"]\n";
}

std::string jsm(const test::running_sandbox& world) {
    const auto keys = {
        std::pair<std::string_view, std::string_view>{"api_key", "api_key"},
        {"api_url", "url"},
        {"cloud_id", "cloud_id"},
        {"user_email", "user_email"},
        {"api_token", "api_token"},
        {"site_url", "url"}};
    return "[jsm]\n" + lines(world, "opsgenie", keys) + "default_schedules = [\"Database\"]\n";
}

std::string servicenow(const test::running_sandbox& world) {
    const auto keys = {
        std::pair<std::string_view, std::string_view>{"api_url", "url"},
        {"username", "username"},
        {"api_token", "password"}};
    return "[servicenow]\n" + lines(world, "servicenow", keys);
}

std::string datadog(const test::running_sandbox& world) {
    const std::string url = ready_text(world, "datadog", "url");
    return "[datadog]\n" + line("api_endpoint", url.substr(0, url.size() - 1)) +
           lines(world, "datadog", {{"api_key", "api_key"}, {"application_key", "application_key"}}) +
           "[datadog.role_to_recipients]\n\"*\" = [\"databases\"]\n";
}

constexpr manners chat{outcome_told_to::requester, true, false};
constexpr manners letters{outcome_told_to::nobody, false, true};
constexpr manners tickets_with_a_last_note{outcome_told_to::everybody, false, false};
constexpr manners tickets_alone{outcome_told_to::nobody, false, false};

std::vector<service_row> make_rows() {
    std::vector<service_row> rows;
    rows.push_back(
        {.name = "slack",
         .title = "Slack",
         .side = "slack",
         .plugin = "slack",
         .sections = slack_with_two_channels,
         .places = {"C0ACCESS01", "C0DBA00001"},
         .requester_place = "D0ALICE001",
         .held_to = chat,
         .read = slack_messages}
    );
    rows.push_back(
        {.name = "discord",
         .title = "Discord",
         .side = "discord",
         .plugin = "discord",
         .sections = discord,
         .places = {"1100000000000000001", "1100000000000000002"},
         .requester_place = "1200000000000000001",
         .held_to = chat,
         .read = discord_messages,
         .load_in_hundred = 30}
    );
    rows.push_back(
        {.name = "mattermost",
         .title = "Mattermost",
         .side = "mattermost",
         .plugin = "mattermost",
         .sections = mattermost,
         .places = {"access-requests", "dba-requests"},
         .requester_place = "alice",
         .held_to = chat,
         .read = mattermost_messages}
    );
    rows.push_back(
        {.name = "msteams",
         .title = "Microsoft Teams",
         .side = "msteams",
         .plugin = "msteams",
         .sections = msteams,
         .places = {"Approvals", "dave"},
         .requester_place = "alice",
         .place_of = teams_place_of,
         .held_to = chat,
         .read = teams_messages}
    );
    for (const bool by_smtp : {true, false}) {
        rows.push_back(
            {.name = by_smtp ? "smtp" : "mailgun",
             .title = by_smtp ? "Mail by SMTP" : "Mail by Mailgun",
             .side = "email",
             .plugin = "email",
             .sections = by_smtp ? smtp : mailgun,
             .places = {"root@example.com", "admin@example.com"},
             .requester_place = "alice@example.com",
             .held_to = letters,
             .read = mail_messages,
             .speaks_http = !by_smtp}
        );
    }
    rows.push_back(
        {.name = "jira",
         .title = "Jira",
         .side = "jira",
         .plugin = "jira",
         .sections = jira,
         .places = {"ACCESS"},
         .held_to = tickets_with_a_last_note,
         .read = jira_messages}
    );
    rows.push_back(
        {.name = "pagerduty",
         .title = "PagerDuty",
         .side = "pagerduty",
         .plugin = "pagerduty",
         .sections = pagerduty,
         .places = {"PSVCDB01", "PSVCWEB1"},
         .held_to = tickets_with_a_last_note,
         .read = pagerduty_messages,
         .load_in_hundred = 30}
    );
    for (const bool successor : {false, true}) {
        rows.push_back(
            {.name = successor ? "jsm" : "opsgenie",
             .title = successor ? "JSM" : "Opsgenie",
             .side = "opsgenie",
             .plugin = successor ? "jsm" : "opsgenie",
             .sections = successor ? jsm : opsgenie,
             .places = {"alerts"},
             .held_to = tickets_with_a_last_note,
             .read = opsgenie_messages}
        );
    }
    rows.push_back(
        {.name = "servicenow",
         .title = "ServiceNow",
         .side = "servicenow",
         .plugin = "servicenow",
         .sections = servicenow,
         .places = {"incidents"},
         .held_to = tickets_alone,
         .read = servicenow_messages}
    );
    rows.push_back(
        {.name = "datadog",
         .title = "Datadog",
         .side = "datadog",
         .plugin = "datadog",
         .sections = datadog,
         .places = {"incidents"},
         .held_to = {outcome_told_to::nobody, true, false},
         .read = datadog_messages}
    );
    return rows;
}

json::object mail_rule(std::string_view stage, std::string_view reply, double percent, bool keep = false) {
    return {{"stage", stage}, {"reply", reply}, {"percent", percent}, {"keep", keep}};
}

} // namespace

commands service_row::errors(double percent) const {
    if (speaks_http) {
        return {{"/fail", {{"side", side}, {"status", 500}, {"percent", percent}}}};
    }
    return {
        {"/email/rules", mail_rule("CONNECT", "", percent)},
        {"/email/rules", mail_rule("RCPT", "451 4.3.0 told to refuse", percent)},
        {"/email/rules", mail_rule(".", "451 4.3.0 told to refuse", percent)}};
}

commands service_row::lost_answers(double percent) const {
    if (speaks_http) {
        return {{"/lose", {{"side", side}, {"percent", percent}}}};
    }
    return {{"/email/rules", mail_rule(".", "", percent, true)}};
}

commands service_row::slow_answers() const {
    // What an SMTP server is asked for a letter takes its time without.
    return speaks_http ? commands{{"/delay", {{"side", side}, {"ms", 60}, {"answer", true}}}} : commands();
}

commands service_row::rate_limit(double per_second) const {
    return speaks_http ? commands{{"/rate-limit", {{"side", side}, {"per_second", per_second}}}} : commands();
}

commands service_row::no_faults() const {
    commands all{{"/faults/clear", {}}};
    if (!speaks_http) {
        all.emplace_back("/email/rules/clear", json::object());
    }
    return all;
}

std::string same_place(const std::string& recipient) {
    return recipient;
}

const service_row& service_named(std::string_view name) {
    static const std::vector<service_row> rows = make_rows();
    const auto found = std::ranges::find(rows, name, &service_row::name);
    if (found == rows.end()) {
        throw std::runtime_error("no row for a service " + std::string(name));
    }
    return *found;
}

std::string slack_sections(const test::running_sandbox& world, const std::string& recipients) {
    return "[slack]\n" + line("token", "xoxb-sandbox-token") + line("api_url", world.slack_url()) +
           "[slack.role_to_recipients]\n\"*\" = " + recipients + '\n';
}

} // namespace hallpass::chaos
