#include "app/http_check.hpp"

#include "base/small_file.hpp"
#include "base/time.hpp"
#include "net/certificate_check.hpp"
#include "net/listen_address.hpp"
#include "net/unix_call.hpp"
#include "net/url.hpp"
#include "ops/instance_slot.hpp"

#include <optional>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_pem_bytes = std::size_t{256} * 1024;
constexpr const char* of_certificate = "http.https_cert_file";
constexpr const char* of_key = "http.https_key_file";

std::string host_of(const std::string& public_addr) {
    const auto read = net::parse_url(public_addr);
    return read ? read->host : "";
}

class certificate_check {
public:
    explicit certificate_check(const config::http_section& settings) : settings_(settings) {}

    std::vector<checked_line> run(instant now) {
        auto chain = read_small_file(settings_.https_cert_file, most_pem_bytes);
        auto key = read_small_file(settings_.https_key_file, most_pem_bytes);
        if (!chain) {
            add(checked::failed, of_certificate, chain.error().text());
        }
        if (!key) {
            add(checked::failed, of_key, key.error().text());
        }
        if (chain && key) {
            inspect({std::move(*chain), secret(std::move(*key))}, now);
        }
        return std::move(lines_);
    }

private:
    void inspect(const net::server_identity& identity, instant now) {
        const std::string host = host_of(settings_.public_addr);
        const net::certificate_state state = net::inspect(identity, host, now);
        for (const net::certificate_problem one : state.problems) {
            tell(one, state, host);
        }
        if (lines_.empty()) {
            add(checked::well, of_certificate,
                settings_.https_cert_file + (host.empty() ? "" : " is for " + host) + ", until " +
                    to_rfc3339(state.valid_until));
        }
    }

    void tell(net::certificate_problem one, const net::certificate_state& state, const std::string& host) {
        const std::string& certificate = settings_.https_cert_file;
        const std::string& key = settings_.https_key_file;
        switch (one) {
        case net::certificate_problem::no_certificate:
            add(checked::failed, of_certificate,
                certificate + " holds no certificate; put the chain there as PEM, the server's own first");
            break;
        case net::certificate_problem::no_key:
            add(checked::failed, of_key,
                key + " holds no private key that can be read; put it there as PEM, without a passphrase");
            break;
        case net::certificate_problem::not_together:
            add(checked::failed, of_key,
                key + " isn't the key of " + certificate + "; name the two that were made together");
            break;
        case net::certificate_problem::not_yet_valid:
            add(checked::failed, of_certificate,
                certificate + " is valid only from " + to_rfc3339(state.valid_from) +
                    "; correct this machine's clock, or get another certificate");
            break;
        case net::certificate_problem::ended:
            add(checked::failed, of_certificate,
                certificate + " has expired on " + to_rfc3339(state.valid_until) + "; renew it");
            break;
        case net::certificate_problem::ends_soon:
            add(checked::soon, of_certificate,
                certificate + " expires on " + to_rfc3339(state.valid_until) + "; renew it before");
            break;
        case net::certificate_problem::other_host:
            add(checked::failed, of_certificate,
                certificate + " isn't for " + host +
                    "; get a certificate for that name, or correct http.public_addr");
            break;
        }
    }

    void add(checked how, std::string what, std::string text) {
        lines_.push_back({how, std::move(what), std::move(text)});
    }

    config::http_section settings_;
    std::vector<checked_line> lines_;
};

// Nothing: nobody can tell.
asio::awaitable<std::optional<bool>> is_running(process& owner, std::string state_dir) {
    const auto sockets = ops::instance_sockets(state_dir);
    if (!sockets) {
        const bool is_absent = sockets.error().kind() == fault_kind::not_found;
        co_return is_absent ? std::optional(false) : std::nullopt;
    }
    for (const std::string& one : *sockets) {
        net::unix_get call;
        call.socket = one;
        call.target = "/status";
        const result<ports::http_response> answer =
            co_await net::get_over_unix(owner.context.get_executor(), std::move(call));
        // A socket that a killed process left is not_found.
        if (answer || answer.error().kind() != fault_kind::not_found) {
            co_return true;
        }
    }
    co_return false;
}

} // namespace

asio::awaitable<std::vector<checked_line>>
check_http(process& owner, config::http_section settings, std::string state_dir) {
    std::vector<checked_line> lines;
    if (settings.has_certificate()) {
        certificate_check certificate(settings);
        lines = certificate.run(owner.clock.now());
    }
    checked_line listening;
    listening.what = "http.listen_addr";
    const std::optional<bool> running = co_await is_running(owner, std::move(state_dir));
    if (running == true) {
        listening.text = settings.listen_addr + " wasn't tried, because a hallpass runs here";
    } else if (const auto tried = net::listen_on(owner.context.get_executor(), settings.listen_addr); tried) {
        listening.text = settings.listen_addr + " is free";
    } else {
        listening.how = running ? checked::failed : checked::soon;
        listening.text = tried.error().text() + "; end what listens there, or choose another address" +
                         (running ? "" : " (unless it is hallpass, whose state_dir we may not read)");
    }
    lines.push_back(std::move(listening));
    co_return lines;
}

} // namespace hallpass::app
