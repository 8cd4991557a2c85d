#include "services/pagerduty/config.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/on_call_section.hpp"
#include "services/rate_limit.hpp"

namespace hallpass::services::pagerduty {

namespace {

using texts = std::vector<std::string>;

constexpr std::string_view public_api = "https://api.pagerduty.com/";
constexpr std::int64_t most_levels = 20;

std::optional<secret> read_api_key(settings& own) {
    auto key = own.secret_text("api_key");
    if (!key && !own.has("api_key")) {
        own.error(
            "api_key",
            "is missing; set it to a REST API key of PagerDuty (\"Integrations\", \"API Access Keys\"), or "
            "to the path of a file with it"
        );
    }
    return key;
}

std::optional<std::string> read_user_email(settings& own) {
    auto email = own.text("user_email");
    if (!email) {
        own.error(
            "user_email", "is missing; set it to the e-mail of the PagerDuty user that hallpass acts as"
        );
        return std::nullopt;
    }
    if (!access::looks_like_email(*email)) {
        own.error("user_email", "must be an e-mail address, found \"" + one_line(*email, 100) + '"');
        return std::nullopt;
    }
    return email;
}

// The table by upstream's name, by the documented one that upstream ignores, or beside the other keys.
void read_annotations(settings& own, pagerduty_config& into) {
    const std::string upstream_key = own.as_spelled("requestannotations");
    for (const std::string& key : {std::string("request_annotations"), upstream_key}) {
        if (auto table = own.is_table(key) ? own.table(key) : std::nullopt) {
            into.notify_annotation = table->text("notify_service").value_or(into.notify_annotation);
            into.on_call_annotation = table->text("services").value_or(into.on_call_annotation);
        }
    }
    into.notify_annotation = own.text("notify_service").value_or(into.notify_annotation);
    into.on_call_annotation = own.text("services").value_or(into.on_call_annotation);
}

bool read_urgency(settings& own, std::string& into) {
    into = own.text("urgency").value_or("");
    if (into.empty() || into == "high" || into == "low") {
        return true;
    }
    own.error("urgency", "must be \"high\" or \"low\", found \"" + one_line(into, 60) + '"');
    return false;
}

bool read_level(settings& own, unsigned& into) {
    const auto level = own.number("max_escalation_level");
    if (!level) {
        return !own.has("max_escalation_level");
    }
    if (*level < 1 || *level > most_levels) {
        own.error("max_escalation_level", "must be from 1 to " + std::to_string(most_levels));
        return false;
    }
    into = static_cast<unsigned>(*level);
    return true;
}

bool read_on_call(settings& own, on_call_config& into) {
    auto table = own.table("on_call");
    if (!table) {
        return !own.has("on_call");
    }
    into.enabled = table->flag("enabled").value_or(true);
    into.services = table->texts("services").value_or(texts());
    into.schedules = table->texts("schedules").value_or(texts());
    into.policies = table->texts("escalation_policies").value_or(texts());
    const bool level = read_level(*table, into.last_level);
    const bool rules = read_on_call_rules(*table, into.rules);
    const bool any = !into.services.empty() || !into.schedules.empty() || !into.policies.empty();
    if (any && into.rules.roles.empty()) {
        table->error(
            "roles", "is missing; list the roles that people on call get without a reviewer, or \"*\" for all"
        );
        return false;
    }
    return level && rules;
}

// Nothing where there is an error. It never tells what was found.
std::optional<secret> read_webhook_secret(settings& own) {
    auto found = own.secret_text("webhook_secret");
    if (!found && own.has("webhook_secret")) {
        return std::nullopt;
    }
    return found ? std::move(found) : std::optional<secret>(secret());
}

bool read_actions(settings& own, pagerduty_config& into) {
    into.approve_action = own.text("approve_action").value_or("");
    into.deny_action = own.text("deny_action").value_or("");
    if (!into.approve_action.empty() && into.approve_action == into.deny_action) {
        own.error("deny_action", "is the same action as approve_action; name two");
        return false;
    }
    return true;
}

void accept_old_keys(settings& own) {
    if (own.names("auto_approve")) {
        own.accept("auto_approve");
        own.warning("auto_approve", "ignored; [pagerduty.on_call] says who is approved for being on call");
    }
    if (own.names("recipients")) {
        own.accept("recipients");
        own.warning(
            "recipients", "ignored; services of PagerDuty belong into [pagerduty.role_to_recipients]"
        );
    }
}

} // namespace

std::optional<pagerduty_config> read_config(settings& own) {
    pagerduty_config read;
    auto api_url = read_api_url(own, public_api);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    read.services = own.texts("service_id").value_or(texts());
    read.own_routing = own.names("role_to_recipients");
    read_annotations(own, read);
    accept_old_keys(own);
    const bool urgency = read_urgency(own, read.urgency);
    const bool on_call = read_on_call(own, read.on_call);
    const bool actions = read_actions(own, read);
    auto webhook_secret = read_webhook_secret(own);
    auto key = read_api_key(own);
    auto email = read_user_email(own);
    if (!api_url || !least_interval || !urgency || !on_call || !actions || !webhook_secret || !key ||
        !email) {
        return std::nullopt;
    }
    read.api_key = std::move(*key);
    read.user_email = std::move(*email);
    read.api_url = std::move(*api_url);
    read.least_interval = *least_interval;
    read.webhook_secret = std::move(*webhook_secret);
    return read;
}

} // namespace hallpass::services::pagerduty
