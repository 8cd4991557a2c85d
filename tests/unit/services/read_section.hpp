// A service's section of the configuration, read as from a file "F".
#pragma once

#include "base/settings.hpp"
#include "config/toml.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::test {

template <class Config>
struct section_outcome {
    std::optional<Config> made;
    std::vector<std::string> said; // "error: F:1: token: …"
};

template <class Config>
section_outcome<Config>
read_section(const std::string& section, std::optional<Config> (*read_config)(settings& own)) {
    const auto found = std::make_shared<problems>();
    auto table = config::parse_toml("F", section, *found);
    REQUIRE(table);
    settings own("F", std::move(table), found);
    section_outcome<Config> all{read_config(own), {}};
    own.warn_of_unknown_keys();
    for (const problem& one : *found) {
        all.said.push_back((one.level == problem_level::error ? "error: " : "warning: ") + one.text);
    }
    return all;
}

} // namespace hallpass::test
