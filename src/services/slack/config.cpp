#include "services/slack/config.hpp"

#include "services/api_url.hpp"
#include "services/rate_limit.hpp"

#include <algorithm>
#include <vector>

namespace hallpass::services::slack {

namespace {

constexpr std::string_view public_api = "https://slack.com/api/";

void look_at(settings& own, std::string_view token) {
    if (token.starts_with("xapp-")) {
        own.warning(
            "token", "is an app-level token; Slack wants the bot token here, which begins with xoxb-"
        );
    } else if (!token.starts_with("xoxb-") && !token.starts_with("xoxe.xoxb-")) {
        own.warning(
            "token",
            "doesn't look like a bot token, which begins with xoxb-; it is in the app's settings under "
            "\"OAuth & Permissions\""
        );
    }
}

// Nothing where there is an error. It never tells what was found.
std::optional<secret> read_signing_secret(settings& own) {
    constexpr std::size_t usual_bytes = 32;
    auto found = own.secret_text("signing_secret");
    if (!found) {
        return own.has("signing_secret") ? std::nullopt : std::optional<secret>(secret());
    }
    if (found->reveal().size() != usual_bytes) {
        own.warning(
            "signing_secret",
            "doesn't look like a signing secret, which has 32 characters; it is in the app's settings under "
            "\"Basic Information\""
        );
    }
    return found;
}

// Nothing where there is an error. It never tells what was found.
std::optional<secret> read_app_token_of(settings& section) {
    auto found = section.secret_text("app_token");
    if (found && !found->reveal().starts_with("xapp-")) {
        section.warning(
            "app_token", "doesn't look like an app-level token, which begins with xapp-; it is in the app's "
                         "settings under "
                         "\"Basic Information\", and needs the scope connections:write"
        );
    }
    return found;
}

} // namespace

std::optional<secret> read_app_token(settings& own, settings* review) {
    constexpr std::string_view key = "app_token";
    std::vector<settings> sections{own};
    if (own.is_table("review")) {
        sections.push_back(*own.table("review"));
    }
    if (review != nullptr) {
        sections.push_back(*review);
    }
    const auto says =
        std::find_if(sections.begin(), sections.end(), [&](const settings& one) { return one.has(key); });
    if (says == sections.end()) {
        own.accept(key);
        return secret();
    }
    for (auto later = says + 1; later != sections.end(); ++later) {
        if (later->has(key)) {
            later->accept(key);
            later->warning(key, "ignored, because " + says->path() + ".app_token is there; take it out");
        }
    }
    return read_app_token_of(*says);
}

std::optional<slack_config> read_config(settings& own) {
    auto api_url = read_api_url(own, public_api);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    auto signing_secret = read_signing_secret(own);
    if (own.names("recipients")) {
        own.accept("recipients");
        own.warning("recipients", "ignored; recipients belong into [role_to_recipients]");
    }
    auto token = own.secret_text("token");
    if (!token) {
        if (!own.has("token")) {
            own.error(
                "token",
                "is missing; set it to the app's bot token (xoxb-...), or to the path of a file with it"
            );
        }
        return std::nullopt;
    }
    look_at(own, token->reveal());
    if (!api_url || !least_interval || !signing_secret) {
        return std::nullopt;
    }
    return slack_config{
        std::move(*token), std::move(*api_url), *least_interval, std::move(*signing_secret), secret()};
}

} // namespace hallpass::services::slack
