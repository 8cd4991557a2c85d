// What Jira, ServiceNow and Datadog answer: the first line is the HTTP status, the rest the body.
#include "services/datadog/replies.hpp"
#include "services/jira/issue.hpp"
#include "services/jira/replies.hpp"
#include "services/servicenow/decisions.hpp"
#include "services/servicenow/replies.hpp"

#include <cstdint>
#include <string>

using namespace hallpass;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t line = bytes.find('\n');
    if (line == std::string::npos || line == 0) {
        return 0;
    }
    ports::http_response response;
    response.status = 100 + bytes[0] % 5 * 100 + (bytes[0] == '4' ? 29 : 0);
    response.body = bytes.substr(line + 1);
    response.headers.emplace_back("X-RateLimit-Reset", bytes.substr(1, line - 1));
    const auto issue = services::jira::read_reply("GET issue", true, response);
    if (issue.has_value() && issue->is_object()) {
        static_cast<void>(services::jira::read_issue(issue->get_object()));
    }
    const auto row = services::servicenow::read_reply("GET row", true, response);
    if (row.has_value() && row->is_object()) {
        static_cast<void>(services::servicenow::read_row(row->get_object()));
    }
    static_cast<void>(services::servicenow::read_token(response));
    static_cast<void>(services::datadog::read_reply("POST incidents", true, response));
    return 0;
}
