#include "sandbox/demo_command.hpp"

#include "sandbox/daemon_process.hpp"
#include "sandbox/demo_steps.hpp"
#include "sandbox/scenario.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/stderr_log.hpp"
#include "sandbox/stop_signal.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t log_lines_shown = 20;
constexpr int status_of_interrupt = 130; // what shells give Ctrl-C

// Removed when the demo ends well; kept for a look otherwise.
class work_directory {
public:
    explicit work_directory(const std::string& wanted) : path_(wanted), temporary_(wanted.empty()) {
        if (temporary_) {
            path_ = (std::filesystem::temp_directory_path() / "hallpass-demo-XXXXXX").string();
            if (::mkdtemp(path_.data()) == nullptr) {
                throw std::system_error(errno, std::generic_category(), "making a directory " + path_);
            }
        } else {
            path_ = std::filesystem::absolute(path_).lexically_normal().string();
        }
    }

    const std::string& path() const noexcept { return path_; }

    void remove() const {
        if (temporary_) {
            std::error_code ignored; // what is left of a temporary directory harms nobody
            std::filesystem::remove_all(path_, ignored);
        }
    }

private:
    std::string path_;
    bool temporary_;
};

// Buttons and links name the address before hallpass listens there.
std::string free_address() {
    boost::asio::io_context context;
    const boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    return "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
}

int report_failure(const std::string& what, const std::string& log_file) {
    std::fprintf(
        stderr, "FAILED: %s\nThe last lines of %s:\n%s", what.c_str(), log_file.c_str(),
        last_lines(log_file, log_lines_shown).c_str()
    );
    return 1;
}

int run_steps(
    simulated_services& world,
    daemon_process& daemon,
    stop_signal& stopping,
    const std::vector<scenario_step>& steps,
    const std::string& log_file
) {
    for (const scenario_step& step : steps) {
        bool interrupted = false;
        const auto took = run_step(world, step, [&] {
            interrupted = stopping.wait_for(0ms);
            return !interrupted && daemon.is_running();
        });
        if (interrupted) {
            return status_of_interrupt;
        }
        if (!took) {
            const std::string why = daemon.is_running() ? took.error().text() : "hallpass has ended";
            return report_failure(step.name + ": " + why, log_file);
        }
        std::printf("%9.1f ms  %s\n", took->count(), step.name.c_str());
        std::fflush(stdout);
    }
    return 0;
}

int stay(
    simulated_services& world, daemon_process& daemon, stop_signal& stopping, const std::string& log_file
) {
    std::printf(
        "\n  Open  %s\n\n"
        "  Alice has asked for a role: her request stands in the simulated Slack, and in nine other services "
        "below.\n"
        "  Be Bob (\"You are\", at the top)\n"
        "  and press Approve; a form opens, you send it, and the request is approved in Bob's name.\n"
        "  Be Alice, a guest, or nobody in Teleport, and see what hallpass answers them.\n"
        "  Create further requests on the left. \"Faults\" makes Slack or the cluster fail, so that you see "
        "what\n"
        "  hallpass does then.\n\n"
        "  hallpass logs to %s\n"
        "  Ctrl-C ends the demo.\n",
        world.addresses().page.c_str(), log_file.c_str()
    );
    std::fflush(stdout);
    while (!stopping.wait_for(300ms)) {
        if (!daemon.is_running()) {
            return report_failure("hallpass has ended by itself", log_file);
        }
    }
    return 0;
}

daemon_options options_for(const demo_options& options, const std::string& directory) {
    daemon_options run;
    run.program = std::filesystem::absolute(options.hallpass).string();
    run.arguments = {"start", "-c", directory + "/hallpass.toml"};
    run.certificate_file = directory + "/ca.pem";
    run.log_file = directory + "/hallpass.log";
    return run;
}

} // namespace

int demo(const demo_options& options) {
    stop_signal stopping;
    stderr_log out;
    const work_directory files(options.directory);
    sandbox_options wanted;
    wanted.directory = files.path();
    wanted.listen = "127.0.0.1:" + std::to_string(options.port);
    wanted.hallpass_listen = free_address();
    auto world = simulated_services::start(std::move(wanted), out);
    if (!world) {
        std::fprintf(stderr, "hallpass-sandbox: %s\n", world.error().text().c_str());
        return 1;
    }
    const daemon_options run = options_for(options, files.path());
    auto daemon = daemon_process::start(run);
    if (!daemon) {
        std::fprintf(stderr, "hallpass-sandbox: %s\n", daemon.error().text().c_str());
        return 1;
    }
    std::vector<scenario_step> steps = starting_steps(**world, run.log_file);
    if (options.once) {
        std::vector<scenario_step> cycle = one_request(**world);
        steps.insert(steps.end(), cycle.begin(), cycle.end());
    } else {
        steps.push_back(one_posted_request(**world));
    }
    int status = run_steps(**world, *daemon, stopping, steps, run.log_file);
    if (status == 0 && !options.once) {
        status = stay(**world, *daemon, stopping, run.log_file);
    }
    if (!daemon->stop(10s)) {
        status = report_failure("hallpass did not end within 10 s of SIGTERM and was killed", run.log_file);
    }
    if (status == 0) {
        files.remove();
    }
    return status;
}

} // namespace hallpass::sandbox
