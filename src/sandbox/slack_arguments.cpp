#include "sandbox/slack_arguments.hpp"

#include "base/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr std::array json_methods{
    std::string_view("auth.test"),          std::string_view("chat.postMessage"),
    std::string_view("chat.update"),        std::string_view("chat.postEphemeral"),
    std::string_view("conversations.open"), std::string_view("conversations.history"),
    std::string_view("views.open"),         std::string_view("views.update"),
};

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%' && i + 2 < text.size() &&
                   std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
                       text.data() + i + 3) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return valid_utf8(out);
}

void read_form(std::string_view form, json::object& values) {
    for (const std::string& pair : split(form, '&')) {
        const std::size_t equals = pair.find('=');
        if (!pair.empty()) {
            const std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
            values[percent_decoded(pair.substr(0, equals))] = percent_decoded(value);
        }
    }
}

std::optional<json::value> parsed(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

} // namespace

std::optional<slack_arguments> slack_arguments::read(const slack_call& call, std::string& error) {
    slack_arguments read;
    read_form(call.query, read.values_);
    const std::string type = lower_case(call.content_type.substr(0, call.content_type.find(';')));
    if (trimmed(type) == "application/json") {
        if (std::ranges::find(json_methods, call.method) == json_methods.end() || call.body.empty()) {
            return read;
        }
        const auto body = parsed(call.body);
        if (!body || !body->is_object()) {
            error = "invalid_json";
            return std::nullopt;
        }
        for (const auto& [key, value] : body->get_object()) {
            read.values_[key] = value;
        }
    } else if (trimmed(type) == "application/x-www-form-urlencoded") {
        read_form(call.body, read.values_);
    } else if (!call.body.empty()) {
        error = "invalid_post_type";
        return std::nullopt;
    }
    return read;
}

std::string slack_arguments::text(std::string_view key) const {
    const json::value* found = values_.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return {};
    }
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

bool slack_arguments::flag(std::string_view key) const {
    const std::string given = text(key);
    return given == "true" || given == "1";
}

std::optional<json::array> slack_arguments::list(std::string_view key) const {
    const json::value* found = values_.if_contains(key);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (found->is_array()) {
        return found->get_array();
    }
    const auto inner = found->is_string() ? parsed(found->get_string()) : std::nullopt;
    return inner && inner->is_array() ? std::optional(inner->get_array()) : std::nullopt;
}

std::optional<json::object> slack_arguments::object(std::string_view key) const {
    const json::value* found = values_.if_contains(key);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (found->is_object()) {
        return found->get_object();
    }
    const auto inner = found->is_string() ? parsed(found->get_string()) : std::nullopt;
    return inner && inner->is_object() ? std::optional(inner->get_object()) : std::nullopt;
}

} // namespace hallpass::sandbox
