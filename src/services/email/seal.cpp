#include "services/email/seal.hpp"

#include "services/email/base64url.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace hallpass::services::email {

namespace json = boost::json;

namespace {

constexpr std::size_t longest = 4096;
constexpr std::size_t mac_bytes = 32;

std::string mac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    const unsigned char* made = HMAC(
        EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), digest.data(), &length
    );
    if (made == nullptr || length != mac_bytes) {
        throw std::runtime_error("OpenSSL makes no HMAC");
    }
    return std::string(reinterpret_cast<const char*>(digest.data()), length);
}

} // namespace

sealer::sealer(secret key) : key_(std::move(key)) {}

std::string sealer::derive(std::string_view purpose, std::string_view text) const {
    const secret own(mac(key_.reveal(), purpose));
    return to_base64url(mac(own.reveal(), text));
}

std::string
sealer::seal(std::string_view purpose, const std::vector<std::string>& words, instant until) const {
    json::array all;
    all.emplace_back(std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count());
    for (const std::string& word : words) {
        all.emplace_back(word);
    }
    const std::string payload = to_base64url(json::serialize(all));
    return payload + '.' + derive(purpose, payload);
}

std::optional<unsealed> sealer::open(std::string_view purpose, std::string_view sealed, instant now) const {
    const std::size_t dot = sealed.find('.');
    if (sealed.size() > longest || dot == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view payload = sealed.substr(0, dot);
    if (!equal_in_constant_time(derive(purpose, payload), sealed.substr(dot + 1))) {
        return std::nullopt;
    }
    const auto text = from_base64url(payload);
    const auto value = text ? parse_foreign(*text) : std::nullopt;
    const json::array* all = value ? value->if_array() : nullptr;
    if (all == nullptr || all->empty() || !all->front().is_int64()) {
        return std::nullopt;
    }
    unsealed made;
    made.expired = now >= instant(std::chrono::seconds(all->front().get_int64()));
    for (std::size_t i = 1; i < all->size(); ++i) {
        if (!(*all)[i].is_string()) {
            return std::nullopt;
        }
        made.words.emplace_back((*all)[i].get_string());
    }
    return made;
}

std::string random_word() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("OpenSSL has no random bytes");
    }
    return to_base64url(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

} // namespace hallpass::services::email
