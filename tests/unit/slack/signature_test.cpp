#include "base/text.hpp"
#include "services/slack/signature.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace hallpass;
using services::slack::signature_check;

namespace {

constexpr std::int64_t signed_at = 1531420618;
const std::string key = "8f742231b10e8888abcd99yyyzzz85a5";
const std::string signature = "v0=4ac7a9660a84a7c0a8e890c919b12194f1f98ba378f6b76cb3be639dfd4ee7b9";

instant at(std::int64_t seconds) {
    return instant(std::chrono::seconds(seconds));
}

ports::callback_request request_with(std::string timestamp, std::string proof, std::string body = "a=b") {
    ports::callback_request made;
    made.headers.emplace_back("x-SLACK-request-timestamp", std::move(timestamp));
    made.headers.emplace_back("X-Slack-Signature", std::move(proof));
    made.body = std::move(body);
    return made;
}

ports::callback_request good() {
    return request_with(std::to_string(signed_at), signature);
}

bool accepts(const ports::callback_request& request, std::int64_t now = signed_at) {
    signature_check check{secret(key), at(signed_at - 1000)};
    return !check.refuse(request, at(now));
}

} // namespace

TEST_CASE("Slack's documented signature is good") {
    CHECK(accepts(request_with(
        "1531420618", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%"
        "2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )));
    CHECK(accepts(good()));
}

TEST_CASE("a signature that is wrong in any way is refused") {
    std::string wrong = signature;
    wrong.back() = '0';
    std::string upper = signature;
    upper[4] = 'A';
    for (const std::string& bad :
         {std::string(), std::string("v0="), signature.substr(3), signature.substr(0, signature.size() - 1),
          signature + "0", signature + "\n", " " + signature, "v1=" + signature.substr(3), upper, wrong,
          "v0=" + std::string(64, '0')}) {
        CAPTURE(bad);
        CHECK_FALSE(accepts(request_with("1531420618", bad)));
    }
    ports::callback_request bare;
    bare.body = "a=b";
    CHECK_FALSE(accepts(bare));
    signature_check other{secret("another"), at(0)};
    CHECK(other.refuse(good(), at(signed_at)));
    signature_check keyless{secret(""), at(0)};
    CHECK(keyless.refuse(good(), at(signed_at)));
}

TEST_CASE("a doubled header is refused, even where both say the same") {
    for (const auto* name : {"x-slack-signature", "X-Slack-Request-Timestamp"}) {
        auto doubled = good();
        doubled.headers.emplace_back(name, doubled.header(name));
        CHECK_FALSE(accepts(doubled));
    }
}

TEST_CASE("a body altered by a byte is refused") {
    for (const auto* body : {"a=c", "a=b ", "a=", "A=b", ""}) {
        CHECK_FALSE(accepts(request_with("1531420618", signature, body)));
    }
}

TEST_CASE("a timestamp counts as it is written, and for five minutes to both sides") {
    for (const auto* odd :
         {"", "01531420618", "+1531420618", "-1", "1531420618.0", " 1531420618", "0x1", "1531420618000",
          "99999999999999999999"}) {
        CAPTURE(odd);
        CHECK_FALSE(accepts(request_with(odd, signature)));
    }
    CHECK(accepts(good(), signed_at + 300));
    CHECK(accepts(good(), signed_at - 300));
    CHECK_FALSE(accepts(good(), signed_at + 301));
    CHECK_FALSE(accepts(good(), signed_at - 301));
}

TEST_CASE("what came once is refused from then on, also where the clock goes back") {
    signature_check check{secret(key), at(signed_at - 1000)};
    CHECK_FALSE(check.refuse(good(), at(signed_at)));
    CHECK(check.refuse(good(), at(signed_at)));
    CHECK(check.refuse(good(), at(signed_at + 300)));
    CHECK(check.refuse(request_with("1531421618", signature), at(signed_at + 1000)));
    CHECK(check.refuse(good(), at(signed_at)));
}

TEST_CASE("what was signed before the start is refused, because it may be a replay") {
    signature_check restarted{secret(key), at(signed_at) + std::chrono::milliseconds(1)};
    CHECK(restarted.refuse(good(), at(signed_at + 1)));
    signature_check just_in_time{secret(key), at(signed_at)};
    CHECK_FALSE(just_in_time.refuse(good(), at(signed_at)));
}

TEST_CASE("a full memory refuses what is new, and forgets nothing that is fresh") {
    signature_check full{secret(key), at(0), 1};
    CHECK_FALSE(full.refuse(good(), at(signed_at)));
    const auto other = request_with(
        "1531420618", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%"
        "2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    );
    CHECK(full.refuse(other, at(signed_at)));
    CHECK(full.refuse(good(), at(signed_at)));
}
