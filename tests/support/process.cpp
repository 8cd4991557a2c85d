#include "support/process.hpp"

#include "support/eventually.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace hallpass::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) {
        all.push_back(text.data());
    }
    all.push_back(nullptr);
    return all;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& on_top) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!on_top.contains(text.substr(0, text.find('=')))) {
            all.push_back(text);
        }
    }
    for (const auto& [name, value] : on_top) {
        all.push_back(name + "=" + value);
    }
    return all;
}

int memory_file(const std::string& name) {
    const int file = memfd_create(name.c_str(), MFD_CLOEXEC);
    if (file < 0) {
        throw std::system_error(errno, std::generic_category(), "memfd_create");
    }
    return file;
}

} // namespace

process::process(
    std::vector<std::string> command,
    const std::map<std::string, std::string>& environment,
    const std::string& working_directory
)
    : name_(command.at(0)), standard_output_(memory_file("stdout")), standard_error_(memory_file("stderr")) {
    const std::string program = name_.find('/') == std::string::npos ? find_program(name_) : name_;
    std::vector<std::string> variables = merged_environment(environment);
    const std::vector<char*> arguments = pointers(command);
    const std::vector<char*> entries = pointers(variables);
    const pid_t parent = getpid();
    // Between fork and exec only what is safe in a signal handler.
    id_ = fork();
    if (id_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || (!working_directory.empty() && chdir(working_directory.c_str()) != 0)) {
            _exit(127);
        }
        const int nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        dup2(standard_output_, STDOUT_FILENO);
        dup2(standard_error_, STDERR_FILENO);
        execve(program.c_str(), arguments.data(), entries.data());
        _exit(127);
    }
    if (id_ < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
}

process::~process() {
    if (!exit_status()) {
        kill(id_, SIGKILL);
        waitpid(id_, nullptr, 0);
    }
    close(standard_output_);
    close(standard_error_);
}

std::optional<int> process::exit_status() {
    int status = 0;
    if (!exit_status_ && waitpid(id_, &status, WNOHANG) == id_) {
        exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return exit_status_;
}

int process::wait(std::chrono::milliseconds limit) {
    try {
        eventually(
            "the end of " + name_, [this] { return exit_status().has_value(); }, limit
        );
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(late.what() + ("; it wrote:\n" + standard_output() + standard_error()));
    }
    return exit_status_.value();
}

void process::send_signal(int number) const {
    if (!exit_status_ && kill(id_, number) != 0) {
        throw std::system_error(errno, std::generic_category(), "kill " + name_);
    }
}

std::string process::content(int file) {
    std::string all;
    std::array<char, 65536> part;
    ssize_t got = 0;
    while ((got = pread(file, part.data(), part.size(), static_cast<off_t>(all.size()))) > 0) {
        all.append(part.data(), static_cast<std::size_t>(got));
    }
    return all;
}

std::string find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    std::string folder;
    while (std::getline(folders, folder, ':')) {
        std::string candidate = folder + "/" + name;
        if (access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return {};
}

} // namespace hallpass::test
