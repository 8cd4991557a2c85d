#include "services/msteams/cloud.hpp"

#include <algorithm>
#include <array>

namespace hallpass::services::msteams {

namespace {

constexpr std::string_view public_login = "https://login.microsoftonline.com/";
constexpr std::string_view public_graph = "https://graph.microsoft.com";
constexpr std::string_view public_keys = "https://login.botframework.com/v1/";
constexpr std::string_view public_scope = "https://api.botframework.com/.default";
constexpr std::string_view public_issuer = "https://api.botframework.com";
constexpr std::string_view us_login = "https://login.microsoftonline.us/";
constexpr std::string_view us_keys = "https://login.botframework.azure.us/v1/";
constexpr std::string_view us_scope = "https://api.botframework.us/.default";
constexpr std::string_view us_issuer = "https://api.botframework.us";

constexpr std::array<cloud, 5> clouds{{
    {"public", public_login, public_graph, "https://smba.trafficmanager.net/teams/", public_keys,
     public_scope, public_issuer},
    {"gcc", public_login, public_graph, "https://smba.infra.gcc.teams.microsoft.com/teams/", public_keys,
     public_scope, public_issuer},
    {"gcc-high", us_login, "https://graph.microsoft.us", "https://smba.infra.gov.teams.microsoft.us/teams/",
     us_keys, us_scope, us_issuer},
    {"dod", us_login, "https://dod-graph.microsoft.us", "https://smba.infra.dod.teams.microsoft.us/teams/",
     us_keys, us_scope, us_issuer},
    {"china", "https://login.partner.microsoftonline.cn/", "https://microsoftgraph.chinacloudapi.cn", "",
     "https://login.botframework.azure.cn/v1/", "https://api.botframework.azure.cn/.default",
     "https://api.botframework.azure.cn"},
}};

} // namespace

const cloud& public_cloud() noexcept {
    return clouds.front();
}

const cloud* find_cloud(std::string_view name) noexcept {
    const auto found =
        std::find_if(clouds.begin(), clouds.end(), [name](const cloud& one) { return one.name == name; });
    return found == clouds.end() ? nullptr : &*found;
}

std::string cloud_names() {
    std::string out;
    for (const cloud& one : clouds) {
        out.append(out.empty() ? "" : &one == &clouds.back() ? " or " : ", ");
        out.append("\"").append(one.name).append("\"");
    }
    return out;
}

} // namespace hallpass::services::msteams
