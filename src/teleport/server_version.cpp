#include "teleport/server_version.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace hallpass::teleport {

namespace {

struct version {
    std::array<std::uint32_t, 3> numbers{};
    std::vector<std::string> prerelease;
};

std::optional<std::uint32_t> to_number(std::string_view text) noexcept {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<version> parse(std::string_view text) {
    if (text.starts_with('v')) {
        text.remove_prefix(1);
    }
    text = text.substr(0, text.find('+'));
    version parsed;
    if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
        parsed.prerelease = split(text.substr(dash + 1), '.');
        text = text.substr(0, dash);
    }
    const std::vector<std::string> parts = split(text, '.');
    if (parts.size() != parsed.numbers.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = to_number(parts[i]);
        if (!number) {
            return std::nullopt;
        }
        parsed.numbers[i] = *number;
    }
    return parsed;
}

int sign_of(std::strong_ordering order) noexcept {
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Numbers by value and before words; words by character.
int compare_identifiers(const std::string& left, const std::string& right) {
    const auto left_number = to_number(left);
    const auto right_number = to_number(right);
    if (left_number && right_number) {
        return sign_of(*left_number <=> *right_number);
    }
    if (left_number || right_number) {
        return left_number ? -1 : 1;
    }
    return sign_of(left <=> right);
}

int compare_prereleases(const version& left, const version& right) {
    if (left.prerelease.empty() || right.prerelease.empty()) {
        return static_cast<int>(left.prerelease.empty()) - static_cast<int>(right.prerelease.empty());
    }
    const std::size_t shared = std::min(left.prerelease.size(), right.prerelease.size());
    for (std::size_t i = 0; i < shared; ++i) {
        if (const int order = compare_identifiers(left.prerelease[i], right.prerelease[i]); order != 0) {
            return order;
        }
    }
    return sign_of(left.prerelease.size() <=> right.prerelease.size());
}

} // namespace

result<int> compare_versions(std::string_view left, std::string_view right) {
    const std::optional<version> parsed_left = parse(left);
    const std::optional<version> parsed_right = parse(right);
    if (!parsed_left || !parsed_right) {
        const std::string_view unread = parsed_left ? right : left;
        return fault(fault_kind::malformed, "\"" + one_line(unread, 60) + "\" is no version");
    }
    const int order = sign_of(parsed_left->numbers <=> parsed_right->numbers);
    return order != 0 ? order : compare_prereleases(*parsed_left, *parsed_right);
}

result<void> check_server_version(std::string_view reported, std::string_view peer) {
    const result<int> order = compare_versions(reported, minimum_server_version);
    if (order && *order >= 0) {
        return {};
    }
    std::string text = "the Auth Service at ";
    text.append(peer).append(" reports version ").append(one_line(reported, 60));
    text.append(order ? ", which is too old" : ", which can't be read");
    text.append("; hallpass needs ").append(minimum_server_version).append(" or newer");
    return fault(fault_kind::unsupported, std::move(text));
}

} // namespace hallpass::teleport
