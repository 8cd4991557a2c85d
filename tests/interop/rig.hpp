// The real hallpass between the Auth Service in Go and the simulated Slack.
#pragma once

#include "oracle.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::interop {

inline constexpr const char* channel = "access-requests";

// Everything started, and hallpass watching.
class rig {
public:
    rig();

    interop::oracle oracle;
    test::running_sandbox slack;

    test::running_hallpass& hallpass() noexcept { return *hallpass_; }

    std::vector<test::slack_post> posts(std::string_view request_id) const {
        return slack.posts(channel, request_id);
    }

    // Waits until the request has exactly one message and it satisfies the condition, and gives it. Throws,
    // with what is there and with hallpass's log, where that takes too long.
    test::slack_post post_that(
        std::string_view what,
        const std::string& request_id,
        const std::function<bool(const test::slack_post&)>& condition
    ) const;
    test::slack_post post_with(const std::string& request_id, std::string_view text) const;

private:
    test::temp_dir folder_;
    std::optional<test::running_hallpass> hallpass_;
};

} // namespace hallpass::interop
