#include "ops/status_text.hpp"

#include "base/text.hpp"
#include "ops/status_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace hallpass::ops {

namespace {

constexpr std::size_t name_bytes = 64;
constexpr std::size_t why_bytes = 240;

// C1 controls, line and paragraph separators, and what turns the direction of writing or has no width.
bool steers(std::string_view character) noexcept {
    if (character.size() == 2) {
        return character[0] == '\xC2' && character[1] <= '\x9F';
    }
    if (character.size() != 3 || character[0] != '\xE2') {
        return character == "\xEF\xBB\xBF";
    }
    const char last = character[2];
    return (character[1] == '\x80' &&
            ((last >= '\x8B' && last <= '\x8F') || (last >= '\xA8' && last <= '\xAE'))) ||
           (character[1] == '\x81' && last >= '\xA0' && last <= '\xAF');
}

bool continues(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

std::string shown(const std::string& text, std::size_t bytes) {
    const std::string line = one_line(text, bytes);
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at + 1;
        while (end < line.size() && continues(line[end])) {
            ++end;
        }
        const std::string_view character = std::string_view(line).substr(at, end - at);
        out += steers(character) ? std::string_view("\xEF\xBF\xBD") : character;
        at = end;
    }
    return out.empty() ? "-" : out;
}

// In characters, which is near enough to columns.
std::size_t width(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return !continues(c);
    }));
}

std::string padded(std::string text, std::size_t columns) {
    const std::size_t have = width(text);
    text.append(have < columns ? columns - have : 0, ' ');
    return text;
}

std::string until(instant when, instant now) {
    return when > now ? "in " + short_duration(when - now) : "now";
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string recipient_of(const ports::delivery_status& delivery) {
    return shown(delivery.recipient, name_bytes) + (delivery.is_requester ? " (requester)" : "");
}

std::string explained(const ports::delivery_status& delivery, instant now) {
    std::string text;
    if (delivery.next_attempt) {
        text += "next attempt " + until(*delivery.next_attempt, now);
    }
    if (!delivery.why.empty()) {
        text += (text.empty() ? "" : ": ") + shown(delivery.why, why_bytes);
    }
    return text;
}

void append_request(std::string& out, const ports::request_status& request, instant now) {
    out += fmt::format(
        "    {}  {}  {}", shown(request.id, name_bytes), shown(request.user, name_bytes),
        access::to_string(request.state)
    );
    if (request.created) {
        out += "  " + short_duration(now - *request.created) + " old";
    }
    if (!request.held_by.empty()) {
        out += "  instance " + shown(request.held_by, name_bytes) + " works on it";
    }
    out += '\n';
    std::size_t columns = 0;
    for (const ports::delivery_status& delivery : request.deliveries) {
        columns = std::max(columns, width(recipient_of(delivery)));
    }
    for (const ports::delivery_status& delivery : request.deliveries) {
        std::string line = "      " + padded(recipient_of(delivery), columns) + "  ";
        const std::string why = explained(delivery, now);
        line += why.empty() ? std::string(to_string(delivery.state))
                            : padded(std::string(to_string(delivery.state)), 7) + "  " + why;
        out += line + '\n';
    }
}

void append_service(std::string& out, const ports::service_status& service, instant now) {
    out += fmt::format(
        "  {}  {}, {} sent, {}", padded(shown(service.service, name_bytes), 13),
        counted(service.requests.size(), "open request", "open requests"), service.sent,
        counted(service.failed, "failed attempt", "failed attempts")
    );
    const std::array<std::pair<std::size_t, std::string_view>, 3> uncertain{{
        {service.found_after_uncertain_send, "found"},
        {service.repeated_after_uncertain_send, "repeated"},
        {service.skipped_after_uncertain_send, "skipped"},
    }};
    std::string of_unknown_outcome;
    for (const auto& [count, what] : uncertain) {
        if (count > 0) {
            of_unknown_outcome += fmt::format("{}{} {}", of_unknown_outcome.empty() ? "" : ", ", count, what);
        }
    }
    if (!of_unknown_outcome.empty()) {
        out += "; of sends without an answer: " + of_unknown_outcome;
    }
    out += '\n';
    if (!service.why_paused.empty() || service.paused_until) {
        out += "    paused";
        if (service.paused_until) {
            out += ", next attempt " + until(*service.paused_until, now);
        }
        out += ": " + shown(service.why_paused, why_bytes) + '\n';
    }
    for (const ports::request_status& request : service.requests) {
        append_request(out, request, now);
    }
}

void append_teleport(std::string& out, const instance_status& status) {
    const std::string since = short_duration(status.as_of - status.connected_since);
    out += "  teleport       ";
    if (status.connected) {
        out += fmt::format(
            "connected to {} (cluster {}) for {}\n", shown(status.address, name_bytes),
            shown(status.cluster, name_bytes), since
        );
    } else {
        const std::string why = status.why_not_connected.empty() ? "still trying" : status.why_not_connected;
        out += fmt::format(
            "not connected to {} for {}: {}\n", shown(status.address, name_bytes), since,
            shown(why, why_bytes)
        );
    }
}

} // namespace

std::string short_duration(std::chrono::milliseconds time) {
    const auto seconds =
        std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(time).count());
    const auto minutes = seconds / 60;
    const auto hours = minutes / 60;
    if (minutes == 0) {
        return fmt::format("{}s", seconds);
    }
    if (hours == 0) {
        return fmt::format("{}m", minutes);
    }
    return hours < 24 ? fmt::format("{}h{}m", hours, minutes % 60)
                      : fmt::format("{}d{}h", hours / 24, hours % 24);
}

std::string to_text(const instance_status& status) {
    std::string out = fmt::format(
        "hallpass {}, instance {}, process {}, started {} ago\n", shown(status.version, name_bytes),
        shown(status.instance, name_bytes), status.pid, short_duration(status.as_of - status.started)
    );
    out += "  configuration  read " + short_duration(status.as_of - status.configuration_read) + " ago";
    if (!status.reload_refused.empty()) {
        out += "; a later reload was refused: " + shown(status.reload_refused, why_bytes);
    }
    out += '\n';
    append_teleport(out, status);
    for (const ports::service_status& service : status.services) {
        append_service(out, service, status.as_of);
    }
    return out;
}

} // namespace hallpass::ops
