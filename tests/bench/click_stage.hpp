// The real program between the simulated cluster and the simulated Slack or Discord, with requests that wait
// for a click.
#pragma once

#include "../unit/net/certificates.hpp"
#include "ports/log.hpp"
#include "sandbox/simulated_services.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::bench {

inline constexpr const char* channel_id = "C0ACCESS01";
inline constexpr const char* bob = "U0BOB00001"; // who decides; alice requests

class quiet_log final : public ports::log {
public:
    bool enabled(ports::severity level) const noexcept override { return level >= ports::severity::warning; }

    void write(ports::severity, std::string_view event, std::span<const ports::log_field>) override {
        std::fprintf(stderr, "bench: %.*s\n", static_cast<int>(event.size()), event.data());
    }
};

namespace discord {

inline constexpr const char* channel_id = "1100000000000000001";
inline constexpr const char* bob = "1200000000000000002";

} // namespace discord

enum class clicks_by { https, socket_mode, gateway }; // the last is Discord's

class click_stage {
public:
    // Returns when hallpass watches, can be clicked at, and has posted that many requests. Throws where it
    // doesn't.
    click_stage(std::size_t requests, clicks_by way);

    sandbox::simulated_services& world() noexcept { return *world_; }

    ports::log& log() noexcept { return log_; }

    // Of the public listener's path for Slack; "" over the others.
    const std::string& url() const noexcept { return url_; }

    std::string authority_pem() const { return authority_.certificate_pem(); }

    // One of each request.
    const std::vector<sandbox::slack_message>& messages() const noexcept { return messages_; }

    // The same in Discord, by their ids.
    const std::vector<std::string>& discord_messages() const noexcept { return discord_messages_; }

    std::size_t approved();

private:
    std::string configure(clicks_by way);
    // What stands behind the words in the program's log, once they are there.
    std::string said(const std::string& words);
    void wait_for_connections();
    void create(std::size_t count, clicks_by way);
    std::size_t find_messages(clicks_by way);

    test::temp_dir folder_;
    quiet_log log_;
    test::authority authority_;
    std::unique_ptr<sandbox::simulated_services> world_;
    std::unique_ptr<test::process> program_;
    std::string url_;
    std::vector<sandbox::slack_message> messages_;
    std::vector<std::string> discord_messages_;
};

} // namespace hallpass::bench
