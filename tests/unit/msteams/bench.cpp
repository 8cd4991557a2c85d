#include "bench.hpp"

#include "base/base64.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <utility>
#include <vector>

namespace hallpass::test {

namespace json = boost::json;

namespace {

std::string number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(number);
    return to_base64url(bytes);
}

} // namespace

services::msteams::msteams_config sample_config() {
    services::msteams::msteams_config made;
    made.app_id = app_id;
    made.app_secret = secret(std::string(app_secret));
    made.tenant_id = tenant_id;
    made.teams_app_id = "3a41fe57-0000-4000-8000-000000000001";
    made.bot_tenant = "botframework.com";
    made.login_url = "https://login.example/";
    made.graph_url = "https://graph.example/v1.0/";
    made.bot_url = "https://bot.example/emea/";
    made.bot_login_url = "https://botlogin.example/v1/";
    return made;
}

bench::bench() : teams(sample_config(), environment()) {}

ports::service_environment bench::environment() {
    ports::service_environment made{http, time, log};
    made.people = &people;
    return made;
}

void bench::token(std::string_view word) {
    says("{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + std::string(word) + "\"}");
}

void bench::catalogue() {
    says(R"({"value":[{"id":"ca7a1000","displayName":"hallpass"}]})");
}

void bench::says(std::string body, int status) {
    http.script.emplace_back(answer(std::move(body), status));
}

void bench::check_secret_is_kept() const {
    const std::string encoded = "the~secret%26of%20the%20app";
    for (const std::string_view word : {app_secret, std::string_view(encoded)}) {
        CHECK(log.text.find(word) == std::string::npos);
        for (const ports::http_request& request : http.asked) {
            const bool for_token = request.url.starts_with("https://login.example/");
            CHECK(request.url.find(word) == std::string::npos);
            CHECK((for_token || request.body.find(word) == std::string::npos));
        }
    }
}

test_key::test_key(std::string id) : id_(std::move(id)), key_(EVP_RSA_gen(2048), EVP_PKEY_free) {}

std::string test_key::sign(const json::object& claims, json::object header) const {
    if (header.empty()) {
        header = {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", id_}};
    }
    const std::string text =
        to_base64url(json::serialize(header)) + '.' + to_base64url(json::serialize(claims));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(
            context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
            reinterpret_cast<const unsigned char*>(text.data()), text.size()
        ) != 1) {
        throw std::runtime_error("can't sign");
    }
    return text + '.' + to_base64url(signature.substr(0, size));
}

json::object test_key::published(const json::value& endorsements) const {
    return json::object{
        {"kty", "RSA"},
        {"use", "sig"},
        {"kid", id_},
        {"n", number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N)},
        {"e", number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E)},
        {"endorsements", endorsements}};
}

const test_key& microsofts_key() {
    static const test_key key("the-key");
    return key;
}

const test_key& strangers_key() {
    static const test_key key("the-key");
    return key;
}

} // namespace hallpass::test
