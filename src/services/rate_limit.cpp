#include "services/rate_limit.hpp"

#include "base/text.hpp"

#include <charconv>
#include <string>

namespace hallpass::services {

namespace {

using std::chrono::nanoseconds;

constexpr std::string_view wanted =
    R"(calls a second, such as 20, or a text with calls a second, minute or hour, such as "1/s", "50/m" or "3000/h")";
constexpr std::int64_t most_calls = 1'000'000;

struct rate {
    std::int64_t calls;
    nanoseconds unit;
};

std::optional<rate> parse_rate(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view count = text.substr(0, slash);
    rate found{};
    const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), found.calls);
    if (error != std::errc{} || end != count.data() + count.size()) {
        return std::nullopt;
    }
    const std::string_view unit = text.substr(slash + 1);
    if (unit == "s") {
        found.unit = std::chrono::seconds(1);
    } else if (unit == "m") {
        found.unit = std::chrono::minutes(1);
    } else if (unit == "h") {
        found.unit = std::chrono::hours(1);
    } else {
        return std::nullopt;
    }
    return found;
}

} // namespace

std::optional<nanoseconds> read_rate_limit(settings& own, std::string_view key) {
    if (!own.has(key)) {
        own.accept(key);
        return nanoseconds(0);
    }
    const auto written = own.number_or_text(key, wanted);
    if (!written) {
        return std::nullopt;
    }
    const auto* const number = std::get_if<std::int64_t>(&*written);
    const auto* const text = std::get_if<std::string>(&*written);
    const std::optional<rate> found =
        number ? std::optional(rate{*number, std::chrono::seconds(1)}) : parse_rate(*text);
    if (!found) {
        own.error(key, "must be " + std::string(wanted) + ", found \"" + one_line(*text, 60) + '"');
        return std::nullopt;
    }
    if (found->calls < 1 || found->calls > most_calls) {
        own.error(
            key, "must be from 1 to " + std::to_string(most_calls) +
                     " calls; without the key, calls go as fast as the service takes them"
        );
        return std::nullopt;
    }
    // Up: never faster than what was written.
    return (found->unit + nanoseconds(found->calls - 1)) / found->calls;
}

} // namespace hallpass::services
