// What the programs do alike before they begin.
#pragma once

#include "app/assembly.hpp"

#include <memory>
#include <string>

namespace hallpass::app {

// Exit statuses of the program.
inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;

// One line on standard error.
void say(const char* level, const std::string& text);

// Makes it, and lets the process log as it wants. Null where it can't; standard error says why.
std::unique_ptr<assembly> assemble_or_say(process& owner, const std::string& config_path, bool debug);

} // namespace hallpass::app
