#include "app/check.hpp"

#include "app/http_check.hpp"
#include "app/start_up.hpp"

#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <exception>
#include <vector>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

class checker {
public:
    explicit checker(assembly& whole) : whole_(&whole) {}

    int run() {
        asio::io_context& context = whole_->owner->context;
        asio::co_spawn(context, check_all(), [](std::exception_ptr thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
        context.run();
        return all_well_ ? exit_ok : exit_failed;
    }

private:
    asio::awaitable<void> check_all() {
        result<std::string> cluster = co_await whole_->teleport->probe();
        report("teleport", cluster);
        for (carried_service& carried : whole_->services) {
            result<std::string> service = co_await carried.service->check();
            report(std::string(carried.service->name()), service);
            if (service) {
                co_await check_recipients(carried);
            }
        }
        if (!whole_->routes().empty()) {
            co_await check_callbacks();
        }
        co_await whole_->close();
    }

    asio::awaitable<void> check_recipients(const carried_service& carried) {
        for (const auto& [role, recipients] : carried.routing.role_to_recipients) {
            for (const std::string& recipient : recipients) {
                result<access::address> found = co_await carried.service->resolve(recipient);
                const std::string what =
                    std::string(carried.service->name()) + ".role_to_recipients." + role + " " + recipient;
                if (found) {
                    report(what, result<std::string>(found->id));
                } else {
                    report(what, result<std::string>(found.error()));
                }
            }
        }
    }

    asio::awaitable<void> check_callbacks() {
        const std::vector<checked_line> lines =
            co_await check_http(*whole_->owner, whole_->callbacks, whole_->state_dir);
        for (const checked_line& one : lines) {
            print(one.how, one.what, one.text);
        }
    }

    void report(const std::string& what, const result<std::string>& outcome) {
        print(outcome ? checked::well : checked::failed, what, outcome ? *outcome : outcome.error().text());
    }

    void print(checked how, const std::string& what, const std::string& text) {
        const char* const word = how == checked::well ? "ok  " : how == checked::soon ? "SOON" : "FAIL";
        all_well_ = all_well_ && how != checked::failed;
        std::printf("%s  %s: %s\n", word, what.c_str(), text.c_str());
    }

    assembly* whole_;
    bool all_well_ = true;
};

} // namespace

int run_check(const std::string& config_path) {
    process owner;
    const std::unique_ptr<assembly> whole = assemble_or_say(owner, config_path, false);
    if (!whole) {
        return exit_failed;
    }
    checker checking(*whole);
    return checking.run();
}

} // namespace hallpass::app
