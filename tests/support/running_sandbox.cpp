#include "support/running_sandbox.hpp"

#include "support/eventually.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>

namespace hallpass::test {

namespace json = boost::json;

namespace {

std::string text_at(const json::value& object, std::string_view key) {
    return std::string(object.at(key).as_string());
}

std::vector<std::string> serve_command(const std::string& folder, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{HALLPASS_SANDBOX_PROGRAM, "serve", "--dir", folder};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

std::string shown_text(const json::value& message) {
    return text_at(message, "text") + "\n" + json::serialize(message.at("blocks"));
}

} // namespace

running_sandbox::running_sandbox(const std::vector<std::string>& arguments)
    : program_(serve_command(folder_.path().string(), arguments)) {
    const std::string ready_file = folder_.file("ready.json");
    eventually("the sandbox is ready", [&] {
        return std::filesystem::exists(ready_file) || program_.exit_status().has_value();
    });
    if (const auto status = program_.exit_status()) {
        throw std::runtime_error(
            "hallpass-sandbox ended with " + std::to_string(*status) + ": " + program_.standard_error()
        );
    }
    const json::value ready = json::parse(read_file(ready_file));
    ready_ = ready.as_object();
    control_.emplace(text_at(ready, "control"));
    auth_address_ = text_at(ready, "grpc");
    slack_url_ = text_at(ready, "slack");
    signing_secret_ = text_at(ready, "slack_signing_secret");
    app_token_ = text_at(ready, "slack_app_token");
    discord_url_ = text_at(ready, "discord");
    discord_public_key_ = text_at(ready, "discord_public_key");
    discord_application_id_ = text_at(ready, "discord_application_id");
    ca_file_ = text_at(ready, "ca");
    listener_certificate_file_ = text_at(ready, "listener_certificate");
    listener_key_file_ = text_at(ready, "listener_key");
    identity_file_ = text_at(ready, "identity");
}

void running_sandbox::post_clicks_to(std::string_view url, std::string_view ca_file) const {
    control_->post("/slack/callback", json::object{{"url", url}, {"ca_file", ca_file}});
}

json::object running_sandbox::click(
    std::string_view user,
    std::string_view channel,
    std::string_view ts,
    std::string_view action,
    json::object more
) const {
    more["user"] = user;
    more["channel"] = channel;
    more["ts"] = ts;
    more["action"] = action;
    return control_->post("/slack/click", more).as_object();
}

json::object running_sandbox::submit(
    std::string_view view_id, std::string_view user, std::string_view reason, bool confirm
) const {
    json::object values{{"reason", reason}, {"confirm", confirm}};
    const json::object wanted{{"view_id", view_id}, {"user", user}, {"values", std::move(values)}};
    return control_->post("/slack/submit", wanted).as_object();
}

void running_sandbox::post_discord_clicks_to(std::string_view url, std::string_view ca_file) const {
    control_->post("/discord/callback", json::object{{"url", url}, {"ca_file", ca_file}});
}

json::object running_sandbox::discord_click(
    std::string_view user,
    std::string_view channel,
    std::string_view message,
    std::string_view action,
    json::object more
) const {
    more["user"] = user;
    more["channel"] = channel;
    more["message"] = message;
    more["action"] = action;
    return control_->post("/discord/click", more).as_object();
}

json::object running_sandbox::discord_submit(
    std::string_view modal, std::string_view user, json::object values, json::object more
) const {
    more["modal"] = modal;
    more["user"] = user;
    more["values"] = std::move(values);
    return control_->post("/discord/submit", more).as_object();
}

std::vector<slack_post> running_sandbox::posts(std::string_view channel, std::string_view mentioning) const {
    std::vector<slack_post> found;
    const json::value slack = control_->get("/slack");
    for (const json::value& one : slack.at("channels").as_array()) {
        if (text_at(one, "name") != channel) {
            continue;
        }
        const json::array& messages = one.at("messages").as_array();
        for (const json::value& message : messages) {
            const std::string ts = text_at(message, "ts");
            const std::string thread = text_at(message, "thread_ts");
            if (!thread.empty() && thread != ts) {
                for (slack_post& root : found) {
                    if (root.ts == thread) {
                        root.replies.push_back(shown_text(message));
                    }
                }
            } else if (std::string text = shown_text(message); text.find(mentioning) != std::string::npos) {
                const bool edited = !text_at(message, "edited_ts").empty();
                found.push_back({ts, std::move(text), {}, edited});
            }
        }
    }
    return found;
}

std::vector<discord_post> running_sandbox::discord_posts(std::string_view channel_or_user) const {
    std::vector<discord_post> found;
    const json::value discord = control_->get("/discord");
    for (const json::value& one : discord.at("channels").as_array()) {
        if (text_at(one, "name") != channel_or_user && text_at(one, "recipient") != channel_or_user) {
            continue;
        }
        for (const json::value& message : one.at("messages").as_array()) {
            found.push_back(
                {text_at(message, "id"), text_at(message, "content"), text_at(message, "reply_to"),
                 message.at("embeds").as_array(), message.at("allowed_mentions").as_object(),
                 message.at("components").as_array(), !message.at("earlier").as_array().empty()}
            );
        }
    }
    return found;
}

} // namespace hallpass::test
