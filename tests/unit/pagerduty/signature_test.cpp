#include "services/pagerduty/signature.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hallpass;
using services::pagerduty::refuse;

namespace {

// openssl dgst -sha256 -hmac pd-secret
const std::string body = R"({"event":{}})";
const std::string good = "v1=77fb999cdab1e010c5ae57458638a56696f56610cdadede6c7ceb94c77843e0b";

ports::callback_request with(std::string header, std::string content = body) {
    ports::callback_request made;
    made.headers.emplace_back("x-PAGERDUTY-signature", std::move(header));
    made.body = std::move(content);
    return made;
}

bool accepts(const ports::callback_request& request, std::string key = "pd-secret") {
    return !refuse(request, secret(std::move(key)));
}

} // namespace

TEST_CASE("a signature that OpenSSL made is good, alone or beside others") {
    CHECK(accepts(with(good)));
    CHECK(accepts(with("v1=" + std::string(64, '0') + "," + good)));
    CHECK(accepts(with(good + ", v2=abc")));
}

TEST_CASE("a signature that is wrong in any way is refused") {
    std::string wrong = good;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    std::string upper = good;
    upper[5] = 'F';
    for (const std::string& header :
         {std::string(), std::string("v1="), wrong, upper, good.substr(3), "v2=" + good.substr(3),
          good.substr(0, 40), good + "0", std::string(2000, ',') + good, std::string("v1=,v1=,")}) {
        CAPTURE(header);
        CHECK_FALSE(accepts(with(header)));
    }
    CHECK_FALSE(accepts(with(good, body + " ")));
    CHECK_FALSE(accepts(with(good), "another"));
}

TEST_CASE("without a header, with two of them, or without a secret nothing is good") {
    ports::callback_request none;
    none.body = body;
    CHECK_FALSE(accepts(none));
    ports::callback_request twice = with(good);
    twice.headers.emplace_back("X-PagerDuty-Signature", good);
    CHECK_FALSE(accepts(twice));
    // openssl dgst -sha256 -hmac ""
    CHECK_FALSE(accepts(with("v1=0a0ad7a4c51a0e36b4b4f1a2a6ce15b6dcf2bc9ba3b7b8ce0f0d25f2a7d9f2fa"), ""));
}
