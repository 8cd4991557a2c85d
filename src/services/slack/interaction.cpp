#include "services/slack/interaction.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/review_ids.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;
using access::verdict;

namespace {

constexpr std::size_t metadata_depth = 4;
constexpr std::size_t metadata_bytes = 3000;
constexpr std::size_t link_bytes = 1000;
constexpr std::size_t id_bytes = 64;
constexpr std::size_t trigger_bytes = 300;
constexpr std::size_t reason_bytes = 4 * reason_characters;
constexpr std::size_t reason_lines = 50;
constexpr std::int64_t metadata_version = 1;

std::optional<json::object> as_object(std::optional<json::value> parsed) {
    if (!parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return std::move(parsed->get_object());
}

bool is_plain(std::string_view text, std::size_t at_most, std::string_view others) {
    return !text.empty() && text.size() <= at_most && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               others.find(c) != std::string_view::npos;
    });
}

bool is_slack_id(std::string_view text) {
    return is_plain(text, id_bytes, "");
}

bool is_request_id(std::string_view text) {
    return is_plain(text, decidable_id_bytes, "-_.");
}

bool is_flag(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

std::optional<actor> read_actor(const json::object& payload) {
    const json::object& user = object_of(payload, "user");
    actor who;
    who.user = text_of(user, "id");
    who.user_team = text_of(user, "team_id");
    who.team = text_of(object_of(payload, "team"), "id");
    const bool sound = is_slack_id(who.user) && is_slack_id(who.team) &&
                       (who.user_team.empty() || is_slack_id(who.user_team));
    return sound ? std::optional<actor>(std::move(who)) : std::nullopt;
}

std::optional<verdict> verdict_of(std::string_view action) {
    if (action == approve_action) {
        return verdict::approve;
    }
    return action == deny_action ? std::optional<verdict>(verdict::deny) : std::nullopt;
}

// The message must be the card of that request, and of no other.
bool is_card_of(const json::object& message, const std::string& request_id) {
    const auto keys = keys_of(message);
    const access::delivery_key card(request_id, "card");
    const bool no_other = std::all_of(keys.begin(), keys.end(), [&](const access::delivery_key& key) {
        return key.request_id == request_id;
    });
    return no_other && std::find(keys.begin(), keys.end(), card) != keys.end();
}

interaction read_click(const json::object& payload) {
    const json::value* found = payload.if_contains("actions");
    const json::array* actions = found ? found->if_array() : nullptr;
    if (actions == nullptr || actions->size() != 1 || !actions->front().is_object()) {
        return {};
    }
    const json::object& action = actions->front().get_object();
    button_click click;
    click.request_id = text_of(action, "value");
    const auto what = verdict_of(text_of(action, "action_id"));
    const bool ours = what && is_request_id(click.request_id) && text_of(action, "type") == "button" &&
                      text_of(action, "block_id") == buttons_block(click.request_id) &&
                      is_card_of(object_of(payload, "message"), click.request_id);
    auto who = read_actor(payload);
    click.trigger = text_of(payload, "trigger_id");
    if (!ours || !who || !is_plain(click.trigger, trigger_bytes, ".-_")) {
        return {};
    }
    const json::object& container = object_of(payload, "container");
    click.message = access::message_ref(
        std::string(text_of(container, "channel_id")), std::string(text_of(container, "message_ts"))
    );
    if (!is_slack_id(click.message.conversation) || !is_plain(click.message.id, id_bytes, ".")) {
        return {};
    }
    click.what = *what;
    click.who = std::move(*who);
    click.app = shortened(text_of(payload, "api_app_id"), id_bytes, "");
    return click;
}

std::optional<form_facts> read_private_metadata(std::string_view text) {
    if (text.size() > metadata_bytes) {
        return std::nullopt;
    }
    const auto kept = as_object(parse_foreign(text, metadata_depth));
    if (!kept) {
        return std::nullopt;
    }
    const json::value* version = kept->if_contains("v");
    const std::string_view word = text_of(*kept, "verdict");
    const std::string_view request = text_of(*kept, "request");
    const bool approves = word == to_string(verdict::approve);
    const bool known = approves || word == to_string(verdict::deny);
    if (version == nullptr || *version != json::value(metadata_version) || !known ||
        !is_request_id(request)) {
        return std::nullopt;
    }
    form_facts facts;
    facts.request_id = request;
    facts.what = approves ? verdict::approve : verdict::deny;
    facts.message =
        access::message_ref(std::string(text_of(*kept, "channel")), std::string(text_of(*kept, "ts")));
    facts.confirm = is_flag(*kept, "confirm");
    facts.link = text_of(*kept, "link");
    return facts;
}

bool is_confirmed(const json::object& values) {
    const json::object& field = object_of(object_of(values, confirm_block), confirm_action);
    const json::value* options = field.if_contains("selected_options");
    if (options == nullptr || !options->is_array()) {
        return false;
    }
    const json::array& all = options->get_array();
    return std::any_of(all.begin(), all.end(), [](const json::value& one) {
        return one.is_object() && text_of(one.get_object(), "value") == confirm_value;
    });
}

interaction read_form(const json::object& payload) {
    const json::object& view = object_of(payload, "view");
    if (text_of(view, "callback_id") != form_callback) {
        return {};
    }
    auto facts = read_private_metadata(text_of(view, "private_metadata"));
    auto who = read_actor(payload);
    const std::string_view id = text_of(view, "id");
    if (!facts || !who || !is_slack_id(id)) {
        return {};
    }
    const json::object& values = object_of(object_of(view, "state"), "values");
    const std::string_view reason =
        text_of(object_of(object_of(values, reason_block), reason_action), "value");
    form_sent sent;
    sent.about = std::move(*facts);
    sent.who = std::move(*who);
    sent.app = shortened(text_of(payload, "api_app_id"), id_bytes, "");
    sent.view = id;
    sent.reason = display_lines(reason, reason_bytes, reason_lines);
    sent.confirmed = is_confirmed(values);
    return sent;
}

} // namespace

std::optional<json::object> read_payload(std::string_view body) {
    constexpr std::string_view name = "payload=";
    if (body.size() > largest_callback || !body.starts_with(name)) {
        return std::nullopt;
    }
    body.remove_prefix(name.size());
    // A second parameter is nothing that Slack sends.
    if (body.find('&') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto encoded = boost::urls::make_pct_string_view(body);
    if (!encoded) {
        return std::nullopt;
    }
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    const std::string text = encoded->decode(options);
    return as_object(parse_foreign(text));
}

interaction read_interaction(const json::object& payload) {
    const std::string_view type = text_of(payload, "type");
    if (type == "block_actions") {
        return read_click(payload);
    }
    return type == "view_submission" ? read_form(payload) : interaction();
}

std::string to_private_metadata(const form_facts& facts) {
    json::object kept{
        {"v", metadata_version},
        {"request", facts.request_id},
        {"verdict", to_string(facts.what)},
        {"channel", facts.message.conversation},
        {"ts", facts.message.id},
    };
    if (facts.confirm) {
        kept["confirm"] = true;
    }
    if (!facts.link.empty() && facts.link.size() <= link_bytes) {
        kept["link"] = facts.link;
    }
    return json::serialize(kept);
}

} // namespace hallpass::services::slack
