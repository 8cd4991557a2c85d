// A small Auth Service for tests: a real gRPC server with mutual TLS, whose behaviour a test sets while it
// runs.
#pragma once

#include "unit/teleport/pki.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::test {

struct auth_behaviour {
    std::string version = "17.2.0";
    bool has_ping = true;
    bool begins_with_init = true;
    bool silent = false;             // the watch sends nothing at all
    bool hangs_on_update = false;    // UpdatePluginData answers only once it is cancelled
    bool knows_roles = true;         // GetRole answers
    std::vector<std::string> logins; // of every role
    bool submit_for_users = true;    // the server knows of reviews for others, and hallpass may submit them
    int page_of_users = 2;           // however many are asked for
    bool hangs_on_review = false;    // SubmitAccessReview answers only once it is cancelled
    // During the listing, after it was gathered and before it is sent: what happens meanwhile.
    std::function<void()> while_listing;
};

// Thread-safe.
class auth_server {
public:
    auth_server(const pki& cluster, auth_behaviour behaviour = {});
    // The server's certificate is `own`, and it takes clients of `clients` only.
    auth_server(const pki::pair& own, const std::string& client_ca, auth_behaviour behaviour = {});
    ~auth_server();

    std::string address() const; // "127.0.0.1:port"
    void create_request(const std::string& id, const std::string& user = "alice");
    void approve(const std::string& id);
    void remove(const std::string& id);
    // A user with values of the trait "slack_uid".
    void add_user(const std::string& name, const std::vector<std::string>& values);
    // The last review or state that was asked for, as text: "r1 bob APPROVED on behalf: fine".
    std::string last_decision() const;
    // Ends every watch.
    void drop_watches();
    int calls(const std::string& method) const;
    int watches() const;
    std::string plugin_data(const std::string& id, const std::string& plugin, const std::string& key) const;

private:
    class service;
    class users_service;

    std::unique_ptr<service> service_;
    std::unique_ptr<users_service> users_;
    struct running;
    std::unique_ptr<running> running_;
};

} // namespace hallpass::test
