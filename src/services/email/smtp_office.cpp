#include "base/small_file.hpp"
#include "base/text.hpp"
#include "services/email/post_office.hpp"
#include "services/email/smtp_replies.hpp"

#include <utility>

namespace hallpass::services::email {

using boost::asio::awaitable;

namespace {

constexpr auto deadline = std::chrono::milliseconds(9500); // below what the workflow takes for lost

class smtp_office final : public post_office {
public:
    smtp_office(smtp_config config, ports::mail_client& client)
        : client_(client),
          password_file_(std::move(config.password_file)),
          server_(std::make_shared<const ports::mail_server>(std::move(config.server))) {}

    awaitable<result<std::string>> check() override {
        if (const auto unread = read_password_again()) {
            co_return *unread;
        }
        const result<ports::mail_reply> reply = co_await client_.greet(server_, deadline);
        if (!reply) {
            co_return reply.error();
        }
        if (const auto refused = fault_of(*reply, name(), "")) {
            co_return *refused;
        }
        const bool anonymous = server_->login == ports::mail_login::none;
        co_return (anonymous ? std::string("without a login") : server_->username) + " at " + name();
    }

    awaitable<result<void>> send(ports::letter what) override {
        if (const auto unread = read_password_again()) {
            co_return *unread;
        }
        const std::string to = what.to;
        const result<ports::mail_reply> reply = co_await client_.send(server_, std::move(what), deadline);
        if (!reply) {
            co_return reply.error();
        }
        if (const auto refused = fault_of(*reply, name(), to)) {
            co_return *refused;
        }
        co_return result<void>();
    }

private:
    std::string name() const { return server_->host + ':' + std::to_string(server_->port); }

    // A fault where it can't be read now. Another server object is another login.
    std::optional<fault> read_password_again() {
        if (password_file_.empty() || server_->login == ports::mail_login::none) {
            return std::nullopt;
        }
        auto content = read_small_file(password_file_, password_bytes);
        if (!content) {
            return fault(fault_kind::unauthorised, "smtp.password_file: " + content.error().text());
        }
        const secret whole(std::move(*content));
        const std::string_view now = trimmed(whole.reveal());
        if (now.empty()) {
            return fault(
                fault_kind::unauthorised, "smtp.password_file: the file is empty; put the secret into it"
            );
        }
        if (now != server_->password.reveal()) {
            ports::mail_server renewed = *server_;
            renewed.password = secret(std::string(now));
            server_ = std::make_shared<const ports::mail_server>(std::move(renewed));
        }
        return std::nullopt;
    }

    ports::mail_client& client_;
    std::string password_file_;
    ports::mail_server_ptr server_;
};

} // namespace

std::unique_ptr<post_office> make_smtp_office(smtp_config config, ports::mail_client& client) {
    return std::make_unique<smtp_office>(std::move(config), client);
}

} // namespace hallpass::services::email
