#include "sandbox/daemon_process.hpp"

#include <csignal>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;

std::vector<std::string> environment_with(const std::string& certificate_file) {
    std::vector<std::string> variables;
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string_view variable = *at;
        // A proxy of this machine has no business between the daemon and its sandbox.
        if (!variable.starts_with("SSL_CERT_FILE=") && !variable.starts_with("NO_PROXY=") &&
            !variable.starts_with("no_proxy=")) {
            variables.emplace_back(variable);
        }
    }
    variables.push_back("SSL_CERT_FILE=" + certificate_file);
    variables.emplace_back("NO_PROXY=127.0.0.1,localhost");
    variables.emplace_back("no_proxy=127.0.0.1,localhost");
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

// In a process group of its own, so that Ctrl-C reaches it only through stop(), and with no signal blocked.
int spawn(const daemon_options& options, pid_t& pid) {
    std::vector<std::string> arguments{options.program};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::vector<std::string> environment = environment_with(options.certificate_file);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(
        &files, STDOUT_FILENO, options.log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600
    );
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    const int error = posix_spawn(
        &pid, options.program.c_str(), &files, &attributes, pointers_to(arguments).data(),
        pointers_to(environment).data()
    );
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

} // namespace

result<daemon_process> daemon_process::start(const daemon_options& options) {
    pid_t pid = -1;
    if (const int error = spawn(options, pid); error != 0) {
        return fault(
            fault_kind::permanent, "starting " + options.program + ": " + std::strerror(error) +
                                       "; name the hallpass program with --hallpass"
        );
    }
    const int exit_watch = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    return daemon_process(pid, exit_watch);
}

daemon_process::daemon_process(daemon_process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_watch_(std::exchange(other.exit_watch_, -1)) {}

daemon_process::~daemon_process() {
    stop(5s);
    if (exit_watch_ >= 0) {
        ::close(exit_watch_);
    }
}

bool daemon_process::wait_for_exit(std::chrono::milliseconds time) {
    if (pid_ < 0) {
        return true;
    }
    if (exit_watch_ >= 0) {
        pollfd watched{exit_watch_, POLLIN, 0};
        ::poll(&watched, 1, static_cast<int>(time.count()));
    }
    if (::waitpid(pid_, nullptr, WNOHANG) == 0) {
        return false;
    }
    pid_ = -1;
    return true;
}

bool daemon_process::is_running() {
    return !wait_for_exit(0ms);
}

bool daemon_process::stop(std::chrono::milliseconds patience) {
    if (!is_running()) {
        return true;
    }
    ::kill(pid_, SIGTERM);
    if (wait_for_exit(patience)) {
        return true;
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    return false;
}

std::string last_lines(const std::string& path, std::size_t lines) {
    std::ifstream in(path);
    std::deque<std::string> kept;
    for (std::string line; std::getline(in, line);) {
        kept.push_back(std::move(line));
        if (kept.size() > lines) {
            kept.pop_front();
        }
    }
    std::string text;
    for (const std::string& line : kept) {
        text += "    " + line + '\n';
    }
    return text;
}

} // namespace hallpass::sandbox
