#include "app/start_up.hpp"

#include <cstdio>
#include <utility>

namespace hallpass::app {

void say(const char* level, const std::string& text) {
    std::fprintf(stderr, "hallpass: %s: %s\n", level, text.c_str());
}

std::unique_ptr<assembly> assemble_or_say(process& owner, const std::string& config_path, bool debug) {
    assembled made = assemble(owner, config_path, debug);
    for (const std::string& warning : made.warnings) {
        say("warning", warning);
    }
    for (const std::string& error : made.errors) {
        say("error", error);
    }
    if (made.whole) {
        owner.log.forward_to(made.whole->log);
    }
    return std::move(made.whole);
}

} // namespace hallpass::app
