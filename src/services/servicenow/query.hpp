// Encoded queries of the Table API. A part that ServiceNow doesn't understand it leaves out in silence, and
// "^" in a value begins another part (api-ticketing 4.2): so values are of plain characters only, and every
// row that comes back is looked at again.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::services::servicenow {

// Letters, digits, dashes, dots and underscores, at most 100.
bool is_plain_value(std::string_view text) noexcept;

// 32 lower-case hexadecimal digits.
bool is_sys_id(std::string_view text) noexcept;

// A request's id as correlation_id: itself, or, where it isn't plain, in hexadecimal digits.
std::string correlation_of(std::string_view request_id);

// "table/incident?sysparm_query=…&sysparm_fields=…&sysparm_limit=…". Precondition: every value is plain.
std::string table_query(
    std::string_view table,
    const std::vector<std::pair<std::string, std::string>>& equal,
    std::string_view further,
    std::string_view fields,
    unsigned limit
);

} // namespace hallpass::services::servicenow
