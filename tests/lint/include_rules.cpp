#include "include_rules.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <sstream>
#include <stdexcept>

namespace hallpass::lint {

namespace {

constexpr std::string_view services = "services/";

// How the table names a folder: every service alike.
std::string table_name(const std::string& folder) {
    return folder.starts_with(services) ? "services/*" : folder;
}

bool fits(const std::string& pattern, const std::string& include) {
    if (pattern.find('*') == std::string::npos) {
        return include.starts_with(pattern);
    }
    return fnmatch(pattern.c_str(), include.c_str(), FNM_PATHNAME) == 0;
}

bool standard(const std::string& include) {
    return include.find('/') == std::string::npos && !include.ends_with(".h");
}

// The longest line of the table that fits.
const include_rules::names* library_rule(const include_rules& rules, const std::string& include) {
    const include_rules::names* best = nullptr;
    std::size_t longest = 0;
    for (const auto& [pattern, users] : rules.libraries) {
        if (pattern.size() > longest && fits(pattern, include)) {
            longest = pattern.size();
            best = &users;
        }
    }
    return best;
}

std::string
complaint(const std::string& file, const std::string& include, bool quoted, const include_rules& rules) {
    const std::string folder = folder_of(file);
    const std::string own = table_name(folder);
    if (quoted && !include.ends_with(".pb.h")) {
        const std::string other = folder_of(include);
        const auto allowed = rules.folders.find(own);
        if (allowed == rules.folders.end()) {
            return "the table has no folder " + own;
        }
        if (other == folder || (allowed->second.contains(table_name(other)))) {
            return {};
        }
        return own + " may not include " + other;
    }
    if (!quoted && standard(include)) {
        return {};
    }
    const include_rules::names* users = library_rule(rules, include);
    if (users == nullptr) {
        return "the table has no library for it";
    }
    if (users->contains("*") || users->contains(own) || users->contains(file)) {
        return {};
    }
    return own + " may not include this library";
}

bool reaches(
    const include_rules& rules,
    const std::string& from,
    const std::string& target,
    std::vector<std::string>& way,
    include_rules::names& seen
) {
    way.push_back(from);
    const auto entry = rules.folders.find(from);
    if (entry != rules.folders.end()) {
        for (const std::string& next : entry->second) {
            if (next == target || (seen.insert(next).second && reaches(rules, next, target, way, seen))) {
                return true;
            }
        }
    }
    way.pop_back();
    return false;
}

} // namespace

include_rules parse_include_rules(const std::string& table) {
    include_rules rules;
    std::map<std::string, include_rules::names>* section = nullptr;
    std::istringstream lines(table);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line == "[folders]" || line == "[libraries]") {
            section = line == "[folders]" ? &rules.folders : &rules.libraries;
            continue;
        }
        const auto colon = line.find(':');
        if (section == nullptr || colon == std::string::npos) {
            throw std::runtime_error("the dependency table, line " + std::to_string(number) + ": " + line);
        }
        std::istringstream words(line.substr(colon + 1));
        include_rules::names allowed;
        for (std::string word; words >> word;) {
            allowed.insert(word);
        }
        if (!section->emplace(line.substr(0, colon), std::move(allowed)).second) {
            throw std::runtime_error("the dependency table has " + line.substr(0, colon) + " twice");
        }
    }
    return rules;
}

std::string folder_of(std::string_view file) {
    const auto slash = file.find('/');
    const auto second = file.starts_with(services) ? file.find('/', services.size()) : slash;
    return std::string(file.substr(0, second == std::string_view::npos ? slash : second));
}

std::vector<std::string>
forbidden_includes(const include_rules& rules, const std::string& file, const std::string& content) {
    std::vector<std::string> found;
    std::istringstream lines(content);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const auto hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#' ||
            line.find("include", hash) == std::string::npos) {
            continue;
        }
        const auto open = line.find_first_of("\"<", hash);
        const auto close = open == std::string::npos ? open : line.find_first_of("\">", open + 1);
        if (close == std::string::npos) {
            continue;
        }
        const std::string include = line.substr(open + 1, close - open - 1);
        const std::string why = complaint(file, include, line[open] == '"', rules);
        if (!why.empty()) {
            found.push_back("src/" + file + ":" + std::to_string(number) + ": " + include + ": " + why);
        }
    }
    return found;
}

std::vector<std::string> cycle(const include_rules& rules) {
    for (const auto& [folder, allowed] : rules.folders) {
        std::vector<std::string> way;
        include_rules::names seen;
        if (reaches(rules, folder, folder, way, seen)) {
            return way;
        }
    }
    return {};
}

} // namespace hallpass::lint
