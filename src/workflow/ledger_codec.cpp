#include "workflow/ledger_codec.hpp"

#include "base/text.hpp"
#include "workflow/teams_messages.hpp"
#include "workflow/ticket_keys.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace hallpass::workflow {

namespace json = boost::json;

namespace {

constexpr int version = 1;
constexpr std::size_t max_reason_bytes = 1000;
constexpr std::size_t max_listed = 50;      // roles, resources: enough to draw from, whatever was asked for
constexpr std::size_t max_name_bytes = 200; // of one of them, of a user, of a recipient

// The entry of a delivery in our own key, by position.
enum field : std::size_t {
    recipient,
    reader,
    to,
    conversation,
    message,
    face,
    replies,
    flags,
    replies_sending, // absent in entries of 0.1.0: everything may have been under way
    field_count
};

constexpr std::int64_t flag_card_sending = 1;
constexpr std::int64_t flag_outcome_told = 2;
constexpr std::int64_t flag_outcome_sending = 4;
constexpr std::int64_t flag_skipped = 8;
constexpr std::size_t every_review = 1'000'000;

json::value encode_delivery(const access::delivery& one) {
    const std::int64_t flags =
        (one.sending.card ? flag_card_sending : 0) | (one.outcome_told ? flag_outcome_told : 0) |
        (one.sending.outcome ? flag_outcome_sending : 0) | (one.skipped ? flag_skipped : 0);
    json::array entry;
    entry.reserve(field_count);
    entry.emplace_back(one.recipient == one.to.id ? std::string() : shortened(one.recipient, max_name_bytes));
    entry.emplace_back(one.reader == access::audience::requester ? 1 : 0);
    entry.emplace_back(one.to.id);
    entry.emplace_back(one.message.conversation == one.to.id ? std::string() : one.message.conversation);
    entry.emplace_back(one.message.id);
    entry.emplace_back(one.face);
    entry.emplace_back(one.replies);
    entry.emplace_back(flags);
    entry.emplace_back(one.sending.replies);
    return entry;
}

std::string encode_own(const access::ledger& known) {
    json::object own;
    own["v"] = version;
    if (known.held) {
        own["by"] = known.held->holder;
        own["until"] = known.held->until.time_since_epoch().count();
    }
    if (known.adopted) {
        own["adopted"] = true;
    }
    if (known.incomplete) {
        own["incomplete"] = true;
    }
    json::array deliveries;
    deliveries.reserve(known.deliveries.size());
    for (const access::delivery& one : known.deliveries) {
        deliveries.push_back(encode_delivery(one));
    }
    own["to"] = std::move(deliveries);
    return json::serialize(own);
}

std::string text_at(const json::array& entry, std::size_t at) {
    const json::string* text = at < entry.size() ? entry[at].if_string() : nullptr;
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::int64_t number_at(const json::array& entry, std::size_t at) {
    const std::int64_t* number = at < entry.size() ? entry[at].if_int64() : nullptr;
    return number == nullptr ? 0 : *number;
}

std::optional<access::delivery> decode_delivery(const json::value& value) {
    const json::array* entry = value.if_array();
    if (entry == nullptr || text_at(*entry, to).empty()) {
        return std::nullopt;
    }
    access::delivery one;
    one.to = access::address(text_at(*entry, to));
    one.recipient = text_at(*entry, recipient).empty() ? one.to.id : text_at(*entry, recipient);
    one.reader = number_at(*entry, reader) == 1 ? access::audience::requester : access::audience::approver;
    one.message.id = text_at(*entry, message);
    one.message.conversation = text_at(*entry, conversation);
    if (!one.message.id.empty() && one.message.conversation.empty()) {
        one.message.conversation = one.to.id;
    }
    one.face = text_at(*entry, face);
    one.replies = static_cast<std::size_t>(std::max<std::int64_t>(0, number_at(*entry, replies)));
    one.sending.card = (number_at(*entry, flags) & flag_card_sending) != 0;
    one.sending.outcome = (number_at(*entry, flags) & flag_outcome_sending) != 0;
    one.sending.replies =
        static_cast<std::size_t>(std::max<std::int64_t>(0, number_at(*entry, replies_sending)));
    if (entry->size() <= replies_sending && one.sending.card) {
        one.sending = {true, every_review, true};
    }
    one.skipped = (number_at(*entry, flags) & flag_skipped) != 0;
    one.outcome_told = (number_at(*entry, flags) & flag_outcome_told) != 0;
    return one;
}

const std::string& value_of(const ports::plugin_data& data, std::string_view key) {
    static const std::string none;
    const auto found = data.find(std::string(key));
    return found == data.end() ? none : found->second;
}

std::size_t count_of(const std::string& text) {
    std::size_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

// False where the key is absent, of a newer version, or nonsense.
bool decode_own(const std::string& text, access::ledger& known) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    const json::object* own = error ? nullptr : value.if_object();
    const json::value* number = own == nullptr ? nullptr : own->if_contains("v");
    if (number == nullptr || !number->is_int64() || number->get_int64() != version) {
        return false;
    }
    const json::value* by = own->if_contains("by");
    const json::value* until = own->if_contains("until");
    if (by != nullptr && by->is_string() && until != nullptr && until->is_int64()) {
        access::claim held;
        held.holder = std::string(by->get_string());
        held.until = instant{std::chrono::milliseconds{until->get_int64()}};
        known.held = std::move(held);
    }
    known.adopted = own->contains("adopted");
    known.incomplete = own->contains("incomplete");
    const json::value* deliveries = own->if_contains("to");
    if (deliveries != nullptr && deliveries->is_array()) {
        for (const json::value& entry : deliveries->get_array()) {
            if (auto one = decode_delivery(entry)) {
                known.deliveries.push_back(std::move(*one));
            }
        }
    }
    return true;
}

// "channel/ts,channel/ts": every message upstream's programs know of.
std::vector<access::message_ref> decode_messages(const std::string& text) {
    std::vector<access::message_ref> all;
    for (const std::string& pair : split(text, ',')) {
        const std::size_t slash = pair.rfind('/');
        if (slash != std::string::npos && slash > 0 && slash + 1 < pair.size()) {
            all.emplace_back(pair.substr(0, slash), pair.substr(slash + 1));
        }
    }
    return all;
}

// "address/time/message-id,…": the e-mail program's messages, each the first letter of a thread. Its ids have
// angle brackets, ours none.
std::vector<access::message_ref> decode_threads(const std::string& text) {
    std::vector<access::message_ref> all;
    for (const std::string& thread : split(text, ',')) {
        const std::vector<std::string> parts = split(thread, '/');
        if (parts.size() < 3 || parts.front().empty()) {
            continue;
        }
        std::string_view id = parts.back();
        if (id.starts_with('<') && id.ends_with('>')) {
            id = id.substr(1, id.size() - 2);
        }
        if (!id.empty()) {
            all.emplace_back(lower_case(parts.front()), std::string(id));
        }
    }
    return all;
}

// Its time isn't looked at by anybody, and a ledger knows none.
std::string encode_thread(const access::message_ref& first) {
    return first.conversation + "/0/<" + first.id + '>';
}

// With upstream, a resolution is written when the messages show it, or are about to.
std::string face_by_upstream(access::request_state state, std::size_t replies) {
    if (!access::is_resolved(state)) {
        return "";
    }
    access::access_request shown;
    shown.state = state;
    shown.reviews.resize(replies);
    return access::face_of(shown);
}

// What upstream's program for tickets did while it ran. It writes an entry before it makes the ticket.
void merge_ticket(const ticket_keys& keys, const ports::plugin_data& data, bool ours, access::ledger& known) {
    const std::size_t replies = count_of(value_of(data, "reviews_count"));
    const std::string& id = value_of(data, keys.id);
    if (id.empty()) {
        known.half_made = keys.found_by_key && !ours && !value_of(data, "user").empty();
        return;
    }
    const bool taken = take_ticket(keys, data, known);
    for (access::delivery& one : known.deliveries) {
        if (one.message.conversation != id) {
            continue;
        }
        one.replies = std::max(one.replies, replies);
        if (taken) {
            one.face = face_by_upstream(known.last_seen.state, replies);
        }
    }
    known.adopted = known.adopted || (taken && !ours);
}

// A message of Teams, listed with its recipient in the place of the conversation.
bool is_for(const access::delivery& one, const access::message_ref& listed) {
    return one.message.id == listed.id &&
           (one.message.conversation == listed.conversation ||
            shortened(one.recipient, max_name_bytes) == shortened(listed.conversation, max_name_bytes));
}

std::string encode_message(const access::delivery& one, std::string_view plugin) {
    if (plugin == email_plugin) {
        return encode_thread(one.message);
    }
    return plugin == teams_plugin ? encode_teams_message(one.recipient, one.message.id)
                                  : one.message.conversation + "/" + one.message.id;
}

// What upstream's program did while it ran: messages of its own, and how far it got with them.
void merge_upstream(
    const ports::plugin_data& data, bool ours, std::string_view plugin, access::ledger& known
) {
    if (const ticket_keys* keys = ticket_keys_of(plugin)) {
        merge_ticket(*keys, data, ours, known);
        return;
    }
    const std::size_t replies = count_of(value_of(data, "reviews_count"));
    const std::string face = face_by_upstream(known.last_seen.state, replies);
    const std::string& listed = value_of(data, "messages");
    const bool of_teams = plugin == teams_plugin;
    std::vector<access::message_ref> messages =
        of_teams ? decode_teams_messages(listed) : decode_messages(listed);
    if (messages.empty() && !value_of(data, "timestamp").empty()) {
        messages.emplace_back(value_of(data, "channel_id"), value_of(data, "timestamp"));
    }
    for (access::message_ref& first : decode_threads(value_of(data, "email_threads"))) {
        messages.push_back(std::move(first));
    }
    for (const access::message_ref& message : messages) {
        const auto same =
            std::find_if(known.deliveries.begin(), known.deliveries.end(), [&](const access::delivery& one) {
                return of_teams ? is_for(one, message) : one.message == message;
            });
        if (same != known.deliveries.end()) {
            same->recipient = of_teams ? message.conversation : same->recipient; // which isn't shortened
            same->replies = std::max(same->replies, replies);
            continue;
        }
        access::delivery adopted;
        adopted.recipient = message.conversation;
        adopted.to = access::address(message.conversation);
        adopted.message = message;
        adopted.replies = replies;
        adopted.face = face;
        known.deliveries.push_back(std::move(adopted));
        known.adopted = known.adopted || !ours;
    }
}

std::string encode_texts(const std::vector<std::string>& texts) {
    json::array list;
    for (std::size_t i = 0; i < std::min(texts.size(), max_listed); ++i) {
        list.emplace_back(shortened(texts[i], max_name_bytes));
    }
    return list.empty() ? std::string() : json::serialize(list);
}

std::vector<std::string> decode_texts(const std::string& text) {
    std::vector<std::string> texts;
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (!error && value.is_array()) {
        for (std::size_t i = 0; i < value.get_array().size(); ++i) {
            texts.push_back(text_at(value.get_array(), i));
        }
    }
    return texts;
}

// Back from "/cluster/kind/name[/sub]" or "kind/friendly".
access::requested_resource parse_resource(const std::string& shown) {
    access::requested_resource resource;
    if (!shown.starts_with('/')) {
        const std::size_t slash = shown.find('/');
        resource.kind = shown.substr(0, slash);
        resource.friendly_name = slash == std::string::npos ? shown : shown.substr(slash + 1);
        return resource;
    }
    const std::vector<std::string> parts = split(std::string_view(shown).substr(1), '/');
    resource.cluster = !parts.empty() ? parts[0] : "";
    resource.kind = parts.size() > 1 ? parts[1] : "";
    resource.name = parts.size() > 2 ? parts[2] : "";
    resource.sub_resource = parts.size() > 3 ? parts[3] : "";
    return resource;
}

void encode_request(const access::access_request& seen, ports::plugin_data& data) {
    data["user"] = shortened(seen.user, max_name_bytes);
    std::vector<std::string> roles;
    for (std::size_t i = 0; i < std::min(seen.roles.size(), max_listed); ++i) {
        roles.push_back(shortened(seen.roles[i], max_name_bytes));
    }
    data["roles"] = joined(roles, ",");
    data["request_reason"] = shortened(seen.request_reason, max_reason_bytes);
    data["resolve_reason"] = shortened(seen.resolve_reason, max_reason_bytes);
    std::vector<std::string> resources;
    for (const access::requested_resource& resource : seen.resources) {
        resources.push_back(to_string(resource));
    }
    data["resources"] = encode_texts(resources);
    data["suggested_reviewers"] = encode_texts(seen.suggested_reviewers);
    if (seen.max_duration) {
        data["max_duration"] = to_rfc3339(*seen.max_duration);
    }
}

access::access_request decode_request(std::string_view id, const ports::plugin_data& data) {
    access::access_request seen;
    seen.id = id;
    seen.user = value_of(data, "user");
    seen.roles = split(value_of(data, "roles"), ',');
    seen.request_reason = value_of(data, "request_reason");
    seen.resolve_reason = value_of(data, "resolve_reason");
    seen.suggested_reviewers = decode_texts(value_of(data, "suggested_reviewers"));
    for (const std::string& resource : decode_texts(value_of(data, "resources"))) {
        seen.resources.push_back(parse_resource(resource));
    }
    seen.max_duration = parse_rfc3339(value_of(data, "max_duration"));
    seen.state = read_resolution(data);
    return seen;
}

// "resolution" is upstream's word for: the messages say so already. So it is written once they all do.
bool all_say(const access::ledger& known, const std::string& face) {
    return std::all_of(known.deliveries.begin(), known.deliveries.end(), [&](const access::delivery& one) {
        return one.message.empty() || one.face == face;
    });
}

} // namespace

ports::plugin_data encode_ledger(const access::ledger& known, std::string_view plugin) {
    const bool by_mail = plugin == email_plugin;
    const ticket_keys* ticket = ticket_keys_of(plugin);
    ports::plugin_data data;
    encode_request(known.last_seen, data);
    std::vector<std::string> messages;
    std::size_t told = std::numeric_limits<std::size_t>::max();
    for (const access::delivery& one : known.deliveries) {
        if (!one.message.empty()) {
            messages.push_back(encode_message(one, plugin));
            told = std::min(told, one.replies);
        }
    }
    if (ticket != nullptr) {
        write_ticket(*ticket, known.deliveries, data);
    } else {
        data[by_mail ? "email_threads" : "messages"] = joined(messages, ",");
    }
    data["reviews_count"] = messages.empty() || told == 0 ? std::string() : std::to_string(told);
    if (access::is_resolved(known.last_seen.state) && all_say(known, access::face_of(known.last_seen))) {
        write_resolution(known.last_seen.state, plugin, data);
    }
    data[std::string(own_key)] = encode_own(known);
    std::erase_if(data, [](const auto& entry) { return entry.second.empty(); });
    return data;
}

access::ledger
decode_ledger(std::string_view request_id, const ports::plugin_data& data, std::string_view plugin) {
    access::ledger known;
    known.last_seen = decode_request(request_id, data);
    const bool ours = decode_own(value_of(data, own_key), known);
    merge_upstream(data, ours, plugin, known);
    return known;
}

} // namespace hallpass::workflow
