#include "services/discord/config.hpp"

#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/discord/signature.hpp"
#include "services/discord/snowflake.hpp"
#include "services/rate_limit.hpp"

#include <vector>

namespace hallpass::services::discord {

namespace {

constexpr std::string_view public_api = "https://discord.com/api/v10/";
constexpr std::string_view version = "v10/";
constexpr std::string_view user_id =
    R"(the id of a Discord user, such as "80351110224678912": in Discord, switch on Developer Mode, then )"
    R"("Copy User ID")";

// Upstream's default, "https://discord.com/api/", names no version, which Discord takes for an old one.
std::string with_version(std::string url) {
    if (url.ends_with("/api/")) {
        url += version;
    }
    return url;
}

std::optional<secret> read_token(settings& own) {
    auto token = own.secret_text("token");
    if (!token && !own.has("token")) {
        own.error("token", "is missing; set it to the bot's token, or to the path of a file with it");
    }
    return token;
}

// False where a key is no Discord user's. Whom it names is read elsewhere.
bool look_at_users(settings& own) {
    auto table = own.is_table("users") ? own.table("users") : std::nullopt;
    bool sound = true;
    for (const std::string& id : table ? table->keys() : std::vector<std::string>()) {
        table->accept(id);
        if (!is_snowflake(id)) {
            table->error(
                id, "must be " + std::string(user_id) + "; the person's Teleport user stands behind it"
            );
            sound = false;
        }
    }
    return sound;
}

constexpr std::string_view an_application =
    R"(the app's Application ID, such as "157730590492196864": "General Information" in the Developer Portal)";
constexpr std::string_view a_public_key =
    R"(the app's Public Key, 64 hex digits: "General Information" in the Developer Portal)";

// Nothing where there is an error, and "" where the key isn't there.
std::optional<std::string> read_application(settings& own) {
    if (!own.has("application_id")) {
        return own.text("application_id").value_or("");
    }
    const auto written = own.number_or_text("application_id", an_application);
    if (!written) {
        return std::nullopt;
    }
    const auto* const number = std::get_if<std::int64_t>(&*written);
    std::string id = number ? std::to_string(*number) : std::get<std::string>(*written);
    if (!is_snowflake(id)) {
        own.error(
            "application_id", "must be " + std::string(an_application) + ", found \"" + one_line(id, 60) + '"'
        );
        return std::nullopt;
    }
    return id;
}

// The same, as bytes.
std::optional<std::string> read_public_key(settings& own) {
    const bool there = own.has("public_key");
    const auto written = own.text("public_key");
    if (!written) {
        return there ? std::nullopt : std::optional(std::string());
    }
    auto bytes = read_hex(trimmed(*written), public_key_bytes);
    if (!bytes) {
        own.error(
            "public_key", "must be " + std::string(a_public_key) + ", found " +
                              std::to_string(written->size()) + " characters"
        );
    }
    return bytes;
}

// False where something is missing for the way by which decisions are to come.
bool is_whole(settings& own, const std::string& application, const std::string& public_key, bool gateway) {
    if (gateway && !public_key.empty()) {
        own.warning("public_key", "isn't used with gateway = true: Discord signs nothing there; take it out");
    }
    if (application.empty() && (gateway || !public_key.empty())) {
        own.error(
            "application_id", "is missing, and decisions from Discord need it beside " +
                                  std::string(gateway ? "gateway" : "public_key") + "; set it to " +
                                  std::string(an_application)
        );
        return false;
    }
    if (!application.empty() && !gateway && public_key.empty()) {
        own.error(
            "public_key", "is missing, and decisions from Discord need it beside application_id; set it to " +
                              std::string(a_public_key) +
                              ", or, where they are to come without an open port, set gateway = true"
        );
        return false;
    }
    return true;
}

} // namespace

std::optional<discord_config> read_config(settings& own) {
    auto api_url = read_api_url(own, public_api);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    const bool users_sound = look_at_users(own);
    if (own.names("recipients")) {
        own.accept("recipients");
        own.warning("recipients", "ignored; recipients belong into [role_to_recipients]");
    }
    auto application = read_application(own);
    auto public_key = read_public_key(own);
    const bool unreadable_gateway = own.has("gateway");
    const auto gateway = own.flag("gateway");
    const bool deciding_sound = application && public_key && (gateway || !unreadable_gateway) &&
                                is_whole(own, *application, *public_key, gateway.value_or(false));
    auto token = read_token(own);
    if (!token || !api_url || !least_interval || !users_sound || !deciding_sound) {
        return std::nullopt;
    }
    return discord_config{std::move(*token),      with_version(std::move(*api_url)),
                          *least_interval,        std::move(*application),
                          std::move(*public_key), gateway.value_or(false)};
}

} // namespace hallpass::services::discord
