// Tokens for Graph and for the bot connector, by client credentials (api-messaging 4.1).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "services/msteams/config.hpp"
#include "services/one_at_a_time.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::msteams {

enum class audience { graph, bot };

std::string_view to_string(audience whom) noexcept; // "Graph", "the bot connector"

class tokens {
public:
    // What it is made with outlives it.
    tokens(ports::http_client& http, ports::clock& time, const msteams_config& config);

    // Kept until shortly before it expires; one is asked for at a time. unauthorised with the mend where the
    // registration or its secret is refused.
    boost::asio::awaitable<result<secret>> get(audience whom, std::chrono::milliseconds at_most);

    // Where this one was refused: the next call asks for another.
    void forget(audience whom, const secret& refused);

private:
    struct kept {
        explicit kept(ports::clock& time) : asking(time) {}

        secret token;
        instant renew_at{};
        one_at_a_time asking;
    };

    kept& of(audience whom) { return whom == audience::graph ? graph_ : bot_; }

    boost::asio::awaitable<result<secret>> ask(audience whom, std::chrono::milliseconds at_most);

    ports::http_client& http_;
    ports::clock& time_;
    const msteams_config& config_;
    kept graph_;
    kept bot_;
};

// The application permissions that a Graph token grants; nothing where it can't be read, which is Microsoft's
// right.
std::vector<std::string> permissions_of(const secret& graph_token);

} // namespace hallpass::services::msteams
