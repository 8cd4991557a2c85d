#include "payloads.hpp"

#include "../services/samples.hpp"
#include "services/slack/interaction.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/review_ids.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace hallpass::test {

namespace json = boost::json;
using namespace services::slack;

namespace {

json::object payload_of(std::string_view type) {
    return json::object{
        {"type", type},
        {"team", json::object{{"id", "T0000OWN1"}, {"domain", "example"}}},
        {"user", json::object{{"id", "U0000BOB1"}, {"username", "bob"}, {"team_id", "T0000OWN1"}}},
        {"api_app_id", "A0123ABCD"},
        {"trigger_id", "13345224609.738474920.8088930838d88f008e0"},
    };
}

} // namespace

json::object click_payload(access::verdict what) {
    const std::string id = sample_request().id;
    json::object message = card_message(approver_card(sample_request()), true);
    mark_message(message, access::delivery_key(id, "card"));
    json::object action{
        {"type", "button"},
        {"action_id", what == access::verdict::approve ? approve_action : deny_action},
        {"block_id", buttons_block(id)},
        {"value", id},
    };
    json::object payload = payload_of("block_actions");
    payload["container"] =
        json::object{{"type", "message"}, {"message_ts", "1700000000.000100"}, {"channel_id", "C0123ABCD"}};
    payload["message"] = std::move(message);
    payload["actions"] = json::array{std::move(action)};
    return payload;
}

json::object form_payload(access::verdict what, std::string_view reason) {
    form_facts facts;
    facts.request_id = sample_request().id;
    facts.what = what;
    facts.message = access::message_ref("C0123ABCD", "1700000000.000100");
    facts.link = "https://example.teleport.sh/x";
    json::object field{{"type", "plain_text_input"}, {"value", reason}};
    json::object values{{reason_block, json::object{{reason_action, std::move(field)}}}};
    json::object view{
        {"id", "V0123ABCD"},
        {"callback_id", form_callback},
        {"private_metadata", to_private_metadata(facts)},
        {"state", json::object{{"values", std::move(values)}}},
    };
    json::object payload = payload_of("view_submission");
    payload["view"] = std::move(view);
    return payload;
}

std::string body_of_payload(const json::value& payload) {
    const std::string text = json::serialize(payload);
    return "payload=" + boost::urls::encode(text, boost::urls::unreserved_chars);
}

ports::callback_request signed_callback(std::string body, std::int64_t seconds) {
    const std::string at = std::to_string(seconds);
    const std::string base = "v0:" + at + ":" + body;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    HMAC(
        EVP_sha256(), signing_secret.data(), static_cast<int>(signing_secret.size()),
        reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &length
    );
    std::string proof = "v0=";
    for (std::size_t i = 0; i < length; ++i) {
        constexpr std::string_view hex = "0123456789abcdef";
        proof += hex[digest.at(i) / 16];
        proof += hex[digest.at(i) % 16];
    }
    ports::callback_request made;
    made.headers.emplace_back("X-Slack-Request-Timestamp", at);
    made.headers.emplace_back("X-Slack-Signature", proof);
    made.body = std::move(body);
    return made;
}

} // namespace hallpass::test
