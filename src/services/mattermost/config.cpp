#include "services/mattermost/config.hpp"

#include "base/text.hpp"
#include "services/mattermost/ids.hpp"
#include "services/rate_limit.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <utility>

namespace hallpass::services::mattermost {

namespace {

constexpr std::size_t least_secret_bytes = 16;
constexpr std::string_view user_id = "the id of a Mattermost user, 26 small letters and digits, as the "
                                     "System Console shows it under \"Users\"";

bool is_this_machine(const boost::urls::url_view& url) {
    return url.host() == "localhost" || url.host() == "[::1]" || url.host().starts_with("127.");
}

std::optional<std::string> read_url(settings& own) {
    const auto written = own.text("url");
    if (!written) {
        if (!own.has("url")) {
            own.error(
                "url", "is missing; set it to the server's URL, such as https://mattermost.example.com"
            );
        }
        return std::nullopt;
    }
    const auto url = boost::urls::parse_uri(*written);
    const bool web = url && (url->scheme_id() == boost::urls::scheme::http ||
                             url->scheme_id() == boost::urls::scheme::https);
    if (!web || url->host().empty()) {
        own.error(
            "url",
            "must be a URL that begins with https:// (or http://), found \"" + one_line(*written, 100) + '"'
        );
        return std::nullopt;
    }
    if (url->has_userinfo() || url->has_query() || url->has_fragment()) {
        own.error("url", "must be a URL without user, query and fragment");
        return std::nullopt;
    }
    if (url->scheme_id() == boost::urls::scheme::http && !is_this_machine(*url)) {
        own.warning("url", "is plain http: the token can be read on the way to " + std::string(url->host()));
    }
    return written->ends_with('/') ? *written : *written + '/';
}

std::optional<secret> read_token(settings& own) {
    auto token = own.secret_text("token");
    if (!token && !own.has("token")) {
        own.error(
            "token", "is missing; set it to the bot account's access token, or to the path of a file with it"
        );
    }
    return token;
}

// Nothing where there is an error. It never tells what was found.
std::optional<secret> read_action_secret(settings& own) {
    auto found = own.secret_text("action_secret");
    if (!found) {
        return own.has("action_secret") ? std::nullopt : std::optional<secret>(secret());
    }
    if (found->reveal().size() < least_secret_bytes) {
        own.error(
            "action_secret",
            "must have 16 characters at least, which nobody can guess; \"openssl rand -hex 32\" makes one"
        );
        return std::nullopt;
    }
    return found;
}

// False where a key is no Mattermost user's. Whom it names is read elsewhere.
bool look_at_users(settings& own) {
    auto table = own.is_table("users") ? own.table("users") : std::nullopt;
    bool sound = true;
    for (const std::string& id : table ? table->keys() : std::vector<std::string>()) {
        table->accept(id);
        if (!is_id(id)) {
            table->error(
                id, "must be " + std::string(user_id) + "; the person's Teleport user stands behind it"
            );
            sound = false;
        }
    }
    return sound;
}

} // namespace

std::optional<mattermost_config> read_config(settings& own) {
    auto url = read_url(own);
    auto token = read_token(own);
    auto action_secret = read_action_secret(own);
    const auto least_interval = read_rate_limit(own, "rate_limit");
    const bool users_sound = look_at_users(own);
    const bool names_recipients = own.has("recipients");
    auto recipients = own.texts("recipients");
    if (names_recipients && own.names("role_to_recipients")) {
        own.warning("recipients", "counts in place of [mattermost.role_to_recipients]; take one of them out");
    }
    const bool sound =
        url && token && action_secret && least_interval && users_sound && (recipients || !names_recipients);
    if (!sound) {
        return std::nullopt;
    }
    if (recipients && recipients->empty()) {
        recipients.reset();
    }
    return mattermost_config{
        std::move(*url), std::move(*token), std::move(*action_secret), std::move(recipients),
        *least_interval};
}

} // namespace hallpass::services::mattermost
