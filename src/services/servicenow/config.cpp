#include "services/servicenow/config.hpp"

#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/rate_limit.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace hallpass::services::servicenow {

namespace {

constexpr std::size_t least_secret = 16;

std::optional<std::string> read_url(settings& own) {
    const std::string_view key = own.has("api_endpoint") && !own.has("api_url") ? "api_endpoint" : "api_url";
    if (!own.has(key)) {
        own.accept(key);
        own.error(key, "is missing; set it to the instance, such as \"https://example.service-now.com\"");
        return std::nullopt;
    }
    return read_base_url(own, key, "");
}

// Upstream's hosted plugin calls the account's password a token.
std::optional<secret> read_password(settings& own) {
    const std::string_view key = own.has("password") && !own.has("api_token") ? "password" : "api_token";
    auto found = own.secret_text(key);
    return found || own.has(key) ? found : std::optional(secret());
}

bool read_account(settings& own, servicenow_config& into) {
    into.username = own.text("username").value_or("");
    into.client_id = own.text("client_id").value_or("");
    auto password = read_password(own);
    auto client_secret = own.secret_text("client_secret");
    if (!password || (!client_secret && own.has("client_secret"))) {
        return false;
    }
    into.password = std::move(*password);
    if (client_secret) {
        into.client_secret = std::move(*client_secret);
    }
    if (into.client_id.empty() != into.client_secret.empty()) {
        own.error(
            into.client_id.empty() ? "client_id" : "client_secret",
            "needs the other one beside it: client_id and client_secret"
        );
        return false;
    }
    if (into.username.empty() != into.password.empty()) {
        own.error(
            into.username.empty() ? "username" : "api_token",
            "needs the other one beside it: username, and its password as api_token"
        );
        return false;
    }
    if (into.username.empty() && into.client_id.empty()) {
        own.error(
            "username",
            "is missing; set username and api_token (its password), or client_id and client_secret"
        );
        return false;
    }
    return true;
}

bool read_states(settings& own, end_states& into) {
    const std::array<std::pair<std::string_view, std::string*>, 4> all{{
        {"approved_state", &into.approved},
        {"denied_state", &into.denied},
        {"expired_state", &into.expired},
        {"promoted_state", &into.promoted},
    }};
    bool sound = true;
    for (const auto& [key, value] : all) {
        const auto written = own.number_or_text(key, "a state's number, such as 6");
        if (!written) {
            sound = sound && !own.has(key);
            continue;
        }
        const auto* number = std::get_if<std::int64_t>(&*written);
        *value = number ? std::to_string(*number) : std::get<std::string>(*written);
        const bool digits =
            std::all_of(value->begin(), value->end(), [](char c) { return c >= '0' && c <= '9'; });
        if (value->empty() || !digits || value->size() > 6) {
            own.error(key, "must be a state's number, such as 6 (Resolved) or 7 (Closed)");
            sound = false;
        }
    }
    return sound;
}

} // namespace

std::optional<servicenow_config> read_config(settings& own) {
    servicenow_config read;
    auto url = read_url(own);
    const bool account = read_account(own, read);
    const bool states = read_states(own, read.ends);
    read.close_code = own.text("close_code").value_or(read.close_code);
    read.assignment_group = own.text("assignment_group").value_or("");
    const bool on_call = read_on_call_places(own, "rotas", read.on_call);
    auto webhook_secret = own.secret_text("webhook_secret");
    const bool bad_secret = !webhook_secret && own.has("webhook_secret");
    if (webhook_secret && webhook_secret->reveal().size() < least_secret) {
        own.error("webhook_secret", "is too short to be safe; take 32 random characters or more");
        return std::nullopt;
    }
    const auto least_interval = read_rate_limit(own, "rate_limit");
    if (!url || !account || !states || !on_call || !least_interval || bad_secret) {
        return std::nullopt;
    }
    read.url = std::move(*url);
    read.least_interval = *least_interval;
    if (webhook_secret) {
        read.webhook_secret = std::move(*webhook_secret);
    }
    return read;
}

} // namespace hallpass::services::servicenow
