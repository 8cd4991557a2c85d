// A Discord service that takes decisions over the Gateway, with the test as Discord and as the desk.
#pragma once

#include "../services/scripted_desk.hpp"
#include "../services/scripted_sockets.hpp"
#include "payloads.hpp"
#include "services/discord/client.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

// Knows what an operator sees, who doesn't look at debugging.
class told_log final : public ports::log {
public:
    explicit told_log(ports::log& all) : all_(all) {}

    bool enabled(ports::severity) const noexcept override { return true; }

    void
    write(ports::severity level, std::string_view event, std::span<const ports::log_field> fields) override {
        all_.write(level, event, fields);
        if (level != ports::severity::debug) {
            told.emplace_back(event);
        }
    }

    std::vector<std::string> told; // events

private:
    ports::log& all_;
};

struct gateway_bench {
    explicit gateway_bench(std::string session = "abc", std::int64_t remaining = 1000);
    ~gateway_bench();
    gateway_bench(const gateway_bench&) = delete;
    gateway_bench& operator=(const gateway_bench&) = delete;

    void settle();
    // The next call is answered so.
    void next_answer(std::string body, int status = 200);
    void next_address(std::int64_t remaining = 1000);
    // Moves the time to whatever we wait for.
    std::chrono::milliseconds pass_pause();

    scripted_line& line() { return *sockets.lines.back(); }

    void say(std::string_view frame);
    void hello();
    // Up to where events come.
    void open();
    void tell(boost::json::object interaction);
    // What we said last, on the last connection.
    boost::json::object said();
    // "POST interactions/700000000000000001/…": the calls after the first ones.
    std::vector<std::string> calls() const;

    bool logged(std::string_view text) const { return around.log.text.find(text) != std::string::npos; }

    std::size_t count_logged(std::string_view text) const;
    // Not as mere debugging.
    std::size_t count_told(std::string_view event) const;

    std::string session;
    service_bench around;
    told_log log;
    stepped_clock time;
    scripted_desk desk;
    scripted_sockets sockets;
    services::discord::discord_service discord;
    std::vector<ports::callback_route> routes;

private:
    int sequence_ = 1;
};

} // namespace hallpass::test
