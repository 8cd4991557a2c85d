#include "workflow/teams_messages.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace hallpass::workflow {

namespace json = boost::json;

namespace {

std::string text_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<access::message_ref> usable(std::string recipient, std::string id) {
    const bool plain = std::all_of(recipient.begin(), recipient.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20;
    });
    return plain && !id.empty() && !recipient.empty()
               ? std::optional(access::message_ref(std::move(recipient), std::move(id)))
               : std::nullopt;
}

std::optional<access::message_ref> decode_json(const std::string& text) {
    const auto bytes = from_base64(text);
    boost::system::error_code error;
    const json::value value = bytes ? json::parse(*bytes, error) : json::value();
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    return usable(text_in(value.get_object(), "rid"), text_in(value.get_object(), "id"));
}

std::optional<access::message_ref> decode_old(const std::string& text) {
    const std::size_t first = text.find('/');
    const std::size_t second = first == std::string::npos ? first : text.find('/', first + 1);
    const std::string id = text.substr(0, first);
    const bool digits = std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    return second == std::string::npos || !digits ? std::nullopt : usable(text.substr(second + 1), id);
}

} // namespace

std::vector<access::message_ref> decode_teams_messages(std::string_view text) {
    std::vector<access::message_ref> all;
    for (const std::string& one : split(text, ',')) {
        auto found = decode_json(one);
        if (!found) {
            found = decode_old(one);
        }
        if (found) {
            all.push_back(*std::move(found));
        }
    }
    return all;
}

std::string encode_teams_message(std::string_view recipient, std::string_view id) {
    // A ledger knows no time.
    const json::object one{{"id", id}, {"ts", "01 Jan 70 00:00 UTC"}, {"rid", recipient}};
    return to_base64(json::serialize(one));
}

} // namespace hallpass::workflow
