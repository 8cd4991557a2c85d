#include "services/msteams/ids.hpp"

#include "base/text.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <vector>

namespace hallpass::services::msteams {

namespace {

constexpr std::size_t longest_link = 2000;
constexpr std::size_t longest_conversation = 300;

bool is_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string decoded(std::string_view text) {
    const auto encoded = boost::urls::make_pct_string_view(text);
    return encoded ? encoded->decode() : std::string();
}

// By hand: Boost.URL 1.81 reads beyond the end when it goes through the parameters of an empty query.
std::string parameter(const std::string& query, std::string_view name) {
    std::string found;
    for (const std::string& part : split(query, '&')) {
        const std::size_t equals = part.find('=');
        if (equals != std::string::npos && lower_case(part.substr(0, equals)) == name) {
            found = decoded(std::string_view(part).substr(equals + 1));
        }
    }
    return found;
}

} // namespace

bool is_guid(std::string_view text) noexcept {
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) {
            return false;
        }
    }
    return true;
}

std::string in_url(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string in_filter(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c;
        if (c == '\'') {
            quoted += c;
        }
    }
    return in_url(quoted + '\'');
}

std::optional<channel_link> parse_channel_link(std::string_view text) {
    const auto url = boost::urls::parse_uri(text.substr(0, longest_link));
    if (text.size() > longest_link || !url || url->scheme_id() != boost::urls::scheme::https) {
        return std::nullopt;
    }
    const std::vector<std::string> parts = split(std::string(url->encoded_path()), '/');
    const std::string query(url->encoded_query());
    channel_link found;
    found.tenant = lower_case(parameter(query, "tenantid"));
    found.group = lower_case(parameter(query, "groupid"));
    if (parts.size() != 5 || !parts[0].empty() || parts[1] != "l" || parts[2] != "channel" ||
        !is_guid(found.tenant) || !is_guid(found.group)) {
        return std::nullopt;
    }
    found.conversation = decoded(parts[3]);
    const bool sound = is_channel(found.conversation) && found.conversation.size() <= longest_conversation &&
                       std::all_of(found.conversation.begin(), found.conversation.end(), [](char c) {
                           return c > ' ' && c < 0x7F && c != '/' && c != ',' && c != ';';
                       });
    return sound ? std::optional(std::move(found)) : std::nullopt;
}

bool is_conversation(std::string_view text) noexcept {
    const std::size_t colon = text.find(':');
    return colon < text.find('@') && !text.starts_with("https:") && !text.starts_with("http:");
}

bool is_channel(std::string_view conversation) noexcept {
    return conversation.starts_with("19:") && conversation.find("@thread.") != std::string_view::npos;
}

} // namespace hallpass::services::msteams
