// hallpass-sandbox as a program of its own, and what its simulated Slack and Discord show.
#pragma once

#include "support/http_peer.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

struct slack_post {
    std::string ts;
    std::string text; // the fallback text and the blocks, as JSON
    std::vector<std::string> replies;
    bool edited = false;
};

struct discord_post {
    std::string id;
    std::string content;
    std::string reply_to; // the message that it refers to, or ""
    boost::json::array embeds;
    boost::json::object allowed_mentions;
    boost::json::array components;
    bool edited = false;
};

class running_sandbox {
public:
    // Returns when it is ready. The arguments are further ones of `hallpass-sandbox serve`.
    explicit running_sandbox(const std::vector<std::string>& arguments = {});

    const http_peer& control() const noexcept { return *control_; }

    // ready.json, as the sandbox wrote it.
    const boost::json::object& ready() const noexcept { return ready_; }

    const std::string& auth_address() const noexcept { return auth_address_; }

    const std::string& slack_url() const noexcept { return slack_url_; }

    // Of the simulated Slack's app: what clicks are signed with.
    const std::string& signing_secret() const noexcept { return signing_secret_; }

    // Of the simulated Slack's app: for Socket Mode.
    const std::string& app_token() const noexcept { return app_token_; }

    const std::string& discord_url() const noexcept { return discord_url_; }

    // Of the simulated Discord's app: what clicks are verified by, and whom they are for.
    const std::string& discord_public_key() const noexcept { return discord_public_key_; }

    const std::string& discord_application_id() const noexcept { return discord_application_id_; }

    const std::string& ca_file() const noexcept { return ca_file_; }

    // For a listener of hallpass on this machine, issued by the authority in ca_file().
    const std::string& listener_certificate_file() const noexcept { return listener_certificate_file_; }

    const std::string& listener_key_file() const noexcept { return listener_key_file_; }

    const std::string& identity_file() const noexcept { return identity_file_; }

    // Where the simulated Slack posts clicks from now on; `ca_file` beside the system's authorities.
    void post_clicks_to(std::string_view url, std::string_view ca_file = {}) const;

    // POST /slack/click and /slack/submit of the control port; `more` is for forged and late ones, see
    // src/sandbox/slack_commands.hpp.
    boost::json::object click(
        std::string_view user,
        std::string_view channel,
        std::string_view ts,
        std::string_view action,
        boost::json::object more = {}
    ) const;
    boost::json::object submit(
        std::string_view view_id, std::string_view user, std::string_view reason, bool confirm = false
    ) const;

    // The same of Discord; `more` is for forged, late and doubled ones, see src/sandbox/discord_commands.hpp.
    void post_discord_clicks_to(std::string_view url, std::string_view ca_file = {}) const;
    boost::json::object discord_click(
        std::string_view user,
        std::string_view channel,
        std::string_view message,
        std::string_view action,
        boost::json::object more = {}
    ) const;
    boost::json::object discord_submit(
        std::string_view modal,
        std::string_view user,
        boost::json::object values,
        boost::json::object more = {}
    ) const;

    // The messages of the channel that are not replies and mention the text.
    std::vector<slack_post> posts(std::string_view channel, std::string_view mentioning) const;

    // All messages of the channel of that name, or of the direct channel with the user of that id.
    std::vector<discord_post> discord_posts(std::string_view channel_or_user) const;

    std::string log() const { return program_.standard_error(); }

    process& program() noexcept { return program_; }

private:
    temp_dir folder_;
    process program_;
    std::optional<http_peer> control_;
    boost::json::object ready_;
    std::string auth_address_;
    std::string slack_url_;
    std::string signing_secret_;
    std::string app_token_;
    std::string discord_url_;
    std::string discord_public_key_;
    std::string discord_application_id_;
    std::string ca_file_;
    std::string listener_certificate_file_;
    std::string listener_key_file_;
    std::string identity_file_;
};

} // namespace hallpass::test
