// What a browser and a provider bring to the pages of mail: forms, cookies, sealed words, id_tokens and keys.
#include "base/base64.hpp"
#include "services/email/form_fields.hpp"
#include "services/email/id_token.hpp"
#include "services/email/sealed_words.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::email;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const seal own(secret("0123456789abcdef0123456789abcdef"), "label");
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t line = bytes.find('\n');
    const std::string first = bytes.substr(0, line);
    const std::string rest = line == std::string::npos ? "" : bytes.substr(line + 1);
    const instant now{std::chrono::seconds(1'772'334'000)};
    static_cast<void>(read_form(bytes));
    if (const auto raw = from_base64url(first); raw && to_base64url(*raw) != first) {
        std::abort();
    }
    if (open_words(own, "link", first, now)) {
        std::abort(); // nobody has the key
    }
    const auto keys = read_published_keys(rest);
    const auto token = read_id_token(first);
    if (keys && token) {
        const expected_token expected{"https://login.example.com", "hallpass", "nonce", now};
        const published_key* key = find_key(*keys, token->key_id, token->algorithm);
        if (verify_id_token(*token, key, expected)) {
            std::abort(); // the keys of the kept examples have signed nothing
        }
    }
    return 0;
}
