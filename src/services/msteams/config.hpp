// What [msapi] says: upstream's keys (upstream-messaging 6.1), and where Microsoft is.
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "services/msteams/cloud.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hallpass::services::msteams {

struct msteams_config {
    std::string app_id; // of the registration: the bot's id too
    secret app_secret;
    std::string tenant_id;
    std::string teams_app_id; // the id in the app's manifest, not the catalogue's
    // Whose tokens the bot uses: the tenant for a single-tenant bot, "botframework.com" for one of the
    // multi-tenant bots that can't be made any more (api-messaging 4.1).
    std::string bot_tenant;
    cloud where = public_cloud(); // whose tokens and signatures count
    // Where it is called; each ends with "/".
    std::string login_url;
    std::string graph_url;
    std::string bot_url; // below it is v3/
    std::string bot_login_url;
    std::chrono::nanoseconds least_interval{0};
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<msteams_config> read_config(settings& own);

} // namespace hallpass::services::msteams
