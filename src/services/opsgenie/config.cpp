#include "services/opsgenie/config.hpp"

#include "access/routing.hpp"
#include "base/base64.hpp"
#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/on_call_section.hpp"
#include "services/rate_limit.hpp"
#include "services/url_query.hpp"

#include <array>

namespace hallpass::services::opsgenie {

namespace {

using texts = std::vector<std::string>;

constexpr std::string_view opsgenie_api = "https://api.opsgenie.com/";
constexpr std::string_view atlassian_api = "https://api.atlassian.com/";

std::optional<secret> read_secret(settings& own, std::string_view key, std::string_view what) {
    auto found = own.secret_text(key);
    if (!found && !own.has(key)) {
        own.error(key, "is missing; set it to " + std::string(what) + ", or to the path of a file with it");
    }
    return found;
}

bool read_priority(settings& own, std::string& into) {
    constexpr std::array<std::string_view, 5> known{"P1", "P2", "P3", "P4", "P5"};
    into = own.text("priority").value_or("");
    for (const std::string_view one : known) {
        if (into.empty() || into == one) {
            return true;
        }
    }
    own.error("priority", "must be \"P1\" to \"P5\", found \"" + one_line(into, 60) + '"');
    return false;
}

bool read_on_call(settings& own, on_call_config& into) {
    auto table = own.table("on_call");
    if (!table) {
        return !own.has("on_call");
    }
    into.enabled = table->flag("enabled").value_or(true);
    into.schedules = table->texts("schedules").value_or(texts());
    const bool rules = read_on_call_rules(*table, into.rules);
    if (!into.schedules.empty() && into.rules.roles.empty()) {
        table->error(
            "roles", "is missing; list the roles that people on call get without a reviewer, or \"*\" for all"
        );
        return false;
    }
    return rules;
}

// What both have.
bool read_common(settings& own, opsgenie_config& into) {
    const auto least_interval = read_rate_limit(own, "rate_limit");
    into.least_interval = least_interval.value_or(std::chrono::nanoseconds(0));
    into.default_schedules = own.texts("default_schedules").value_or(texts());
    into.default_teams = own.texts("default_teams").value_or(texts());
    into.own_routing = own.names("role_to_recipients");
    const bool priority = read_priority(own, into.priority);
    const bool on_call = read_on_call(own, into.on_call);
    return least_interval && priority && on_call;
}

secret genie_key(const secret& key) {
    return secret("GenieKey " + std::string(key.reveal()));
}

} // namespace

std::string_view name_of(platform on) noexcept {
    return on == platform::jsm ? "jsm" : "opsgenie";
}

std::string_view title_of(platform on) noexcept {
    return on == platform::jsm ? "Jira Service Management" : "Opsgenie";
}

std::optional<opsgenie_config> read_opsgenie_config(settings& own) {
    opsgenie_config read;
    const bool common = read_common(own, read);
    const auto api_url = read_api_url(own, opsgenie_api);
    auto key = read_secret(own, "api_key", "the API key of an integration of the type API");
    // An integration's key may not read schedules, and another's not make alerts (api-ticketing 3.2).
    const auto reading = own.secret_text("reading_api_key");
    const bool reads = reading.has_value() || !own.has("reading_api_key");
    if (!common || !api_url || !key || !reads) {
        return std::nullopt;
    }
    read.alerts_url = *api_url + "v2/";
    read.reading_url = read.alerts_url;
    read.reading_header = genie_key(reading ? *reading : *key);
    read.api_key = std::move(*key);
    return read;
}

std::optional<opsgenie_config> read_jsm_config(settings& own) {
    opsgenie_config read;
    read.on = platform::jsm;
    const bool common = read_common(own, read);
    const auto api_url = read_api_url(own, atlassian_api);
    auto key = read_secret(own, "api_key", "the API key of an integration of the type API");
    const auto cloud = own.text("cloud_id");
    if (!cloud) {
        own.error(
            "cloud_id",
            "is missing; it is the cloudId that https://<your site>.atlassian.net/_edge/tenant_info shows"
        );
    }
    const auto email = own.text("user_email");
    if (!email) {
        own.error(
            "user_email",
            "is missing; set it to the e-mail of the Atlassian account that may see alerts and schedules"
        );
    }
    const auto token = read_secret(own, "api_token", "an API token of that account");
    const auto site = read_base_url(own, "site_url", "");
    if (!common || !api_url || !key || !cloud || !email || !token || !site) {
        return std::nullopt;
    }
    read.alerts_url = *api_url + "jsm/ops/integration/v2/";
    read.reading_url = *api_url + "jsm/ops/api/" + in_path(*cloud) + "/v1/";
    read.reading_header = secret("Basic " + to_base64(*email + ':' + std::string(token->reveal())));
    read.site_url = *site;
    read.api_key = std::move(*key);
    return read;
}

} // namespace hallpass::services::opsgenie
