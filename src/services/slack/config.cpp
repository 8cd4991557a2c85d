#include "services/slack/config.hpp"

#include "services/api_url.hpp"
#include "services/rate_limit.hpp"

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

} // namespace

std::optional<slack_config> read_config(settings& own) {
    auto api_url = read_api_url(own, public_api);
    const auto least_interval = read_rate_limit(own, "rate_limit");
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
    if (!api_url || !least_interval) {
        return std::nullopt;
    }
    return slack_config{std::move(*token), std::move(*api_url), *least_interval};
}

} // namespace hallpass::services::slack
