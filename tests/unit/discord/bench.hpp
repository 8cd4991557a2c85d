// A Discord service with everything around it scripted.
#pragma once

#include "../services/scripted_http.hpp"
#include "services/discord/client.hpp"

namespace hallpass::test {

inline constexpr const char* channel_id = "200000000000000001";
inline constexpr const char* alice_id = "300000000000000001";
inline constexpr const char* direct_id = "400000000000000001";
inline constexpr const char* bot_id = "100000000000000001";

struct bench : service_bench {
    static constexpr std::string_view token = "the.secret-token";

    explicit bench(std::chrono::nanoseconds least_interval = {})
        : discord(
              services::discord::discord_config{
                  secret(std::string(token)), "https://discord.example/api/v10/", least_interval},
              environment()
          ) {}

    ports::service_environment environment() {
        ports::service_environment made{http, time, log};
        made.people = &people;
        return made;
    }

    access::people people{{alice_id, "alice@example.com"}, {"300000000000000002", "bob"}};

    services::discord::discord_service discord;

    void check_token_is_kept() const { service_bench::check_token_is_kept(token, "Bot "); }
};

} // namespace hallpass::test
