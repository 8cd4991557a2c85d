#include "base/settings.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace hallpass {

namespace {

constexpr std::size_t secret_bytes = 2000;

std::string_view type_name(const setting& found) noexcept {
    constexpr std::array<std::string_view, 6> names{"a text",        "a number", "a number with a fraction",
                                                    "true or false", "a list",   "a table"};
    return names[found.value.index()];
}

bool is_plain_key(std::string_view key) noexcept {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

std::string joined_path(std::string_view table, std::string_view key) {
    std::string path(table);
    if (key.empty()) {
        return path;
    }
    if (!path.empty()) {
        path += '.';
    }
    if (is_plain_key(key)) {
        path += key;
    } else {
        path += '"' + one_line(key, 80) + '"';
    }
    return path;
}

bool is_printable(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
    });
}

} // namespace

struct settings::memory {
    std::vector<std::string> asked;
    std::map<std::string, settings> tables;
};

bool any_error(const problems& found) noexcept {
    return std::any_of(found.begin(), found.end(), [](const problem& one) {
        return one.level == problem_level::error;
    });
}

std::string nearest(std::string_view key, const std::vector<std::string>& known) {
    const std::string wanted = lower_case(prefix_at_character(key, 80));
    std::string best;
    std::size_t best_distance = std::clamp<std::size_t>(wanted.size() / 2, 1, 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(wanted, lower_case(candidate));
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

settings::settings(
    std::string file, std::shared_ptr<const settings_table> table, std::shared_ptr<problems> found
)
    : file_(std::move(file)),
      table_(std::move(table)),
      found_(std::move(found)),
      memory_(std::make_shared<memory>()) {}

const setting* settings::find(std::string_view key) const {
    const auto& entries = table_->entries;
    const auto found =
        std::find_if(entries.begin(), entries.end(), [key](const auto& entry) { return entry.first == key; });
    return found == entries.end() ? nullptr : &found->second;
}

const setting* settings::ask(std::string_view key) {
    accept(key);
    return find(key);
}

void settings::accept(std::string_view key) {
    auto& asked = memory_->asked;
    if (std::find(asked.begin(), asked.end(), key) == asked.end()) {
        asked.emplace_back(key);
    }
}

template <class T>
const T* settings::ask_for(std::string_view key, std::string_view wanted) {
    const setting* found = ask(key);
    if (!found) {
        return nullptr;
    }
    const T* value = std::get_if<T>(&found->value);
    if (!value) {
        error(key, "must be " + std::string(wanted) + ", found " + std::string(type_name(*found)));
    }
    return value;
}

bool settings::names(std::string_view key) const {
    return find(key) != nullptr;
}

bool settings::has(std::string_view key) const {
    const setting* found = find(key);
    const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
    return found && !(text && trimmed(*text).empty());
}

std::string settings::as_spelled(std::string_view key) const {
    const std::string wanted = lower_case(key);
    for (const auto& [spelled, value] : table_->entries) {
        if (lower_case(spelled) == wanted) {
            return spelled;
        }
    }
    return std::string(key);
}

bool settings::is_table(std::string_view key) const {
    const setting* found = find(key);
    return found && std::holds_alternative<std::shared_ptr<const settings_table>>(found->value);
}

std::vector<std::string> settings::keys() const {
    std::vector<std::string> all;
    for (const auto& entry : table_->entries) {
        all.push_back(entry.first);
    }
    return all;
}

std::optional<std::string> settings::text(std::string_view key) {
    const auto* value = ask_for<std::string>(key, "a text in quotes");
    if (!value || trimmed(*value).empty()) {
        return std::nullopt;
    }
    return std::string(trimmed(*value));
}

std::optional<bool> settings::flag(std::string_view key) {
    const auto* value = ask_for<bool>(key, "true or false, without quotes");
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> settings::number(std::string_view key) {
    const auto* value = ask_for<std::int64_t>(key, "a whole number, without quotes");
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::variant<std::int64_t, std::string>>
settings::number_or_text(std::string_view key, std::string_view wanted) {
    using either = std::variant<std::int64_t, std::string>;
    const setting* found = ask(key);
    if (found && std::holds_alternative<std::string>(found->value)) {
        auto written = text(key);
        return written ? std::optional<either>(std::move(*written)) : std::nullopt;
    }
    const auto* value = ask_for<std::int64_t>(key, wanted);
    return value ? std::optional<either>(*value) : std::nullopt;
}

std::optional<std::chrono::milliseconds> settings::duration(std::string_view key) {
    const auto value = text(key);
    if (!value) {
        return std::nullopt;
    }
    const auto parsed = parse_duration(*value);
    if (!parsed) {
        error(
            key, R"(must be a duration such as "30s", "1m30s" or "2h", found ")" + one_line(*value, 60) + '"'
        );
    }
    return parsed;
}

std::optional<std::vector<std::string>> settings::texts(std::string_view key) {
    const setting* found = ask(key);
    if (!found) {
        return std::nullopt;
    }
    std::vector<const setting*> members;
    if (const auto* list = std::get_if<std::vector<setting>>(&found->value)) {
        for (const setting& member : *list) {
            members.push_back(&member);
        }
    } else {
        members.push_back(found);
    }
    std::vector<std::string> all;
    for (const setting* member : members) {
        const auto* one = std::get_if<std::string>(&member->value);
        if (!one) {
            error(key, "must be a text or a list of texts, found " + std::string(type_name(*member)));
            return std::nullopt;
        }
        if (trimmed(*one).empty()) {
            error(key, "holds an empty text; fill it in or take it out");
            return std::nullopt;
        }
        all.emplace_back(trimmed(*one));
    }
    return all;
}

std::optional<secret> settings::secret_text(std::string_view key) {
    const auto value = text(key);
    if (!value) {
        return std::nullopt;
    }
    if (value->front() == '/') {
        return secret_in_file(key, *value);
    }
    if (!is_printable(*value)) {
        error(key, "holds a space or a control character; paste the secret alone, on one line");
        return std::nullopt;
    }
    return secret(*value);
}

std::optional<secret> settings::secret_in_file(std::string_view key, const std::string& path) {
    auto content = read_small_file(path, secret_bytes);
    if (content.has_error()) {
        error(key, content.error().text());
        return std::nullopt;
    }
    const secret whole(std::move(*content));
    const std::string_view inside = trimmed(whole.reveal());
    if (inside.empty()) {
        error(key, one_line(path) + " is empty; put the secret into it");
        return std::nullopt;
    }
    if (!is_printable(inside)) {
        error(key, one_line(path) + " holds more than one word; the secret must be alone in it, on one line");
        return std::nullopt;
    }
    return secret(std::string(inside));
}

std::optional<settings> settings::table(std::string_view key) {
    const auto* value = ask_for<std::shared_ptr<const settings_table>>(key, "a table");
    if (!value) {
        return std::nullopt;
    }
    const auto known = memory_->tables.find(std::string(key));
    if (known != memory_->tables.end()) {
        return known->second;
    }
    settings below(file_, *value, found_);
    below.path_ = joined_path(path_, key);
    memory_->tables.emplace(std::string(key), below);
    return below;
}

settings settings::table_or_empty(std::string_view key) {
    if (auto there = table(key)) {
        return *std::move(there);
    }
    settings none(file_, std::make_shared<const settings_table>(), found_);
    none.path_ = joined_path(path_, key);
    return none;
}

std::map<std::string, std::vector<std::string>> settings::texts_by_key() {
    std::map<std::string, std::vector<std::string>> all;
    for (const std::string& key : keys()) {
        if (auto values = texts(key)) {
            all.emplace(key, std::move(*values));
        }
    }
    return all;
}

void settings::error(std::string_view key, std::string_view what) {
    report(problem_level::error, key, what);
}

void settings::warning(std::string_view key, std::string_view what) {
    report(problem_level::warning, key, what);
}

void settings::report(problem_level level, std::string_view key, std::string_view what) {
    const setting* at = key.empty() ? nullptr : find(key);
    const int line = at && at->line > 0 ? at->line : table_->line;
    std::string text = file_;
    if (line > 0) {
        text += ':' + std::to_string(line);
    }
    const std::string path = joined_path(path_, key);
    text += path.empty() ? ": " : ": " + path + ": ";
    text += what;
    const bool known = std::any_of(found_->begin(), found_->end(), [&](const problem& one) {
        return one.level == level && one.text == text;
    });
    if (!known) { // a common section is read once for each service
        found_->push_back({level, std::move(text)});
    }
}

void settings::warn_of_unknown_keys() {
    const auto& asked = memory_->asked;
    for (const std::string& key : keys()) {
        if (std::find(asked.begin(), asked.end(), key) != asked.end()) {
            continue;
        }
        const std::string meant = nearest(key, asked);
        warning(
            key,
            meant.empty() ? "unknown key, ignored" : "unknown key, ignored; did you mean \"" + meant + "\"?"
        );
    }
    for (auto& [key, below] : memory_->tables) {
        below.warn_of_unknown_keys();
    }
}

} // namespace hallpass
