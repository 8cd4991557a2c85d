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
#include <utility>
#include <variant>
#include <vector>

namespace hallpass {

struct settings_table;

struct setting {
    std::variant<
        std::string,
        std::int64_t,
        double,
        bool,
        std::vector<setting>,
        std::shared_ptr<const settings_table>>
        value;
    int line = 0;
};

struct settings_table {
    std::vector<std::pair<std::string, setting>> entries; // in the file's order
    int line = 0;                                         // 0 where the file has no line for it
};

enum class problem_level { warning, error };

struct problem {
    problem_level level;
    std::string text; // "hallpass.toml:12: slack.token: must be a text in quotes, found a number"
};

using problems = std::vector<problem>;

bool any_error(const problems& found) noexcept;

// A cursor onto one table. Copies share the memory of asked-for keys and the list of problems. An empty text
// counts as absent, as upstream has it. One thread.
class settings {
public:
    // The top of a file.
    settings(std::string file, std::shared_ptr<const settings_table> table, std::shared_ptr<problems> found);

    // The key is in the file, whatever its value.
    bool names(std::string_view key) const;
    // The key is in the file, and not an empty text.
    bool has(std::string_view key) const;
    // The key as the file spells it, in any case of letters; as given where the file has none.
    std::string as_spelled(std::string_view key) const;
    bool is_table(std::string_view key) const;
    // Every key of this table, in the file's order.
    std::vector<std::string> keys() const;

    // nullopt where the key is absent; a wrong type is a problem, and nullopt.
    std::optional<std::string> text(std::string_view key);
    std::optional<bool> flag(std::string_view key);
    std::optional<std::int64_t> number(std::string_view key);
    // `wanted` names both, for who wrote neither.
    std::optional<std::variant<std::int64_t, std::string>>
    number_or_text(std::string_view key, std::string_view wanted);
    // "1m30s", "500ms", "2h": Go's spelling of a duration, as upstream's files have it.
    std::optional<std::chrono::milliseconds> duration(std::string_view key);
    // One text or a list of texts, none of them empty.
    std::optional<std::vector<std::string>> texts(std::string_view key);
    // The text itself, or, where it begins with "/", the trimmed content of that file, at most 2,000 bytes
    // (upstream-messaging 0, 1.10).
    std::optional<secret> secret_text(std::string_view key);
    std::optional<settings> table(std::string_view key);
    // An empty one where the key is absent, or is no table, which is a problem then.
    settings table_or_empty(std::string_view key);
    // Every key of this table with its texts, as role_to_recipients has it.
    std::map<std::string, std::vector<std::string>> texts_by_key();
    // A key that is known, but whose value isn't looked at.
    void accept(std::string_view key);

    // An error or a warning about a key of this table, or about the table itself where the key is "".
    void error(std::string_view key, std::string_view what);
    void warning(std::string_view key, std::string_view what);

    // Keys that nobody asked for, here and in the tables below that were asked for: a warning each, naming
    // the nearest key that was.
    void warn_of_unknown_keys();

    const std::string& file() const noexcept { return file_; }

    const std::string& path() const noexcept { return path_; }

    const problems& found() const noexcept { return *found_; }

private:
    struct memory;

    const setting* find(std::string_view key) const;
    const setting* ask(std::string_view key);
    template <class T>
    const T* ask_for(std::string_view key, std::string_view wanted);
    std::optional<secret> secret_in_file(std::string_view key, const std::string& path);
    void report(problem_level level, std::string_view key, std::string_view what);

    std::string file_;
    std::string path_; // "slack", "" at the top
    std::shared_ptr<const settings_table> table_;
    std::shared_ptr<problems> found_;
    std::shared_ptr<memory> memory_;
};

// The key among `known` that was most likely meant, "" where none is near. For "did you mean".
std::string nearest(std::string_view key, const std::vector<std::string>& known);

// Go's form of a duration, not negative; nothing where the text is not one or doesn't fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

} // namespace hallpass
