#include "sandbox_view.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hallpass::chaos {

namespace json = boost::json;

namespace {

std::string text_at(const json::object& from, std::string_view key) {
    const json::value* found = from.if_contains(key);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

const json::object& object_at(const json::object& from, std::string_view key) {
    static const json::object none;
    const json::value* found = from.if_contains(key);
    return found != nullptr && found->is_object() ? found->get_object() : none;
}

shown_message read_message(const json::object& from, std::string channel) {
    shown_message message;
    message.channel = std::move(channel);
    message.ts = text_at(from, "ts");
    message.thread_ts = text_at(from, "thread_ts");
    message.text = text_at(from, "text");
    const json::object& payload = object_at(object_at(from, "metadata"), "event_payload");
    message.request_id = text_at(payload, "request_id");
    message.part = text_at(payload, "part");
    return message;
}

// The ledger's form is src/workflow/ledger_codec.cpp's.
std::string holder_in(const std::string& ledger) {
    boost::system::error_code error;
    const json::value parsed = json::parse(ledger, error);
    return error || !parsed.is_object() ? "unreadable: " + ledger : text_at(parsed.get_object(), "by");
}

} // namespace

std::vector<shown_message> read_messages(const test::http_peer& control) {
    const json::value listed = control.get("/slack/messages");
    std::vector<shown_message> all;
    for (const json::value& one : listed.as_array()) {
        all.push_back(read_message(one.as_object(), text_at(one.as_object(), "channel")));
    }
    return all;
}

std::vector<shown_message> read_whole_messages(const test::http_peer& control) {
    const json::value slack = control.get("/slack");
    std::vector<shown_message> all;
    for (const json::value& channel : slack.at("channels").as_array()) {
        const std::string id = text_at(channel.as_object(), "id");
        for (const json::value& one : channel.at("messages").as_array()) {
            shown_message message = read_message(one.as_object(), id);
            message.blocks = json::serialize(one.at("blocks"));
            all.push_back(std::move(message));
        }
    }
    return all;
}

std::string read_ledger(const test::http_peer& control, const std::string& id) {
    const json::value plugins = control.get("/plugin-data");
    return text_at(object_at(object_at(plugins.as_object(), "slack"), id), "hallpass");
}

std::map<std::string, std::string> read_holders(const test::http_peer& control) {
    const json::value plugins = control.get("/plugin-data");
    std::map<std::string, std::string> holders;
    for (const auto& [id, entries] : object_at(plugins.as_object(), "slack")) {
        if (const std::string ledger = text_at(entries.as_object(), "hallpass"); !ledger.empty()) {
            holders[std::string(id)] = holder_in(ledger);
        }
    }
    return holders;
}

std::vector<true_request> read_requests(const test::http_peer& control, const std::vector<std::string>& ids) {
    std::map<std::string, true_request> known;
    const json::value listed = control.get("/requests");
    for (const json::value& one : listed.as_array()) {
        true_request request;
        request.id = text_at(one.as_object(), "id");
        request.state = text_at(one.as_object(), "state");
        for (const json::value& review : one.at("reviews").as_array()) {
            request.reviewers.push_back(text_at(review.as_object(), "author"));
        }
        known[request.id] = std::move(request);
    }
    std::vector<true_request> all;
    for (const std::string& id : ids) {
        const auto found = known.find(id);
        all.push_back(found != known.end() ? found->second : true_request{id, "EXPIRED", true, {}});
    }
    return all;
}

} // namespace hallpass::chaos
