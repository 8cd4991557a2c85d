#include "sandbox/serve_command.hpp"

#include "sandbox/slack_callback.hpp"
#include "sandbox/stderr_log.hpp"
#include "sandbox/stop_signal.hpp"

#include <cstdio>
#include <string>

namespace hallpass::sandbox {

using namespace std::chrono_literals;

int serve(const serve_options& options) {
    stop_signal stopping;
    if (options.with_parent && !end_with_parent()) {
        std::fputs("hallpass-sandbox: the process that started it is gone\n", stderr);
        return 1;
    }
    stderr_log out;
    const auto started = simulated_services::start(options.sandbox, out);
    if (!started) {
        std::fprintf(stderr, "hallpass-sandbox: %s\n", started.error().text().c_str());
        return 1;
    }
    const sandbox_addresses& at = (*started)->addresses();
    std::printf(
        "page    %s\nauth    %s\nslack   %s\nsigning %s\ndiscord %s\nfiles   %s\n", at.page.c_str(),
        at.auth.c_str(), at.slack.c_str(), sandbox_signing_secret, at.discord.c_str(),
        options.sandbox.directory.c_str()
    );
    std::fflush(stdout);
    while (!stopping.wait_for(1h)) {
    }
    return 0;
}

} // namespace hallpass::sandbox
