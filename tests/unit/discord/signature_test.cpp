#include "base/text.hpp"
#include "payloads.hpp"
#include "services/discord/signature.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace hallpass;
using namespace hallpass::services::discord;
using test::signed_callback;

namespace {

constexpr std::int64_t signed_at = 1'700'000'000;
// Of the timestamp 1700000000 and the body {"type":1}, made by PyNaCl (api-messaging 2.3).
const std::string signature = "c1098e97d711377f30225d53d94b89d43537f92e5b3afaddc590781b1f9f9d4b"
                              "2eeab335d370be3b9a090bc61a85b86448bc140dcd195f1569c2bff181257607";

instant at(std::int64_t seconds) {
    return instant(std::chrono::seconds(seconds));
}

signature_check check_from(std::int64_t made, std::size_t capacity = 1000) {
    return {*read_hex(test::public_key, public_key_bytes), at(made), capacity};
}

ports::callback_request
request_with(std::string timestamp, std::string proof, std::string body = R"({"type":1})") {
    ports::callback_request made;
    made.headers.emplace_back("x-signature-TIMESTAMP", std::move(timestamp));
    made.headers.emplace_back("X-Signature-Ed25519", std::move(proof));
    made.body = std::move(body);
    return made;
}

ports::callback_request good() {
    return request_with(std::to_string(signed_at), signature);
}

bool accepts(const ports::callback_request& request, std::int64_t now = signed_at) {
    signature_check check = check_from(signed_at - 1000);
    return !check.refuse(request, at(now));
}

std::string upper_case(std::string text) {
    for (char& c : text) {
        c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

} // namespace

TEST_CASE("what another library signed is good, in digits of either case") {
    CHECK(accepts(good()));
    CHECK(accepts(request_with("1700000000", upper_case(signature))));
}

TEST_CASE("a signature that is wrong in any way is refused") {
    std::string wrong = signature;
    wrong.back() = '0';
    std::string odd = signature;
    odd[4] = 'g';
    std::string large = signature; // S with the group's order added: the same point, another spelling
    large[126] = 'f';
    for (const std::string& bad :
         {std::string(), signature.substr(2), signature.substr(0, 126), signature + "00", signature + "\n",
          " " + signature, "0x" + signature.substr(2), wrong, odd, large, std::string(128, '0'),
          std::string(128, 'f'), std::string(100'000, 'a')}) {
        CAPTURE(bad.substr(0, 140));
        CHECK_FALSE(accepts(request_with("1700000000", bad)));
    }
    CHECK_FALSE(accepts(ports::callback_request()));
    signature_check other(std::string(32, '\x01'), at(0));
    CHECK(other.refuse(good(), at(signed_at)));
    signature_check keyless("", at(0));
    CHECK(keyless.refuse(good(), at(signed_at)));
}

TEST_CASE("a doubled header is refused, even where both say the same") {
    for (const auto* name : {"x-signature-ed25519", "X-Signature-Timestamp"}) {
        auto doubled = good();
        doubled.headers.emplace_back(name, doubled.header(name));
        CHECK_FALSE(accepts(doubled));
    }
}

TEST_CASE("a body altered by a byte is refused, and so is a byte moved to it from the timestamp") {
    for (const auto* body : {R"({"type":2})", R"({"type":1} )", R"({"type":1)", ""}) {
        CHECK_FALSE(accepts(request_with("1700000000", signature, body)));
    }
    CHECK_FALSE(accepts(request_with("170000000", signature, R"(0{"type":1})")));
}

TEST_CASE("a timestamp counts as it is written, and for five minutes to both sides") {
    for (const auto* odd :
         {"", "01700000000", "+1700000000", "-1", "1700000000.0", " 1700000000", "0x1", "1700000000000",
          "99999999999999999999"}) {
        CAPTURE(odd);
        CHECK_FALSE(accepts(request_with(odd, signature)));
    }
    CHECK(accepts(good(), signed_at + 300));
    CHECK(accepts(good(), signed_at - 300));
    CHECK_FALSE(accepts(good(), signed_at + 301));
    CHECK_FALSE(accepts(good(), signed_at - 301));
}

TEST_CASE("what came once is refused from then on, also in other letters, and where the clock goes back") {
    signature_check check = check_from(signed_at - 1000);
    CHECK_FALSE(check.refuse(good(), at(signed_at)));
    CHECK(check.refuse(good(), at(signed_at)));
    CHECK(check.refuse(request_with("1700000000", upper_case(signature)), at(signed_at)));
    CHECK(check.refuse(good(), at(signed_at + 300)));
    CHECK_FALSE(check.refuse(signed_callback("later", signed_at + 1000), at(signed_at + 1000)));
    CHECK(check.refuse(good(), at(signed_at)));
}

TEST_CASE("what was signed before the start is refused, because it may be a replay") {
    signature_check restarted(
        *read_hex(test::public_key, public_key_bytes), at(signed_at) + std::chrono::milliseconds(1)
    );
    CHECK(restarted.refuse(good(), at(signed_at + 1)));
    signature_check just_in_time = check_from(signed_at);
    CHECK_FALSE(just_in_time.refuse(good(), at(signed_at)));
}

TEST_CASE("a full memory refuses what is new, and forgets nothing that is fresh") {
    signature_check full = check_from(0, 1);
    CHECK_FALSE(full.refuse(good(), at(signed_at)));
    CHECK(full.refuse(signed_callback("another", signed_at), at(signed_at)));
    CHECK(full.refuse(good(), at(signed_at)));
}
