// A mail service with everything around it scripted.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_http.hpp"
#include "services/email/client.hpp"

#include <deque>
#include <vector>

namespace hallpass::test {

inline ports::mail_reply smtp_said(ports::mail_stage stage, int code, std::string text) {
    ports::mail_reply made;
    made.stage = stage;
    made.code = code;
    made.text = std::move(text);
    return made;
}

inline ports::mail_reply smtp_accepted() {
    return smtp_said(ports::mail_stage::accepted, 250, "250 2.0.0 queued");
}

// Accepts what the script says nothing of.
class scripted_mail final : public ports::mail_client {
public:
    boost::asio::awaitable<result<ports::mail_reply>>
    send(ports::mail_server_ptr server, ports::letter what, std::chrono::milliseconds) override {
        servers.push_back(std::move(server));
        letters.push_back(std::move(what));
        co_return next();
    }

    boost::asio::awaitable<result<ports::mail_reply>>
    greet(ports::mail_server_ptr server, std::chrono::milliseconds) override {
        servers.push_back(std::move(server));
        ++greeted;
        co_return next();
    }

    void close() override {}

    std::deque<result<ports::mail_reply>> script;
    std::vector<ports::letter> letters;
    std::vector<ports::mail_server_ptr> servers;
    int greeted = 0;

private:
    result<ports::mail_reply> next() {
        if (script.empty()) {
            return smtp_accepted();
        }
        result<ports::mail_reply> said = std::move(script.front());
        script.pop_front();
        return said;
    }
};

struct email_bench : service_bench {
    static services::email::email_config by_smtp() {
        services::email::email_config made;
        made.sender = {"Access Requests", "noreply@example.com"};
        services::email::smtp_config smtp;
        smtp.server.host = "smtp.example.com";
        smtp.server.username = "robot";
        smtp.server.password = secret("s3cret");
        made.smtp = std::move(smtp);
        return made;
    }

    static services::email::email_config by_mailgun() {
        services::email::email_config made;
        made.sender = {"", "noreply@example.com"};
        made.mailgun = services::email::mailgun_config{
            "mg.example.com", secret("key-1"), "https://api.mailgun.example/"};
        return made;
    }

    explicit email_bench(services::email::email_config config = by_smtp()) {
        time.time = instant{std::chrono::milliseconds(1'772'334'000'000)}; // 2026-03-01T03:00:00Z
        auto office = config.smtp ? services::email::make_smtp_office(*config.smtp, mail)
                                  : services::email::make_mailgun_office(*config.mailgun, http);
        ports::service_environment around{http, time, log};
        around.people = &people;
        email =
            std::make_unique<services::email::email_service>(std::move(config), std::move(office), around);
    }

    scripted_mail mail;
    access::people people;
    std::unique_ptr<services::email::email_service> email;
    const access::address alice{"alice@example.com"};
};

} // namespace hallpass::test
