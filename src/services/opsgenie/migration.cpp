#include "services/opsgenie/migration.hpp"

#include "base/text.hpp"

#include <vector>

namespace hallpass::services::opsgenie {

namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : one_line(text, 500)) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

std::string list_of(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + quoted(name);
    }
    return '[' + out + ']';
}

void add_list(std::string& to, std::string_view key, const std::vector<std::string>& names) {
    if (!names.empty()) {
        to.append(key).append(" = ").append(list_of(names)).append("\n");
    }
}

} // namespace

std::string migration_words(const opsgenie_config&) {
    return "move to Jira Service Management, and write [jsm] instead of [opsgenie]; hallpass check prints it";
}

std::string migrated_section(const opsgenie_config& config) {
    std::string out =
        "[jsm]\n"
        "api_key = \"/etc/hallpass/jsm-key\"          # of an integration of the type API there\n"
        "cloud_id = \"…\"                            # https://<your site>.atlassian.net/_edge/tenant_info\n"
        "user_email = \"hallpass@example.com\"        # an account that sees alerts and schedules\n"
        "api_token = \"/etc/hallpass/jsm-token\"      # of that account\n";
    add_list(out, "default_schedules", config.default_schedules);
    add_list(out, "default_teams", config.default_teams);
    if (!config.priority.empty()) {
        out += "priority = " + quoted(config.priority) + '\n';
    }
    if (!config.on_call.schedules.empty()) {
        out += "[jsm.on_call]\n";
        add_list(out, "schedules", config.on_call.schedules);
        add_list(
            out, "roles",
            std::vector<std::string>(config.on_call.rules.roles.begin(), config.on_call.rules.roles.end())
        );
    }
    if (config.own_routing) {
        out += "# and [opsgenie.role_to_recipients] as [jsm.role_to_recipients]\n";
    }
    return out;
}

} // namespace hallpass::services::opsgenie
