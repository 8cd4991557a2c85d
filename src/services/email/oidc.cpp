#include "services/email/oidc.hpp"

#include "base/text.hpp"
#include "services/email/base64url.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hallpass::services::email {

namespace json = boost::json;
using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

constexpr auto kept_for = 1h;
constexpr auto between_fetches = 1min; // whatever keys tokens name
constexpr auto deadline = std::chrono::milliseconds(5000);

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

std::string basic(const oidc_config& config) {
    const std::string words =
        form_escaped(config.client_id) + ':' + form_escaped(config.client_secret.reveal());
    std::string out(4 * ((words.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(words.data()),
        static_cast<int>(words.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return "Basic " + out;
}

bool names(const json::object& in, std::string_view list, std::string_view word) {
    const json::value* found = in.if_contains(list);
    return found && found->is_array() &&
           std::any_of(found->get_array().begin(), found->get_array().end(), [word](const json::value& one) {
               return one.is_string() && one.get_string() == word;
           });
}

fault misconfigured(const std::string& what) {
    return fault(fault_kind::permanent, "OpenID provider: " + what);
}

} // namespace

oidc_provider::oidc_provider(oidc_config config, ports::http_client& http, ports::clock& time)
    : config_(std::move(config)), http_(http), time_(time) {}

awaitable<result<json::object>> oidc_provider::ask(ports::http_request request) {
    request.deadline = deadline;
    const std::string url = request.url;
    const result<ports::http_response> answer = co_await http_.send(std::move(request));
    if (!answer) {
        co_return answer.error();
    }
    auto body = parse_foreign(answer->body);
    const bool is_object = body && body->is_object();
    if (answer->status != 200 || !is_object) {
        const std::string_view code = is_object ? text_of(body->get_object(), "error") : std::string_view();
        co_return fault(
            fault_kind::transient, "OpenID provider " + one_line(url, 200) + ": HTTP " +
                                       std::to_string(answer->status) + ' ' + one_line(code, 60)
        );
    }
    co_return std::move(body->get_object());
}

awaitable<result<void>> oidc_provider::discover() {
    if (!at_.token.empty() && time_.now() < discovered_ + kept_for) {
        co_return result<void>();
    }
    std::string base = config_.issuer;
    if (base.ends_with('/')) {
        base.pop_back();
    }
    ports::http_request asked(ports::http_method::get, base + "/.well-known/openid-configuration");
    asked.repeatable = true;
    const result<json::object> told = co_await ask(std::move(asked));
    if (!told) {
        co_return told.error();
    }
    if (text_of(*told, "issuer") != config_.issuer) {
        co_return misconfigured(
            "it calls itself " + one_line(text_of(*told, "issuer"), 200) + "; write that as email.oidc.issuer"
        );
    }
    endpoints found;
    found.authorization = text_of(*told, "authorization_endpoint");
    found.token = text_of(*told, "token_endpoint");
    found.keys = text_of(*told, "jwks_uri");
    constexpr std::string_view methods = "token_endpoint_auth_methods_supported";
    found.secret_in_body = told->contains(methods) && !names(*told, methods, "client_secret_basic");
    for (const std::string* one : {&found.authorization, &found.token, &found.keys}) {
        if (!one->starts_with("https://")) {
            co_return misconfigured("an endpoint is missing, or not https");
        }
    }
    at_ = std::move(found);
    discovered_ = time_.now();
    co_return result<void>();
}

awaitable<result<std::string>> oidc_provider::begin(login with) {
    const result<void> known = co_await discover();
    if (!known) {
        co_return known.error();
    }
    std::string url = at_.authorization;
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += "response_type=code&scope=openid%20email&client_id=" + form_escaped(config_.client_id) +
           "&redirect_uri=" + form_escaped(with.redirect_uri) + "&state=" + form_escaped(with.state) +
           "&nonce=" + form_escaped(with.nonce) + "&code_challenge=" + to_base64url(sha256(with.verifier)) +
           "&code_challenge_method=S256";
    co_return url;
}

awaitable<result<std::string>> oidc_provider::exchange(login with, std::string code) {
    ports::http_request asked(ports::http_method::post, at_.token);
    asked.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    asked.headers.emplace_back("Accept", "application/json");
    asked.body = "grant_type=authorization_code&code=" + form_escaped(code) +
                 "&redirect_uri=" + form_escaped(with.redirect_uri) +
                 "&code_verifier=" + form_escaped(with.verifier);
    if (at_.secret_in_body) {
        asked.body += "&client_id=" + form_escaped(config_.client_id) +
                      "&client_secret=" + form_escaped(config_.client_secret.reveal());
    } else {
        asked.headers.emplace_back("Authorization", basic(config_));
    }
    const result<json::object> told = co_await ask(std::move(asked));
    if (!told) {
        co_return told.error();
    }
    co_return std::string(text_of(*told, "id_token"));
}

awaitable<result<void>> oidc_provider::fetch_keys() {
    ports::http_request asked(ports::http_method::get, at_.keys);
    asked.repeatable = true;
    result<json::object> told = co_await ask(std::move(asked));
    if (!told) {
        co_return told.error();
    }
    keys_ = std::move(*told);
    keys_fetched_ = time_.now();
    co_return result<void>();
}

awaitable<result<proved_person>> oidc_provider::finish(login with, std::string code) {
    const result<void> known = co_await discover();
    if (!known) {
        co_return known.error();
    }
    expected_token expected{config_.issuer, config_.client_id, with.nonce, time_.now()};
    const result<std::string> token = co_await exchange(std::move(with), std::move(code));
    if (!token) {
        co_return token.error();
    }
    if (keys_.empty() || time_.now() >= keys_fetched_ + kept_for) {
        const result<void> fetched = co_await fetch_keys();
        if (!fetched) {
            co_return fetched.error();
        }
    }
    result<proved_person> who = verify_id_token(*token, keys_, expected);
    const bool unknown_key = !who && who.error().kind() == fault_kind::not_found;
    if (unknown_key && time_.now() >= keys_fetched_ + between_fetches) {
        const result<void> fetched = co_await fetch_keys();
        if (!fetched) {
            co_return fetched.error();
        }
        who = verify_id_token(*token, keys_, expected);
    }
    co_return who;
}

} // namespace hallpass::services::email
