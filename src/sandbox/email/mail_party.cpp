#include "sandbox/email/mail_party.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"
#include "net/tls_stream.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/cluster_pki.hpp"
#include "sandbox/email/browser.hpp"
#include "sandbox/email/mail_state.hpp"
#include "sandbox/email/mailgun_api.hpp"
#include "sandbox/email/oidc_provider.hpp"
#include "sandbox/email/smtp_server.hpp"

#include <boost/json/array.hpp>

#include <map>
#include <stdexcept>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

net::tls_context make_tls(cluster_pki& pki) {
    auto certificate = pki.loopback_certificate();
    if (!certificate) {
        throw std::runtime_error(certificate.error().text());
    }
    auto made = net::make_server_tls_context(certificate->certificate_pem, certificate->private_key_pem);
    if (!made) {
        throw std::runtime_error(made.error().text());
    }
    return *made;
}

std::unique_ptr<smtp_server>
listen(const third_party_environment& around, mail_state& mail, bool from_start) {
    auto made = smtp_server::listen(around.executor, mail, make_tls(*around.pki), from_start);
    if (!made) {
        throw std::runtime_error(made.error().text());
    }
    return std::move(*made);
}

bool flag_of(const json::object& body, std::string_view key, bool otherwise) {
    const json::value* found = body.if_contains(key);
    return found && found->is_bool() ? found->get_bool() : otherwise;
}

class mail_party final : public third_party {
public:
    explicit mail_party(const third_party_environment& around)
        : directory_(around.directory),
          mail_(around.changes),
          browsers_(around.executor, around.out),
          by_starttls_(listen(around, mail_, false)),
          from_start_(listen(around, mail_, true)) {}

    void listening_at(const std::string& url) override {
        mailgun_url_ = url;
        provider_.set_issuer(url + "oidc");
    }

    boost::asio::awaitable<net::server_response> answer(net::server_request request) override {
        if (request.path.starts_with("/oidc/")) {
            co_return provider_.answer(request);
        }
        co_return answer_mailgun(mail_, request);
    }

    std::string method_of(const net::server_request& request) const override {
        const std::size_t slash = request.path.rfind('/');
        return request.method == "GET"
                   ? "GET domains"
                   : "POST " + request.path.substr(slash == std::string::npos ? 0 : slash + 1);
    }

    json::object ready() const override {
        return {
            {"host", "127.0.0.1"},
            {"port", by_starttls_->port()},
            {"tls_port", from_start_->port()},
            {"username", mail_state::username},
            {"password", mail_state::password},
            {"mailgun", mailgun_url_},
            {"mailgun_domain", mail_state::mailgun_domain},
            {"mailgun_key", mail_state::mailgun_key},
            {"issuer", provider_.issuer()},
            {"client_id", oidc_provider::client_id},
            {"client_secret", oidc_provider::client_secret}};
    }

    boost::asio::awaitable<outcome<json::value>> command(control_command asked) override {
        if (asked.method == "POST" && asked.path.size() == 1 && asked.path[0] == "decide") {
            outcome<json::value> decided = co_await decide(std::move(asked.body));
            co_return decided;
        }
        co_return carry_out(asked);
    }

    json::object view() const override { return view_mail(mail_); }

    void reset() override { mail_.reset(); }

    boost::asio::awaitable<void> close() override {
        co_await browsers_.close();
        co_await by_starttls_->close();
        co_await from_start_->close();
    }

private:
    outcome<json::value> carry_out(const control_command& asked) {
        const std::string what = asked.path.size() == 1 ? asked.path[0] : "";
        if (asked.method == "GET" && what == "letters") {
            return letters();
        }
        if (asked.method == "POST" && asked.path == std::vector<std::string>{"rules", "clear"}) {
            mail_.forget_rules();
            return json::value(json::object{{"ok", true}});
        }
        if (asked.method == "POST" && what == "rules") {
            mail_.add(read_rule(asked.body));
            return json::value(json::object{{"ok", true}});
        }
        if (asked.method == "POST" && what == "settings") {
            mail_.offers_starttls = flag_of(asked.body, "starttls", mail_.offers_starttls);
            mail_.offers_utf8 = flag_of(asked.body, "smtputf8", mail_.offers_utf8);
            mail_.wants_login = flag_of(asked.body, "login", mail_.wants_login);
            return json::value(json::object{{"ok", true}});
        }
        return refusal{refusal_code::not_found, "mail has POST rules, POST settings and GET letters"};
    }

    // The link of the newest letter to that address that leads to a decision; "" where there is none.
    std::string link_to_decide(const std::string& to) const {
        std::string found;
        for (const kept_letter& one : mail_.letters()) {
            constexpr std::string_view before = "Approve or deny:\r\n";
            const std::size_t at = one.to == to ? one.read.text.find(before) : std::string::npos;
            if (at != std::string::npos) {
                const std::size_t begin = at + before.size();
                found = one.read.text.substr(begin, one.read.text.find("\r\n", begin) - begin);
            }
        }
        return found;
    }

    boost::asio::awaitable<outcome<json::value>> decide(json::object body) {
        std::string link = text_of(body, "link");
        if (link.empty()) {
            link = link_to_decide(text_of(body, "to"));
        }
        if (link.empty()) {
            co_return refusal{refusal_code::not_found, "there is no letter that leads to a decision"};
        }
        if (!std::exchange(trusts_own_, true)) {
            auto authority = read_small_file(directory_ + "/ca.pem", 64 * 1024);
            browsers_.trust(authority ? *authority : "");
        }
        std::map<std::string, std::string> values;
        for (const char* name : {"verdict", "reason", "confirm"}) {
            const std::string value = text_of(body, name);
            if (!value.empty()) {
                values[name] = value;
            }
        }
        browser own(browsers_);
        json::object told = co_await own.follow(std::move(link), text_of(body, "user"), std::move(values));
        co_return json::value(std::move(told));
    }

    static mail_rule read_rule(const json::object& body) {
        mail_rule rule;
        rule.stage = text_of(body, "stage");
        rule.to = text_of(body, "to");
        rule.reply = text_of(body, "reply");
        rule.n = static_cast<unsigned>(number_of(body, "n", 1));
        rule.percent = number_of(body, "percent", 0);
        rule.keep = flag_of(body, "keep", false);
        return rule;
    }

    json::value letters() const {
        json::array all;
        for (const kept_letter& one : mail_.letters()) {
            all.push_back(json::object{
                {"from", one.from},
                {"to", one.to},
                {"by", one.by},
                {"raw", one.raw},
                {"id", one.read.header("Message-ID")},
                {"in_reply_to", one.read.header("In-Reply-To")},
                {"subject", one.read.header("Subject")},
                {"text", one.read.text},
                {"html", one.read.html}});
        }
        return all;
    }

    std::string directory_;
    mail_state mail_;
    oidc_provider provider_;
    callback_poster browsers_;
    bool trusts_own_ = false;
    std::unique_ptr<smtp_server> by_starttls_;
    std::unique_ptr<smtp_server> from_start_;
    std::string mailgun_url_;
};

std::unique_ptr<third_party> make_mail_party(third_party_environment environment) {
    return std::make_unique<mail_party>(environment);
}

} // namespace

constinit const third_party_kind email_kind{"email", make_mail_party};

} // namespace hallpass::sandbox
