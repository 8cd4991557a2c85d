#include "services/mattermost/interaction.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/mattermost/form.hpp"
#include "services/mattermost/ids.hpp"
#include "services/mattermost/trigger.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using access::verdict;

namespace {

constexpr std::string_view sealed_name = "sealed";
constexpr std::size_t sealed_bytes = 4096;
constexpr std::size_t sealed_depth = 3;
constexpr std::size_t link_bytes = 1000;
constexpr std::size_t nonce_bytes = 64;
constexpr std::size_t reason_bytes = 4 * reason_characters;
constexpr std::size_t reason_lines = 50;
// Of a request that has no end of its own.
constexpr std::chrono::hours longest_button{24 * 14};
// Its own end may be put off, or be told by another clock.
constexpr std::chrono::minutes after_end{5};

std::optional<json::object> as_object(std::optional<json::value> parsed) {
    if (!parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return std::move(parsed->get_object());
}

std::optional<json::object> read_body(std::string_view body) {
    return body.size() > largest_callback ? std::nullopt : as_object(parse_foreign(body));
}

// What was sealed by us for that use.
std::optional<json::object> open_sealed(std::string_view sealed, std::string_view use, const seal& by) {
    if (sealed.size() > sealed_bytes) {
        return std::nullopt;
    }
    const auto text = by.opened(use, sealed);
    return text ? as_object(parse_foreign(*text, sealed_depth)) : std::nullopt;
}

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= decidable_id_bytes &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

std::optional<verdict> verdict_of(std::string_view word) {
    if (word == to_string(verdict::approve)) {
        return verdict::approve;
    }
    return word == to_string(verdict::deny) ? std::optional(verdict::deny) : std::nullopt;
}

bool is_true(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr &&
           ((found->is_bool() && found->get_bool()) || (found->is_string() && found->get_string() == "true"));
}

std::int64_t to_ms(instant at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::optional<instant> time_of(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    if (found == nullptr || !found->is_int64()) {
        return std::nullopt;
    }
    return instant(std::chrono::milliseconds(found->get_int64()));
}

std::optional<button_facts> read_button(const json::object& context, const seal& by) {
    const auto kept = open_sealed(text_of(context, sealed_name), button_use, by);
    if (!kept) {
        return std::nullopt;
    }
    const auto what = verdict_of(text_of(*kept, "verdict"));
    const auto ends = time_of(*kept, "ends");
    button_facts facts;
    facts.request_id = text_of(*kept, "request");
    facts.channel = text_of(*kept, "channel");
    if (!what || !ends || !is_request_id(facts.request_id) || !is_id(facts.channel)) {
        return std::nullopt;
    }
    facts.what = *what;
    facts.ends = *ends;
    return facts;
}

std::optional<form_facts> read_state(std::string_view state, const seal& by) {
    const auto kept = open_sealed(state, form_use, by);
    if (!kept) {
        return std::nullopt;
    }
    const auto what = verdict_of(text_of(*kept, "verdict"));
    const auto opened = time_of(*kept, "opened");
    form_facts facts;
    facts.request_id = text_of(*kept, "request");
    facts.user = text_of(*kept, "user");
    facts.channel = text_of(*kept, "channel");
    facts.nonce = text_of(*kept, "nonce");
    const bool sound = what && opened && is_request_id(facts.request_id) && is_id(facts.user) &&
                       is_id(facts.channel) && !facts.nonce.empty() && facts.nonce.size() <= nonce_bytes;
    if (!sound) {
        return std::nullopt;
    }
    facts.what = *what;
    facts.opened = *opened;
    facts.confirm = is_true(*kept, "confirm");
    facts.link = text_of(*kept, "link");
    return facts;
}

json::object button(
    std::string_view id,
    std::string_view name,
    std::string_view style,
    const std::string& url,
    const std::string& sealed
) {
    return json::object{
        {"id", id},
        {"type", "button"},
        {"name", name},
        {"style", style},
        {"integration", {{"url", url}, {"context", {{sealed_name, sealed}}}}}};
}

} // namespace

seal seal_of(const secret& action_secret, const secret& token) {
    return action_secret.empty() ? seal(token, "hallpass mattermost token v1")
                                 : seal(action_secret, "hallpass mattermost action_secret v1");
}

json::array buttons_for(
    const access::card& shown, const std::string& channel, const std::string& url, const seal& by, instant now
) {
    const bool decidable = shown.reader == access::audience::approver &&
                           shown.state == access::request_state::pending && !shown.long_term &&
                           is_request_id(shown.request_id) && is_id(channel);
    if (!decidable) {
        return {};
    }
    const instant ends =
        std::min(shown.request_expires.value_or(now + longest_button), now + longest_button) + after_end;
    json::object kept{{"request", shown.request_id}, {"channel", channel}, {"ends", to_ms(ends)}};
    kept["verdict"] = to_string(verdict::approve);
    const std::string approve = by.sealed(button_use, json::serialize(kept));
    kept["verdict"] = to_string(verdict::deny);
    const std::string deny = by.sealed(button_use, json::serialize(kept));
    return json::array{
        button("approve", "Approve", "good", url, approve), button("deny", "Deny", "danger", url, deny)};
}

std::string to_state(const form_facts& facts, const seal& by) {
    json::object kept{{"request", facts.request_id}, {"verdict", to_string(facts.what)},
                      {"user", facts.user},          {"channel", facts.channel},
                      {"nonce", facts.nonce},        {"opened", to_ms(facts.opened)}};
    if (facts.confirm) {
        kept["confirm"] = true;
    }
    if (!facts.link.empty() && facts.link.size() <= link_bytes) {
        kept["link"] = facts.link;
    }
    return by.sealed(form_use, json::serialize(kept));
}

std::optional<button_click> read_click(std::string_view body, const seal& by) {
    const auto sent = read_body(body);
    if (!sent) {
        return std::nullopt;
    }
    auto about = read_button(object_of(*sent, "context"), by);
    button_click click;
    click.user = text_of(*sent, "user_id");
    click.post = text_of(*sent, "post_id");
    click.trigger = text_of(*sent, "trigger_id");
    const auto triggered = read_trigger(click.trigger);
    const bool ours = about && triggered && is_id(click.user) && is_id(click.post) &&
                      text_of(*sent, "channel_id") == about->channel && triggered->user == click.user;
    if (!ours) {
        return std::nullopt;
    }
    click.about = std::move(*about);
    click.at = triggered->issued;
    return click;
}

std::optional<form_sent> read_form(std::string_view body, const seal& by) {
    const auto sent = read_body(body);
    if (!sent || text_of(*sent, "type") != "dialog_submission") {
        return std::nullopt;
    }
    auto about = read_state(text_of(*sent, "state"), by);
    // The state passes through the person's client; who they are is the server's word.
    if (!about || text_of(*sent, "user_id") != about->user || is_true(*sent, "cancelled")) {
        return std::nullopt;
    }
    const json::object& filled = object_of(*sent, "submission");
    form_sent form;
    form.about = std::move(*about);
    form.reason = display_lines(text_of(filled, reason_field), reason_bytes, reason_lines);
    form.confirmed = is_true(filled, confirm_field);
    return form;
}

} // namespace hallpass::services::mattermost
