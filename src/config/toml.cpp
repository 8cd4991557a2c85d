#include "config/toml.hpp"

#include "base/text.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace hallpass::config {

namespace {

int line_of(const toml::node& node) noexcept {
    return static_cast<int>(node.source().begin.line);
}

settings_table to_table(const toml::table& from);

setting to_setting(const toml::node& from) {
    setting made;
    made.line = line_of(from);
    from.visit([&made](const auto& node) {
        using node_type = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<node_type, toml::table>) {
            made.value = std::make_shared<const settings_table>(to_table(node));
        } else if constexpr (std::is_same_v<node_type, toml::array>) {
            std::vector<setting> members;
            for (const toml::node& member : node) {
                members.push_back(to_setting(member));
            }
            made.value = std::move(members);
        } else if constexpr (toml::is_date<decltype(node)> || toml::is_time<decltype(node)> || toml::is_date_time<decltype(node)>) {
            // No key wants a date: as a text it fails where its form is looked at.
            std::ostringstream text;
            text << node.get();
            made.value = text.str();
        } else {
            made.value = node.get();
        }
    });
    return made;
}

settings_table to_table(const toml::table& from) {
    settings_table made;
    made.line = line_of(from);
    for (const auto& [key, node] : from) {
        made.entries.emplace_back(std::string(key.str()), to_setting(node));
    }
    std::stable_sort(made.entries.begin(), made.entries.end(), [](const auto& left, const auto& right) {
        return left.second.line < right.second.line;
    });
    return made;
}

} // namespace

std::shared_ptr<const settings_table>
parse_toml(const std::string& file, std::string_view text, problems& found) {
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        found.push_back(
            {problem_level::error, file + ":" + std::to_string(error.source().begin.line) +
                                       ": not valid TOML: " + one_line(error.description(), 300)}
        );
        return nullptr;
    }
    auto table = std::make_shared<settings_table>(to_table(parsed.table()));
    table->line = 0;
    return table;
}

} // namespace hallpass::config
