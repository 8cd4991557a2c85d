// Who is who in the tenant, and where their conversations with the app are (api-messaging 4.3).
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "services/msteams/api.hpp"
#include "services/one_at_a_time.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::msteams {

// As the app's catalogue entry has it.
struct catalogue_app {
    std::string id; // the catalogue's, not the manifest's
    std::string name;
};

// What it is made with outlives it.
class directory {
public:
    directory(api& teams, ports::clock& time);

    // The Teams app in the organisation's catalogue, asked for once. permanent where it isn't there.
    boost::asio::awaitable<result<catalogue_app>> app();

    // The object id of the one user with that e-mail address or user principal name, or with that id. Nothing
    // where there is nobody; permanent where there are several.
    boost::asio::awaitable<result<std::optional<std::string>>> user(std::string wanted);

    // The user as Graph has them now: id, mail, userPrincipalName, accountEnabled, userType.
    boost::asio::awaitable<result<boost::json::object>>
    user_facts(std::string id, std::chrono::milliseconds deadline);

    // The conversation of the app with the user, kept for an hour. The app is installed for them where it
    // isn't yet.
    boost::asio::awaitable<result<std::string>> chat_with(std::string user_id);

    // permanent where the team hasn't the app: it can't be added from here.
    boost::asio::awaitable<result<void>> check_team(std::string group);

    // Takes the app away from the user; true where it was there.
    boost::asio::awaitable<result<bool>> uninstall(std::string user_id);

private:
    struct known_chat {
        std::string conversation;
        instant until;
    };

    boost::asio::awaitable<result<std::optional<std::string>>> installation(std::string of);
    boost::asio::awaitable<result<std::string>> installed(std::string user_id);
    boost::asio::awaitable<result<std::string>> open_chat(std::string user_id);
    boost::asio::awaitable<result<std::string>> make_conversation(std::string user_id);
    void remember(const std::string& user_id, const std::string& conversation);

    api& teams_;
    ports::clock& time_;
    std::optional<catalogue_app> app_;
    one_at_a_time asking_for_app_;
    std::map<std::string, known_chat> chats_;
    std::map<std::string, std::shared_ptr<one_at_a_time>> opening_; // by user
};

} // namespace hallpass::services::msteams
