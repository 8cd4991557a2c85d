#include "base/base64.hpp"
#include "base/text.hpp"
#include "services/email/mailgun_replies.hpp"
#include "services/email/post_office.hpp"

#include <utility>

namespace hallpass::services::email {

using boost::asio::awaitable;

namespace {

constexpr auto deadline = std::chrono::milliseconds(9500);

std::string basic(std::string_view key) {
    return "Basic " + to_base64("api:" + std::string(key));
}

std::string field(const std::string& boundary, std::string_view name, std::string_view value) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + std::string(name) +
           "\"\r\n\r\n" + std::string(value) + "\r\n";
}

class mailgun_office final : public post_office {
public:
    mailgun_office(mailgun_config config, ports::http_client& client)
        : client_(client), config_(std::move(config)) {}

    awaitable<result<std::string>> check() override {
        ports::http_request asked(ports::http_method::get, config_.api_url + "v3/domains/" + config_.domain);
        asked.repeatable = true;
        prepare(asked);
        const result<ports::http_response> answer = co_await client_.send(std::move(asked));
        if (!answer) {
            co_return answer.error();
        }
        constexpr int may_only_send = 403;
        if (answer->status == may_only_send) {
            co_return config_.domain + " at Mailgun (its key may not look at the domain)";
        }
        if (const auto refused = fault_of(*answer, "GET domains", false)) {
            co_return *refused;
        }
        co_return config_.domain + " at Mailgun";
    }

    // As a ready letter, so that it is the same one as by SMTP, with our Message-ID.
    awaitable<result<void>> send(ports::letter what) override {
        if (needs_utf8(what.to)) {
            co_return fault(
                fault_kind::permanent, "Mailgun isn't known to deliver to addresses that aren't ASCII (for " +
                                           one_line(what.to, 120) + "); name the person by another address"
            );
        }
        const std::string path = "v3/" + config_.domain + "/messages.mime";
        const std::string boundary = boundary_for(what.text);
        ports::http_request posting(ports::http_method::post, config_.api_url + path);
        posting.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
        posting.body = field(boundary, "to", what.to);
        // Tracking rewrites links and tells third parties who opened what.
        for (const std::string_view option : {"o:tracking", "o:tracking-clicks", "o:tracking-opens"}) {
            posting.body += field(boundary, option, "no");
        }
        posting.body += field(boundary, "o:require-tls", "yes");
        posting.body += "--" + boundary +
                        "\r\nContent-Disposition: form-data; name=\"message\"; filename=\"letter.eml\"\r\n"
                        "Content-Type: message/rfc822\r\n\r\n" +
                        what.text + "\r\n--" + boundary + "--\r\n";
        prepare(posting);
        const result<ports::http_response> answer = co_await client_.send(std::move(posting));
        if (!answer) {
            co_return answer.error();
        }
        if (const auto refused = fault_of(*answer, "POST messages.mime", true)) {
            co_return *refused;
        }
        co_return result<void>();
    }

private:
    // In no line of the letter: those are ASCII, and their own boundaries have another beginning.
    static std::string boundary_for(std::string_view text) {
        std::string boundary = "hallpass-form-0";
        for (unsigned i = 1; text.find(boundary) != std::string_view::npos; ++i) {
            boundary = "hallpass-form-" + std::to_string(i);
        }
        return boundary;
    }

    void prepare(ports::http_request& request) const {
        request.headers.emplace_back("Authorization", basic(config_.key.reveal()));
        request.deadline = deadline;
        request.pace_keys = {{"mailgun"}};
    }

    ports::http_client& client_;
    mailgun_config config_;
};

} // namespace

std::unique_ptr<post_office> make_mailgun_office(mailgun_config config, ports::http_client& client) {
    return std::make_unique<mailgun_office>(std::move(config), client);
}

} // namespace hallpass::services::email
