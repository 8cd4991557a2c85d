#include "services/discord/config.hpp"

#include "base/text.hpp"
#include "services/api_url.hpp"
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

} // namespace

std::optional<discord_config> read_config(settings& own) {
    auto api_url = read_api_url(own, public_api);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    const bool users_sound = look_at_users(own);
    if (own.names("recipients")) {
        own.accept("recipients");
        own.warning("recipients", "ignored; recipients belong into [role_to_recipients]");
    }
    auto token = read_token(own);
    if (!token || !api_url || !least_interval || !users_sound) {
        return std::nullopt;
    }
    return discord_config{std::move(*token), with_version(std::move(*api_url)), *least_interval};
}

} // namespace hallpass::services::discord
