#include "payloads.hpp"

#include "../services/samples.hpp"
#include "base/text.hpp"
#include "services/discord/messages.hpp"
#include "services/discord/review_ids.hpp"

#include <boost/json/array.hpp>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace hallpass::test {

namespace json = boost::json;
using namespace services::discord;

namespace {

json::object payload_of(int type) {
    json::object message = card_message(approver_card(sample_request()), true);
    mark_message(message, access::delivery_key(sample_request().id, "card"));
    message["id"] = "600000000000000001";
    message["channel_id"] = "200000000000000001";
    json::object user{{"id", bob_id}, {"username", "bob"}, {"global_name", "alice@example.com"}};
    json::object member{{"user", std::move(user)}, {"flags", 0}, {"pending", false}, {"nick", nullptr}};
    return json::object{
        {"id", "700000000000000001"},
        {"application_id", application_id},
        {"type", type},
        {"token", interaction_token},
        {"version", 1},
        {"guild_id", "800000000000000001"},
        {"channel_id", "200000000000000001"},
        {"context", 0},
        {"member", std::move(member)},
        {"message", std::move(message)},
    };
}

} // namespace

json::object click_payload(access::verdict what) {
    json::object payload = payload_of(3);
    payload["data"] =
        json::object{{"component_type", 2}, {"custom_id", button_custom_id(what, sample_request().id)}};
    return payload;
}

json::object form_payload(const form_facts& about, std::string_view reason, bool confirmed) {
    json::array values;
    if (confirmed) {
        values.emplace_back(confirm_value);
    }
    json::object reason_field{{"type", 4}, {"custom_id", reason_id}, {"value", reason}};
    json::object confirm_field{{"type", 3}, {"custom_id", confirm_id}, {"values", std::move(values)}};
    json::array fields{
        json::object{{"type", 10}, {"id", 1}},
        json::object{{"type", 18}, {"component", std::move(reason_field)}},
        json::object{{"type", 18}, {"component", std::move(confirm_field)}},
    };
    json::object payload = payload_of(5);
    payload["data"] = json::object{{"custom_id", form_custom_id(about)}, {"components", std::move(fields)}};
    return payload;
}

json::object form_payload(access::verdict what, std::string_view reason) {
    form_facts about;
    about.request_id = sample_request().id;
    about.what = what;
    return form_payload(about, reason);
}

std::string signature_of(std::string_view timestamp, std::string_view body) {
    std::array<unsigned char, 32> seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) {
        seed.at(i) = static_cast<unsigned char>(i);
    }
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()), EVP_PKEY_free
    );
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const std::string message = std::string(timestamp).append(body);
    std::array<unsigned char, 64> made{};
    std::size_t size = made.size();
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
        EVP_DigestSign(
            context.get(), made.data(), &size, reinterpret_cast<const unsigned char*>(message.data()),
            message.size()
        ) != 1) {
        throw std::runtime_error("signing failed");
    }
    return to_hex({reinterpret_cast<const char*>(made.data()), size});
}

ports::callback_request signed_callback(std::string body, std::int64_t seconds) {
    const std::string at = std::to_string(seconds);
    ports::callback_request made;
    made.headers.emplace_back("X-Signature-Timestamp", at);
    made.headers.emplace_back("X-Signature-Ed25519", signature_of(at, body));
    made.body = std::move(body);
    return made;
}

} // namespace hallpass::test
