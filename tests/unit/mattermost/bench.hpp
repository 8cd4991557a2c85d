// A Mattermost service with everything around it scripted.
#pragma once

#include "../services/scripted_http.hpp"
#include "services/mattermost/client.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::test {

inline constexpr const char* bot_id = "botbotbotbotbotbotbotbot01";
inline constexpr const char* alice_id = "alicealicealicealiceali001";
inline constexpr const char* bob_id = "bobbobbobbobbobbobbobbob01";
inline constexpr const char* channel_id = "channelchannelchannelcha01";
inline constexpr const char* direct_id = "directdirectdirectdirect01";
inline constexpr const char* post_id = "postpostpostpostpostpost01";

struct bench : service_bench {
    static constexpr std::string_view token = "the-secret-token";

    explicit bench(std::optional<std::vector<std::string>> recipients = std::nullopt)
        : mattermost(config(std::move(recipients)), environment()) {}

    static services::mattermost::mattermost_config config(std::optional<std::vector<std::string>> recipients
    ) {
        services::mattermost::mattermost_config made{"https://mm.example/", secret(std::string(token))};
        made.recipients = std::move(recipients);
        return made;
    }

    ports::service_environment environment() {
        ports::service_environment made{http, time, log};
        made.people = &people;
        return made;
    }

    void answer_with(std::string body, int status = 200) {
        http.script.emplace_back(answer(std::move(body), status));
    }

    access::people people{{alice_id, "alice@example.com"}};

    services::mattermost::mattermost_service mattermost;

    void check_token_is_kept() const { service_bench::check_token_is_kept(token, "Bearer "); }
};

} // namespace hallpass::test
