#include "services/servicenow/query.hpp"

#include "base/text.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <algorithm>

namespace hallpass::services::servicenow {

namespace {

constexpr std::size_t longest_value = 100; // of correlation_id

} // namespace

bool is_plain_value(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_value && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.' || c == '_';
    });
}

bool is_sys_id(std::string_view text) noexcept {
    return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::string correlation_of(std::string_view request_id) {
    return is_plain_value(request_id)
               ? std::string(request_id)
               : to_hex(request_id.substr(0, longest_value / 2)) + (request_id.empty() ? "0" : "");
}

std::string table_query(
    std::string_view table,
    const std::vector<std::pair<std::string, std::string>>& equal,
    std::string_view further,
    std::string_view fields,
    unsigned limit
) {
    std::string query;
    for (const auto& [column, value] : equal) {
        query.append(query.empty() ? "" : "^").append(column).append("=").append(value);
    }
    query += further;
    return "table/" + std::string(table) +
           "?sysparm_query=" + std::string(boost::urls::encode(query, boost::urls::unreserved_chars)) +
           "&sysparm_fields=" + std::string(fields) + "&sysparm_limit=" + std::to_string(limit) +
           "&sysparm_exclude_reference_link=true";
}

} // namespace hallpass::services::servicenow
