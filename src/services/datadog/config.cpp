#include "services/datadog/config.hpp"

#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/rate_limit.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace hallpass::services::datadog {

namespace {

constexpr std::string_view public_api = "https://api.datadoghq.com/";
constexpr std::array<std::string_view, 7> severities{"UNKNOWN", "SEV-0", "SEV-1", "SEV-2",
                                                     "SEV-3",   "SEV-4", "SEV-5"};

std::optional<secret> read_key(settings& own, std::string_view key, std::string_view what) {
    auto found = own.secret_text(key);
    if (!found && !own.has(key)) {
        own.error(key, "is missing; set it to " + std::string(what) + ", or to the path of a file with it");
    }
    return found;
}

// The address that people open is not the API's.
void look_at_endpoint(settings& own, std::string_view url) {
    const std::string_view host = url.substr(url.find("://") + 3);
    if (host.starts_with("app.")) {
        own.warning("api_endpoint", "looks like the web page's; the API's begins with api.");
    }
}

} // namespace

std::optional<datadog_config> read_config(settings& own) {
    datadog_config read;
    auto endpoint = read_base_url(own, "api_endpoint", public_api);
    auto api_key = read_key(own, "api_key", "an API key of the organisation");
    auto application_key =
        read_key(own, "application_key", "an application key with incident_read and incident_write");
    read.severity = own.text("severity").value_or(read.severity);
    if (std::find(severities.begin(), severities.end(), read.severity) == severities.end()) {
        own.warning("severity", "is none of SEV-0 to SEV-5 and UNKNOWN; Datadog may refuse it");
    }
    read.fallback_recipients = own.texts("fallback_recipients").value_or(std::vector<std::string>());
    const bool on_call = read_on_call_places(own, "teams", read.on_call);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    if (!endpoint || !api_key || !application_key || !on_call || !least_interval) {
        return std::nullopt;
    }
    look_at_endpoint(own, *endpoint);
    read.api_endpoint = std::move(*endpoint);
    read.api_key = std::move(*api_key);
    read.application_key = std::move(*application_key);
    read.least_interval = *least_interval;
    return read;
}

} // namespace hallpass::services::datadog
