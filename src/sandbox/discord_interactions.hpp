// What people do in the simulated Discord, and what the app answers them (api-messaging 2.3), however either
// travels.
#pragma once

#include "sandbox/change_signal.hpp"
#include "sandbox/discord_types.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct discord_interaction {
    std::string id;
    std::string token; // what the app answers by
    std::string user;
    std::string channel;
    std::string message;
    bool of_form = false;
};

struct discord_modal {
    std::string id; // of the interaction that opened it
    std::string user;
    std::string channel;
    std::string message;
    boost::json::object shown; // as the app made it
    bool closed = false;
};

// A message that only one person sees.
struct discord_answer {
    std::string interaction;
    std::string user;
    std::string channel;
    std::string content; // "" while the app thinks
    boost::json::object allowed_mentions;
    bool ephemeral = false;
    bool thinking = false;
};

// Thread-safe.
class discord_interactions {
public:
    using steady_now = std::function<std::chrono::steady_clock::time_point()>;

    // `changes` outlives it.
    discord_interactions(
        change_signal& changes, std::string application, steady_now now = std::chrono::steady_clock::now
    );

    // From here on the app has 3 s. The token is made here.
    discord_interaction begin(discord_interaction what);

    // Takes the app's one answer, where it is in order: it opens a form, or says something, now or later.
    discord_outcome<void> take_response(const std::string& id, const boost::json::value& response);

    // The same, from whoever has the token.
    discord_outcome<void>
    take_callback(const std::string& id, const std::string& token, const boost::json::value& response);
    bool is_answered(const std::string& id) const;

    // Changes what was said; for 15 minutes.
    discord_outcome<discord_answer>
    edit_original(const std::string& application, const std::string& token, const boost::json::object& body);

    // What was said, for whoever has the token.
    discord_outcome<discord_answer> original(const std::string& application, const std::string& token) const;

    // What an interaction opened, or said to the person.
    std::optional<discord_modal> modal_of(const std::string& interaction) const;
    std::optional<discord_answer> answer_of(const std::string& interaction) const;
    std::vector<discord_modal> modals() const;
    std::vector<discord_answer> answers() const;
    void close_modal(const std::string& id);
    void clear();

private:
    struct kept {
        discord_interaction what;
        std::chrono::steady_clock::time_point begun;
        bool answered = false;
    };

    mutable std::mutex mutex_;
    change_signal& changes_;
    std::string application_;
    steady_now now_;
    std::map<std::string, kept> begun_;
    std::map<std::string, discord_modal> modals_; // all by their interaction
    std::map<std::string, discord_answer> answers_;
};

} // namespace hallpass::sandbox
