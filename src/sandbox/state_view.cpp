#include "sandbox/state_view.hpp"

#include "base/time.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_page.hpp"
#include "sandbox/people_view.hpp"
#include "sandbox/slack_commands.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr std::size_t requests_shown = 100;
constexpr std::size_t messages_shown = 100;

json::object to_json(const slack_message& message) {
    json::array earlier;
    for (const slack_version& version : message.earlier) {
        earlier.push_back(json::object{
            {"text", version.text}, {"blocks", version.blocks}, {"at", to_rfc3339(version.at)}});
    }
    return {
        {"ts", message.ts},
        {"thread_ts", message.thread_ts},
        {"user", message.user},
        {"text", message.text},
        {"blocks", message.blocks},
        {"metadata", message.metadata},
        {"edited_ts", message.edited_ts},
        {"ephemeral_for", message.ephemeral_for},
        {"earlier", std::move(earlier)}};
}

json::object to_json(const slack_channel& channel) {
    json::array messages;
    for (const slack_message& message : channel.messages) {
        messages.push_back(to_json(message));
    }
    return {
        {"id", channel.id},
        {"name", channel.name},
        {"im_user", channel.im_user},
        {"is_private", channel.is_private},
        {"is_archived", channel.is_archived},
        {"messages", std::move(messages)}};
}

// What each plugin has written down about the request under its own key, as it wrote it.
json::object notes_on(const control_parts& parts, const std::string& id) {
    json::object notes;
    const auto records = parts.cluster.plugin_data({"access_request", id, ""});
    if (!records) {
        return notes;
    }
    for (const plugin_record& record : *records) {
        for (const auto& [plugin, entry] : record.entries) {
            if (const auto own = entry.find("hallpass"); own != entry.end()) {
                notes[plugin] = own->second;
            }
        }
    }
    return notes;
}

json::object view_cluster(const control_parts& parts) {
    const auto all = parts.cluster.requests({});
    std::uint64_t pending = 0;
    for (const recorded_request& recorded : all) {
        pending += recorded.request.state == access::request_state::pending ? 1 : 0;
    }
    json::array newest_first;
    for (auto it = all.rbegin(); it != all.rend() && newest_first.size() < requests_shown; ++it) {
        json::object shown = to_json(*it);
        shown["notes"] = notes_on(parts, it->request.id);
        newest_first.push_back(std::move(shown));
    }
    return {
        {"settings", to_json(parts.cluster.settings())},
        {"up", parts.is_auth_up()},
        {"watchers", parts.cluster.watchers()},
        {"total", all.size()},
        {"pending", pending},
        {"requests", std::move(newest_first)}};
}

} // namespace

json::object view_slack(const slack_state& slack, std::size_t messages) {
    json::array users;
    for (const slack_user& user : slack.users()) {
        users.push_back(json::object{
            {"id", user.id}, {"name", user.name}, {"real_name", user.real_name}, {"email", user.email}});
    }
    json::array channels;
    for (const slack_channel& channel : slack.channels(messages)) {
        channels.push_back(to_json(channel));
    }
    return {
        {"bot_user", slack.bot().user_id}, {"users", std::move(users)}, {"channels", std::move(channels)}};
}

json::array view_messages(const slack_state& slack) {
    json::array all;
    for (const slack_channel& known : slack.channels(0)) {
        slack.read_channel(known.id, [&](const slack_channel& channel) {
            for (const slack_message& message : channel.messages) {
                all.push_back(json::object{
                    {"channel", channel.id},
                    {"ts", message.ts},
                    {"thread_ts", message.thread_ts},
                    {"text", message.text},
                    {"metadata", message.metadata},
                    {"edited_ts", message.edited_ts}});
            }
        });
    }
    return all;
}

json::object view_state(const control_parts& parts) {
    // The number first: a change while the rest is read is told again, never missed.
    const std::uint64_t revision = parts.changes.revision();
    json::object slack = view_slack(parts.slack, messages_shown);
    const directory known = parts.cluster.known();
    slack["up"] = parts.is_slack_up();
    slack["people"] = view_people(parts.slack.users(), known);
    slack["views"] = view_dialogs(parts.slack, true);
    json::object parties{{"discord", discord_on_page(parts.discord)}};
    for (const auto& one : parts.parties.all()) {
        parties[one->name] = one->party->view();
    }
    return {
        {"revision", revision},
        {"cluster", view_cluster(parts)},
        {"directory", to_json(known)},
        {"slack", std::move(slack)},
        {"parties", std::move(parties)},
        {"faults",
         json::object{
             {"auth", to_json(parts.auth_faults.summary())},
             {"slack", to_json(parts.slack_faults.summary())}}},
        {"calls",
         json::object{
             {"auth", to_json(parts.auth_faults.calls())}, {"slack", to_json(parts.slack_faults.calls())}}}};
}

} // namespace hallpass::sandbox
