#include "services/discord/gateway_address.hpp"

#include "base/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <cstddef>

namespace hallpass::services::discord {

namespace {

constexpr std::size_t longest_address = 300;
constexpr std::string_view discords_domain = ".discord.gg";

} // namespace

std::optional<std::string> gateway_address(std::string_view told, std::string_view api_url) {
    if (told.size() > longest_address) {
        return std::nullopt;
    }
    const auto url = boost::urls::parse_uri(told);
    const auto api = boost::urls::parse_uri(api_url);
    if (!url || url->scheme_id() != boost::urls::scheme::wss || url->has_userinfo() || url->has_fragment()) {
        return std::nullopt;
    }
    const std::string host = lower_case(std::string(url->encoded_host()));
    const bool below_discord = host.size() > discords_domain.size() && host.ends_with(discords_domain);
    const bool apis = api && !host.empty() && host == lower_case(std::string(api->encoded_host()));
    if (!below_discord && !apis) {
        return std::nullopt;
    }
    std::string path(url->encoded_path());
    while (path.ends_with('/')) {
        path.pop_back();
    }
    return "wss://" + std::string(url->encoded_host_and_port()) + path + "/?v=10&encoding=json";
}

} // namespace hallpass::services::discord
