// Several hallpass processes that work side by side, and the supervisor that starts a killed one again at
// once.
#pragma once

#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/temp_dir.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::chaos {

class fleet {
public:
    // `sections` are the services'. The sandbox outlives it. Returns when all watch.
    fleet(const test::running_sandbox& world, std::size_t size, std::string sections);

    std::size_t size() const noexcept { return instances_.size(); }

    // One more, which joins those that run. Returns when it watches.
    void add();

    // SIGKILL, and a new start in the same state directory at once.
    void kill(std::size_t index);
    // SIGKILL; nobody starts it again.
    void kill_for_good(std::size_t index);

    // Throws, with its log, where a process has ended by itself.
    void check_alive();

    // SIGTERM to all; returns when all have ended. Throws where one doesn't, or not with status 0.
    void stop();

    std::size_t kills() const noexcept { return kills_; }

    pid_t process_id(std::size_t index);

    // The lines of all logs, those of killed processes too, that mention the text.
    std::string log_lines(std::string_view mentioning) const;

private:
    struct instance {
        std::string name;
        std::string config;
        std::unique_ptr<test::running_hallpass> running; // null where it was killed for good
        std::string earlier_logs;
    };

    void set_up_one();
    void start(instance& one);
    void end_by_signal(instance& one);

    const test::running_sandbox& world_;
    std::string sections_;
    test::temp_dir folder_;
    std::vector<instance> instances_;
    std::size_t kills_ = 0;
};

} // namespace hallpass::chaos
