#include "services/msteams/config.hpp"

#include "base/text.hpp"
#include "services/api_url.hpp"
#include "services/msteams/ids.hpp"
#include "services/rate_limit.hpp"

#include <utility>
#include <vector>

namespace hallpass::services::msteams {

namespace {

constexpr std::string_view regions = "https://smba.trafficmanager.net/"; // of the public cloud

std::optional<std::string> read_id(settings& own, std::string_view key, std::string_view what) {
    auto written = own.text(key);
    if (!written || written->empty()) {
        if (!own.has(key)) {
            own.error(key, "is missing; set it to " + std::string(what));
        }
        return std::nullopt;
    }
    std::string id(trimmed(*written));
    if (!is_guid(id)) {
        own.error(
            key, "must be an id such as \"0b1f6f0e-2a52-4d0f-9b8e-2d1f4a6b7c01\": " + std::string(what) +
                     ", found \"" + one_line(id, 60) + '"'
        );
        return std::nullopt;
    }
    return lower_case(id);
}

std::optional<secret> read_secret(settings& own) {
    auto found = own.secret_text("app_secret");
    if (!found && !own.has("app_secret")) {
        own.error(
            "app_secret",
            "is missing; set it to a client secret of the app's registration, or to the path of "
            "a file with it"
        );
    }
    return found;
}

// Part of a path, so it must stay in it.
std::optional<std::string> read_word(settings& own, std::string_view key, std::string otherwise) {
    const auto written = own.text(key);
    if (!written) {
        return own.has(key) ? std::nullopt : std::optional(std::move(otherwise));
    }
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    if (written->find_first_not_of(plain) != std::string::npos || written->find("..") != std::string::npos) {
        own.error(key, "must be one word of letters, digits, \"-\" and \".\"");
        return std::nullopt;
    }
    return *written;
}

// The public cloud where there is an error.
cloud read_cloud(settings& own, bool& sound) {
    const auto written = own.text("cloud");
    const cloud* found = written ? find_cloud(*written) : nullptr;
    if (found != nullptr || !own.has("cloud")) {
        return found ? *found : public_cloud();
    }
    if (written) {
        own.error("cloud", "must be " + cloud_names() + ", found \"" + one_line(*written, 40) + '"');
    }
    sound = false;
    return public_cloud();
}

std::optional<std::string> read_bot_url(settings& own, const cloud& where, const std::string& region) {
    std::string usual(where.bot_url);
    if (where.name == public_cloud().name) {
        usual = std::string(regions) + region + '/';
    } else if (own.has("region")) {
        own.warning("region", "counts in the public cloud alone");
    }
    if (usual.empty() && !own.has("bot_url")) {
        own.error(
            "bot_url", "is missing; in this cloud, set it to the serviceUrl of the messages that bots get"
        );
        return std::nullopt;
    }
    return read_base_url(own, "bot_url", std::move(usual));
}

// False where a key is no object id. Whom it names is read elsewhere.
bool look_at_users(settings& own) {
    auto table = own.is_table("users") ? own.table("users") : std::nullopt;
    bool sound = true;
    for (const std::string& id : table ? table->keys() : std::vector<std::string>()) {
        table->accept(id);
        if (!is_guid(id) || lower_case(id) != id) {
            table->error(
                id, "must be the object id of a user in Entra, in small letters, such as "
                    "\"0b1f6f0e-2a52-4d0f-9b8e-2d1f4a6b7c01\"; the person's Teleport user stands behind it"
            );
            sound = false;
        }
    }
    return sound;
}

} // namespace

std::optional<msteams_config> read_config(settings& own) {
    msteams_config made;
    auto app = read_id(own, "app_id", "the application (client) id of the app's registration");
    auto app_secret = read_secret(own);
    auto tenant = read_id(own, "tenant_id", "the directory (tenant) id");
    auto teams_app = read_id(own, "teams_app_id", "the id in the manifest of the Teams app");
    auto region = read_word(own, "region", "emea");
    auto bot_tenant = read_word(own, "bot_tenant", tenant.value_or(""));
    bool cloud_sound = true;
    made.where = read_cloud(own, cloud_sound);
    auto login = read_base_url(own, "login_url", std::string(made.where.login_url));
    auto graph = read_base_url(own, "graph_url", std::string(made.where.graph) + "/v1.0/");
    auto bot = read_bot_url(own, made.where, region.value_or("emea"));
    auto bot_login = read_base_url(own, "bot_login_url", std::string(made.where.bot_login_url));
    const auto least_interval = read_rate_limit(own, "rate_limit");
    const bool users_sound = look_at_users(own);
    if (own.names("default_recipient")) {
        own.accept("default_recipient");
        own.warning("default_recipient", "ignored; recipients belong into [role_to_recipients]");
    }
    const bool ids = app && tenant && teams_app && region && bot_tenant;
    const bool urls = cloud_sound && login && graph && bot && bot_login;
    if (!ids || !urls || !app_secret || !least_interval || !users_sound) {
        return std::nullopt;
    }
    made.app_id = *std::move(app);
    made.app_secret = *std::move(app_secret);
    made.tenant_id = *std::move(tenant);
    made.teams_app_id = *std::move(teams_app);
    made.bot_tenant = *std::move(bot_tenant);
    made.login_url = *std::move(login);
    made.graph_url = *std::move(graph);
    made.bot_url = *std::move(bot);
    made.bot_login_url = *std::move(bot_login);
    made.least_interval = *least_interval;
    return made;
}

} // namespace hallpass::services::msteams
