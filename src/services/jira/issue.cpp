#include "services/jira/issue.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <tuple>

namespace hallpass::services::jira {

namespace json = boost::json;

namespace {

// "2026-03-01T09:30:00.000+0000": RFC 3339 but for the colon in the offset.
std::optional<instant> parse_time(std::string_view text) {
    std::string written(text);
    const std::size_t sign = written.size() >= 5 ? written.size() - 5 : std::string::npos;
    if (sign != std::string::npos && (written[sign] == '+' || written[sign] == '-')) {
        written.insert(sign + 3, ":");
    }
    return parse_rfc3339(written);
}

std::uint64_t number_of(const std::string& id) {
    std::uint64_t number = 0;
    std::from_chars(id.data(), id.data() + id.size(), number);
    return number;
}

std::optional<status_change> read_change(const json::object& history) {
    std::optional<status_change> change;
    for (const json::value& member : array_of(history, "items")) {
        const json::object* item = member.if_object();
        // A field of somebody's own may be named like this one, but isn't of this type.
        if (!item || text_of(*item, "field") != "status" || text_of(*item, "fieldtype") != "jira") {
            continue;
        }
        change.emplace();
        change->id = text_of(history, "id");
        change->author = account_id_of(object_of(history, "author"));
        change->from = text_of(*item, "from");
        change->to = text_of(*item, "to");
        change->at = parse_time(text_of(history, "created"));
    }
    return change;
}

// Some Jiras list the newest first, and some the oldest.
std::optional<status_change> last_change_of(const json::array& histories) {
    std::optional<status_change> last;
    const auto order = [](const status_change& one) {
        return std::tuple(one.at.value_or(instant()), number_of(one.id));
    };
    for (const json::value& member : histories) {
        const json::object* history = member.if_object();
        auto change = history ? read_change(*history) : std::nullopt;
        if (change && (!last || order(*change) > order(*last))) {
            last = std::move(change);
        }
    }
    return last;
}

} // namespace

std::string account_id_of(const json::object& user) {
    const std::string_view cloud = text_of(user, "accountId");
    return std::string(cloud.empty() ? text_of(user, "key") : cloud);
}

std::optional<issue> read_issue(const json::object& from) {
    const json::object& fields = object_of(from, "fields");
    const json::object& status = object_of(fields, "status");
    issue read;
    read.id = text_of(from, "id");
    read.key = text_of(from, "key");
    read.status_id = text_of(status, "id");
    read.status_name = text_of(status, "name");
    read.creator = account_id_of(object_of(fields, "creator"));
    read.request_id = text_of(object_of(from, "properties"), request_property);
    for (const json::value& member : array_of(from, "transitions")) {
        if (const json::object* one = member.if_object()) {
            const json::object& to = object_of(*one, "to");
            read.transitions.push_back(
                {std::string(text_of(*one, "id")), std::string(text_of(to, "id")),
                 std::string(text_of(to, "name"))}
            );
        }
    }
    read.last_change = last_change_of(array_of(object_of(from, "changelog"), "histories"));
    return read.id.empty() || read.status_name.empty() ? std::nullopt : std::optional(std::move(read));
}

const transition* find_transition(const issue& at, std::string_view status_name) {
    const std::string wanted = lower_case(status_name);
    const auto found = std::find_if(at.transitions.begin(), at.transitions.end(), [&](const transition& one) {
        return lower_case(one.to_name) == wanted;
    });
    return found == at.transitions.end() ? nullptr : &*found;
}

} // namespace hallpass::services::jira
