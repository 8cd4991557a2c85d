#include "services/jira/config.hpp"

#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/rate_limit.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hallpass::services::jira {

namespace {

// Tokens with scopes work there alone (api-ticketing 1.1).
constexpr std::string_view scoped_api = "https://api.atlassian.com/ex/jira/";

std::optional<std::string> read_required(settings& own, std::string_view key, std::string_view what) {
    auto text = own.text(key);
    if (!text && !own.has(key)) {
        own.error(key, "is missing; set it to " + std::string(what));
    }
    return text;
}

std::optional<std::string> read_url(settings& own) {
    if (!own.has("url")) {
        own.accept("url");
        own.error("url", "is missing; set it to where Jira is, such as \"https://example.atlassian.net\"");
        return std::nullopt;
    }
    return read_base_url(own, "url", "");
}

bool is_cloud_id(std::string_view text) noexcept {
    return text.size() == 36 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
           });
}

// False where there is an error.
bool read_api(settings& own, jira_config& into) {
    const std::size_t host_end = into.url.find('/', into.url.find("://") + 3);
    const std::string host = into.url.substr(0, host_end);
    into.cloud = host.ends_with(".atlassian.net") || host.ends_with(".jira.com");
    into.api_url = into.url;
    const auto id = own.text("cloud_id");
    if (!id) {
        return !own.has("cloud_id");
    }
    if (!is_cloud_id(*id)) {
        own.error(
            "cloud_id", "must be the site's id, 36 characters, as " + into.url +
                            "_edge/tenant_info gives it; found \"" + one_line(*id, 60) + '"'
        );
        return false;
    }
    into.cloud = true;
    into.api_url = std::string(scoped_api) + *id + '/';
    return true;
}

std::optional<secret> read_token(settings& own, const std::string& username) {
    auto token = own.secret_text("api_token");
    if (!token && !own.has("api_token")) {
        own.error(
            "api_token", username.empty() ? "is missing; set it to a personal access token, or to an API "
                                            "token with username beside it, "
                                            "or to the path of a file with it"
                                          : "is missing; set it to an API token of " +
                                                one_line(username, 80) + ", or to the path of a file with it"
        );
    }
    return token;
}

void read_statuses(settings& own, status_names& into) {
    const std::array<std::pair<std::string_view, std::string*>, 5> all{{
        {"pending_status", &into.pending},
        {"approved_status", &into.approved},
        {"denied_status", &into.denied},
        {"expired_status", &into.expired},
        {"promoted_status", &into.promoted},
    }};
    for (const auto& [key, name] : all) {
        *name = own.text(key).value_or(*name);
    }
    if (lower_case(into.approved) == lower_case(into.denied)) {
        own.error("denied_status", "is the same as approved_status; they must differ");
    }
}

// False where there is an error.
bool read_poll_interval(settings& own, jira_config& into) {
    constexpr std::string_view key = "poll_interval";
    const bool webhooks = own.has("webhook_secret");
    into.poll_interval = webhooks ? std::chrono::minutes(1) : std::chrono::seconds(15);
    const auto written = own.duration(key);
    if (!written) {
        return !own.has(key);
    }
    if (*written != std::chrono::milliseconds(0) && *written < std::chrono::milliseconds(100)) {
        own.error(key, "must be at least \"100ms\", or \"0s\" to look for no moves");
        return false;
    }
    into.poll_interval = *written;
    return true;
}

} // namespace

std::optional<jira_config> read_config(settings& own) {
    jira_config read;
    auto url = read_url(own);
    read.username = own.text("username").value_or("");
    auto token = read_token(own, read.username);
    auto project =
        read_required(own, "project", "the key of the project that issues are made in, such as \"ACCESS\"");
    read.issue_type = own.text("issue_type").value_or(read.issue_type);
    read_statuses(own, read.statuses);
    own.accept("decide"); // the rules of decisions have it
    auto webhook_secret = own.secret_text("webhook_secret");
    const bool bad_secret = !webhook_secret && own.has("webhook_secret");
    const bool polled = read_poll_interval(own, read);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    if (!url || !token || !project || !least_interval || bad_secret || !polled) {
        own.accept("cloud_id");
        return std::nullopt;
    }
    read.url = std::move(*url);
    read.token = std::move(*token);
    read.project = std::move(*project);
    read.least_interval = *least_interval;
    if (webhook_secret) {
        read.webhook_secret = std::move(*webhook_secret);
    }
    return read_api(own, read) && !any_error(own.found()) ? std::optional(std::move(read)) : std::nullopt;
}

} // namespace hallpass::services::jira
