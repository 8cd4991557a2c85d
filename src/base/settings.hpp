// A table of the configuration, whatever file format it came from: typed look-ups that remember which keys
// were asked for, and collect what is wrong with file, line and key instead of stopping at the first problem.
#pragma once

#include "base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hallpass {

struct setting;

struct settings_table {
    std::vector<std::pair<std::string, setting>> entries; // in the file's order
    int line = 0;
};

struct setting {
    std::variant<std::string, std::int64_t, double, bool, std::vector<setting>, settings_table> value;
    int line = 0;
};

enum class problem_level { warning, error };

struct problem {
    problem_level level;
    std::string text; // "hallpass.toml:12: slack.token: must be a text, found a number; write it in quotes"
};

using problems = std::vector<problem>;

bool any_error(const problems& found) noexcept;

// A cursor onto one table. Copies share the memory of asked-for keys and the list of problems, which outlives
// them.
class settings {
public:
    settings(std::string file, std::string path, const settings_table& table, problems& found);

    bool has(std::string_view key) const;

    // nullopt where the key is absent; a wrong type is a problem, and nullopt.
    std::optional<std::string> text(std::string_view key);
    std::optional<bool> flag(std::string_view key);
    std::optional<std::int64_t> number(std::string_view key);
    // "1m30s", "500ms", "2h": Go's spelling of a duration, as upstream's files have it.
    std::optional<std::chrono::milliseconds> duration(std::string_view key);
    // One text or a list of texts.
    std::optional<std::vector<std::string>> texts(std::string_view key);
    // The text itself, or, where it begins with "/", the trimmed content of that file (upstream-messaging
    // 0, 1.10).
    std::optional<secret> secret_text(std::string_view key);
    std::optional<settings> table(std::string_view key);
    // Every key of this table with its texts, as role_to_recipients has it.
    std::map<std::string, std::vector<std::string>> texts_by_key();

    // An error or a warning about a key of this table, or about the table itself where the key is "".
    void error(std::string_view key, std::string_view what);
    void warning(std::string_view key, std::string_view what);

    // Keys that nobody asked for, here and in the tables below that were asked for: a warning each, naming
    // the nearest key that was.
    void warn_of_unknown_keys();

    const std::string& file() const noexcept { return file_; }

    const std::string& path() const noexcept { return path_; }

private:
    struct asked_keys;

    const setting* find(std::string_view key);
    void report(problem_level level, std::string_view key, std::string_view what);

    std::string file_;
    std::string path_; // "slack", "" at the top
    const settings_table* table_;
    problems* found_;
    std::shared_ptr<asked_keys> asked_;
};

} // namespace hallpass
