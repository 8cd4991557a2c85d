#include "sandbox/email/oidc_provider.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <map>
#include <stdexcept>
#include <utility>

namespace hallpass::sandbox {

namespace json = boost::json;

namespace {

constexpr const char* json_type = "application/json";
constexpr const char* key_id = "sandbox-1";
// base64 of "hallpass:oidc-sandbox-secret".
constexpr std::string_view credentials = "Basic aGFsbHBhc3M6b2lkYy1zYW5kYm94LXNlY3JldA==";

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

std::string number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    std::string out(32, '\0');
    if (EVP_PKEY_get_bn_param(key, name, &number) == 1) {
        BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), 32);
    }
    BN_free(number);
    return out;
}

// r and s one behind the other (RFC 7518, 3.4).
std::string sign(EVP_PKEY* key, const std::string& text) {
    std::array<unsigned char, 256> der{};
    std::size_t size = der.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool made =
        EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestSign(
            context, der.data(), &size, reinterpret_cast<const unsigned char*>(text.data()), text.size()
        ) == 1;
    EVP_MD_CTX_free(context);
    const unsigned char* at = der.data();
    ECDSA_SIG* parts = made ? d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)) : nullptr;
    if (parts == nullptr) {
        throw std::runtime_error("OpenSSL makes no signature");
    }
    std::string out(64, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parts), to, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts), to + 32, 32);
    ECDSA_SIG_free(parts);
    return out;
}

std::int64_t now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

net::server_response say(int status, const json::object& body) {
    return net::server_response(status, json::serialize(body), json_type);
}

net::server_response refuse(std::string_view error) {
    return say(400, json::object{{"error", error}});
}

int hex_digit(char c) noexcept {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                            hex_digit(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace

std::string form_field(std::string_view form, std::string_view name) {
    for (const std::string& pair : split(form, '&')) {
        const std::size_t sign_at = pair.find('=');
        if (sign_at != std::string::npos && pair.substr(0, sign_at) == name) {
            return unescaped(std::string_view(pair).substr(sign_at + 1));
        }
    }
    return "";
}

std::string form_escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-_.~").find(c) != std::string_view::npos;
        const auto byte = static_cast<unsigned char>(c);
        out += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4U], digits[byte & 0xFU]};
    }
    return out;
}

struct oidc_provider::inside {
    struct pending {
        std::string redirect_uri;
        std::string nonce;
        std::string challenge;
        std::string user;
    };

    net::server_response authorize(const net::server_request& request) {
        const std::string redirect_uri = form_field(request.query, "redirect_uri");
        const std::string user = form_field(request.query, "sandbox_user");
        pending asked{
            redirect_uri, form_field(request.query, "nonce"), form_field(request.query, "code_challenge"),
            user};
        const bool sound = form_field(request.query, "client_id") == client_id &&
                           form_field(request.query, "response_type") == "code" &&
                           form_field(request.query, "code_challenge_method") == "S256" &&
                           !asked.challenge.empty() && !asked.nonce.empty() && !redirect_uri.empty();
        if (!sound || user.empty()) {
            return refuse(sound ? "login_required" : "invalid_request");
        }
        const std::string code = random_uuid();
        codes[code] = std::move(asked);
        net::server_response made(302);
        made.headers.emplace_back(
            "Location",
            redirect_uri + "?code=" + code + "&state=" + form_escaped(form_field(request.query, "state"))
        );
        return made;
    }

    net::server_response exchange(const net::server_request& request) {
        if (request.header("Authorization") != credentials) {
            return say(401, json::object{{"error", "invalid_client"}});
        }
        const auto found = codes.find(form_field(request.body, "code"));
        if (found == codes.end()) {
            return refuse("invalid_grant");
        }
        const pending asked = std::move(found->second);
        codes.erase(found);
        const bool sound = form_field(request.body, "grant_type") == "authorization_code" &&
                           form_field(request.body, "redirect_uri") == asked.redirect_uri &&
                           to_base64url(sha256(form_field(request.body, "code_verifier"))) == asked.challenge;
        if (!sound) {
            return refuse("invalid_grant");
        }
        const json::object claims{
            {"iss", issuer},       {"aud", client_id},      {"sub", "sandbox:" + asked.user},
            {"iat", now()},        {"exp", now() + 300},    {"nonce", asked.nonce},
            {"email", asked.user}, {"email_verified", true}};
        const json::object header{{"alg", "ES256"}, {"kid", key_id}};
        const std::string text =
            to_base64url(json::serialize(header)) + '.' + to_base64url(json::serialize(claims));
        return say(
            200,
            json::object{
                {"access_token", random_uuid()},
                {"token_type", "Bearer"},
                {"id_token", text + '.' + to_base64url(sign(key, text))}}
        );
    }

    net::server_response keys() const {
        const json::object one{
            {"kty", "EC"},
            {"crv", "P-256"},
            {"use", "sig"},
            {"alg", "ES256"},
            {"kid", key_id},
            {"x", to_base64url(number_of(key, OSSL_PKEY_PARAM_EC_PUB_X))},
            {"y", to_base64url(number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y))}};
        return say(200, json::object{{"keys", json::array{one}}});
    }

    net::server_response configuration() const {
        return say(
            200,
            json::object{
                {"issuer", issuer},
                {"authorization_endpoint", issuer + "/authorize"},
                {"token_endpoint", issuer + "/token"},
                {"jwks_uri", issuer + "/keys"},
                {"token_endpoint_auth_methods_supported", json::array{"client_secret_basic"}}}
        );
    }

    EVP_PKEY* key = nullptr;
    std::string issuer;
    std::map<std::string, pending> codes;
};

oidc_provider::oidc_provider() : inside_(std::make_unique<inside>()) {
    inside_->key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    if (inside_->key == nullptr) {
        throw std::runtime_error("OpenSSL makes no key");
    }
}

oidc_provider::~oidc_provider() {
    EVP_PKEY_free(inside_->key);
}

void oidc_provider::set_issuer(std::string issuer) {
    inside_->issuer = std::move(issuer);
}

const std::string& oidc_provider::issuer() const noexcept {
    return inside_->issuer;
}

net::server_response oidc_provider::answer(const net::server_request& request) {
    if (request.path == "/oidc/.well-known/openid-configuration") {
        return inside_->configuration();
    }
    if (request.path == "/oidc/keys") {
        return inside_->keys();
    }
    if (request.path == "/oidc/authorize" && request.method == "GET") {
        return inside_->authorize(request);
    }
    if (request.path == "/oidc/token" && request.method == "POST") {
        return inside_->exchange(request);
    }
    return refuse("not_found");
}

} // namespace hallpass::sandbox
