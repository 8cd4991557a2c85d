#include "app/status_command.hpp"

#include "app/services.hpp"
#include "app/start_up.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "net/unix_call.hpp"
#include "ops/instance_slot.hpp"
#include "ops/status_json.hpp"
#include "ops/status_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

// Also where the file has errors: a running hallpass may use an older one.
std::string state_directory_of(const std::string& config_path) {
    const config::loaded loaded = config::load(config_path, service_kinds());
    if (loaded.value) {
        const std::string& named = loaded.value->state_dir;
        return named.empty() ? ops::default_state_directory() : named;
    }
    std::string directory = ops::default_state_directory();
    for (const problem& one : *loaded.found) {
        say("warning", one.text);
    }
    say("warning", "without the configuration, looking in " + directory);
    return directory;
}

class inquiry {
public:
    explicit inquiry(bool as_json) : as_json_(as_json) {}

    void ask(const std::vector<std::string>& sockets) {
        asio::co_spawn(context_, ask_all(sockets), [](std::exception_ptr thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
        context_.run();
    }

    const std::vector<std::string>& answers() const noexcept { return answers_; }

    bool is_blocked() const noexcept { return blocked_; } // somebody is there whom we didn't get to answer

private:
    asio::awaitable<void> ask_all(std::vector<std::string> sockets) {
        for (const std::string& socket : sockets) {
            net::unix_get call;
            call.socket = socket;
            call.target = "/status";
            const result<ports::http_response> answer =
                co_await net::get_over_unix(context_.get_executor(), std::move(call));
            take(socket, answer);
        }
    }

    void take(const std::string& socket, const result<ports::http_response>& answer) {
        if (!answer && answer.error().kind() == fault_kind::not_found) {
            return; // left by a process that was killed
        }
        result<std::string> read = answer ? understand(*answer) : answer.error();
        if (read) {
            answers_.push_back(std::move(*read));
        } else {
            blocked_ = true;
            const std::string where = answer ? one_line(socket) + ": " : "";
            say("error", where + read.error().text());
        }
    }

    result<std::string> understand(const ports::http_response& answer) const {
        if (answer.status != 200) {
            return fault(fault_kind::malformed, "answered with status " + std::to_string(answer.status));
        }
        const result<ops::instance_status> status = ops::parse_instance_status(answer.body);
        if (!status) {
            return status.error();
        }
        return as_json_ ? answer.body : ops::to_text(*status);
    }

    bool as_json_;
    bool blocked_ = false;
    asio::io_context context_{1};
    std::vector<std::string> answers_;
};

int nobody_there(const std::string& directory) {
    say("error", "no hallpass runs with the state directory " + one_line(directory) +
                     "; start one, or name the configuration of the running one with -c FILE");
    return exit_failed;
}

} // namespace

int run_status(const std::string& config_path, bool as_json) {
    const std::string directory = state_directory_of(config_path);
    const result<std::vector<std::string>> sockets = ops::instance_sockets(directory);
    if (!sockets && sockets.error().kind() == fault_kind::not_found) {
        return nobody_there(directory);
    }
    if (!sockets) {
        say("error", sockets.error().text() + "; ask as root, or as the user that hallpass runs as");
        return exit_failed;
    }
    inquiry asked(as_json);
    asked.ask(*sockets);
    if (asked.answers().empty()) {
        return asked.is_blocked() ? exit_failed : nobody_there(directory);
    }
    const std::string all = joined(asked.answers(), as_json ? "," : "\n");
    std::printf(as_json ? "[%s]\n" : "%s", all.c_str());
    return exit_ok;
}

} // namespace hallpass::app
