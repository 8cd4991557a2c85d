#include "services/email/oidc.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "services/email/form_fields.hpp"
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
    return "Basic " + to_base64(words);
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

fault refusal(std::string_view url, const ports::http_response& answer, std::string_view code) {
    return fault(
        fault_kind::transient, "OpenID provider " + one_line(url, 200) + ": HTTP " +
                                   std::to_string(answer.status) + ' ' + one_line(code, 60)
    );
}

} // namespace

oidc_provider::oidc_provider(oidc_config config, ports::http_client& http, ports::clock& time)
    : config_(std::move(config)),
      http_(http),
      time_(time),
      keys_(
          time, [this](std::chrono::milliseconds at_most) { return get_keys(at_most); }, {kept_for, kept_for}
      ) {}

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
        co_return refusal(url, *answer, code);
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

awaitable<result<std::string>> oidc_provider::get_keys(std::chrono::milliseconds at_most) {
    ports::http_request asked(ports::http_method::get, at_.keys);
    asked.repeatable = true;
    asked.deadline = at_most;
    const result<ports::http_response> answer = co_await http_.send(std::move(asked));
    if (!answer) {
        co_return answer.error();
    }
    if (answer->status != 200) {
        co_return refusal(at_.keys, *answer, "");
    }
    co_return answer->body;
}

awaitable<result<proved_person>> oidc_provider::finish(login with, std::string code) {
    const result<void> known = co_await discover();
    if (!known) {
        co_return known.error();
    }
    expected_token expected{config_.issuer, config_.client_id, with.nonce, time_.now()};
    const result<std::string> text = co_await exchange(std::move(with), std::move(code));
    if (!text) {
        co_return text.error();
    }
    const result<signed_token> token = read_id_token(*text);
    if (!token) {
        co_return token.error();
    }
    const auto key = co_await keys_.find(token->key_id, token->algorithm, deadline);
    if (!key) {
        co_return key.error().in("OpenID provider's keys");
    }
    co_return verify_id_token(*token, key->get(), expected);
}

} // namespace hallpass::services::email
