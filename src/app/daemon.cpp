#include "app/daemon.hpp"

#include "app/life.hpp"
#include "app/start_up.hpp"

#include <algorithm>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace hallpass::app {

namespace {

constexpr rlim_t most_files = 16'384;

ops::instance_slot take_slot(const std::string& directory, ports::log& out) {
    result<ops::instance_slot> taken = ops::instance_slot::take(directory);
    if (taken) {
        return std::move(*taken);
    }
    out.warning(
        "no_state_directory",
        {{"error", taken.error().text()},
         {"until_then", "a restart waits for its own former claims, and hallpass status finds nothing"}}
    );
    return ops::instance_slot::without_directory();
}

// Each connection takes one, and the usual soft limit of 1,024 is for programs that still use select().
void allow_many_files() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < most_files) {
        limit.rlim_cur = std::min(limit.rlim_max, most_files);
        ::setrlimit(RLIMIT_NOFILE, &limit); // where it is refused, accepting fails in time, and says so
    }
}

} // namespace

int run_daemon(const std::string& config_path, bool debug) {
    // Neither a core dump nor another process of the same user gets to see tokens and keys.
    prctl(PR_SET_DUMPABLE, 0);
    allow_many_files();
    // One thread does the work: more arenas than this, for gRPC's few threads would only keep more memory
    // that is free.
    mallopt(M_ARENA_MAX, 2);
    process owner;
    std::unique_ptr<assembly> first = assemble_or_say(owner, config_path, debug);
    if (!first) {
        return exit_failed;
    }
    const ops::instance_slot slot = take_slot(first->state_dir, owner.log);
    configuration_source source{config_path, debug};
    life whole(owner, slot, std::move(source));
    return whole.run(std::move(first));
}

} // namespace hallpass::app
