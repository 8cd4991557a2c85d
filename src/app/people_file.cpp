#include "app/people_file.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds between_looks = std::chrono::seconds(30);

} // namespace

asio::awaitable<void> follow_people_file(
    ports::clock& time,
    ports::log& out,
    std::string service,
    config::people_section section,
    access::people& into
) {
    const std::unique_ptr<ports::alarm> look_again = time.make_alarm();
    std::string refused;
    while (true) {
        co_await look_again->wait(between_looks);
        auto read = config::everybody(section);
        if (read.has_error()) {
            if (refused != read.error().text()) {
                refused = read.error().text();
                out.error(
                    "people_file_refused",
                    {{"service", service}, {"error", refused}, {"until_then", "the people read before"}}
                );
            }
            continue;
        }
        refused.clear();
        if (*read != into) {
            into = std::move(*read);
            out.info(
                "people_file_read",
                {{"service", service}, {"file", section.file}, {"people", std::to_string(into.size())}}
            );
        }
    }
}

} // namespace hallpass::app
