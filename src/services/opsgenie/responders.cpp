#include "services/opsgenie/responders.hpp"

#include "base/text.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace hallpass::services::opsgenie {

namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

constexpr std::string_view schedules_annotation = "teleport.dev/notify-services";
constexpr std::string_view teams_annotation = "teleport.dev/teams";
constexpr std::string_view schedule_type = "schedule";
constexpr std::string_view team_type = "team";
constexpr std::size_t most_responders = 50;

texts annotated(const access::access_request& request, std::string_view key) {
    const auto found = request.system_annotations.find(std::string(key));
    return found == request.system_annotations.end() ? texts() : found->second;
}

void add(std::vector<responder>& to, std::string_view type, const texts& names) {
    for (const std::string& written : names) {
        const std::string name(trimmed(written));
        responder one{std::string(type), name};
        if (!name.empty() && to.size() < most_responders &&
            std::find(to.begin(), to.end(), one) == to.end()) {
            to.push_back(std::move(one));
        }
    }
}

texts routed_to(const access::access_request& request, const std::optional<access::routing_table>& routing) {
    if (!routing) {
        return {};
    }
    // Suggested reviewers are people, and no schedules.
    access::access_request without_reviewers;
    without_reviewers.roles = request.roles;
    return access::route(without_reviewers, *routing).recipients;
}

std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '%') {
            out += "%25";
        } else if (c == ',') {
            out += "%2C";
        } else {
            out += c;
        }
    }
    return out;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view code = text.substr(i, 3);
        if (code == "%25" || code == "%2C") {
            out += code == "%25" ? '%' : ',';
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

bool is_id(std::string_view text) noexcept {
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !hex) {
            return false;
        }
    }
    return true;
}

std::vector<responder> responders_for(
    const access::access_request& request,
    const opsgenie_config& config,
    const std::optional<access::routing_table>& routing
) {
    std::vector<responder> all;
    const texts schedules = annotated(request, schedules_annotation);
    const texts teams = annotated(request, teams_annotation);
    const texts routed = schedules.empty() ? routed_to(request, routing) : texts();
    add(all, schedule_type, schedules);
    for (const std::string& one : routed) {
        for (const responder& read : read_responders(one)) {
            add(all, read.type, {read.name});
        }
    }
    if (schedules.empty() && routed.empty()) {
        add(all, schedule_type, config.default_schedules);
    }
    add(all, team_type, teams.empty() && routed.empty() ? config.default_teams : teams);
    return all;
}

std::string to_text(const std::vector<responder>& all) {
    std::string out;
    for (const responder& one : all) {
        out += (out.empty() ? "" : ",") + one.type + ':' + escaped(one.name);
    }
    return out;
}

std::vector<responder> read_responders(std::string_view text) {
    std::vector<responder> all;
    for (const std::string& part : split(text, ',')) {
        const std::string one = unescaped(trimmed(part));
        const bool team = one.starts_with("team:");
        const bool typed = team || one.starts_with("schedule:");
        add(all, team ? team_type : schedule_type, {typed ? one.substr(one.find(':') + 1) : one});
    }
    return all;
}

json::array to_json(const std::vector<responder>& all) {
    json::array made;
    for (const responder& one : all) {
        made.push_back(json::object{{"type", one.type}, {is_id(one.name) ? "id" : "name", one.name}});
    }
    return made;
}

} // namespace hallpass::services::opsgenie
