// Trigger ids: what lets an integration open a dialog for who clicked, for as long as the server waits for
// integrations (api-messaging 3.4).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::sandbox::mattermost {

struct trigger {
    std::string client; // which dialog of a client it is for
    std::string user;
};

class triggers {
public:
    triggers();

    // base64 of "client id:user id:milliseconds:signature"; the real one's signature is ECDSA.
    std::string issue(const std::string& user, std::chrono::milliseconds age = {}) const;
    // Nothing where it isn't one of ours, or too old.
    std::optional<trigger> verify(std::string_view id, std::chrono::milliseconds lasts) const;

private:
    std::string key_;
};

} // namespace hallpass::sandbox::mattermost
