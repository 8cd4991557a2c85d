#include "services/email/sealed_words.hpp"

#include "base/base64.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>

namespace hallpass::services::email {

namespace json = boost::json;

namespace {

constexpr std::size_t longest = 4096;

} // namespace

std::string
seal_words(const seal& by, std::string_view purpose, const std::vector<std::string>& words, instant until) {
    json::array all;
    all.emplace_back(std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count());
    for (const std::string& word : words) {
        all.emplace_back(word);
    }
    return by.sealed(purpose, to_base64url(json::serialize(all)));
}

std::optional<unsealed>
open_words(const seal& by, std::string_view purpose, std::string_view sealed, instant now) {
    const auto payload = sealed.size() <= longest ? by.opened(purpose, sealed) : std::nullopt;
    const auto text = payload ? from_base64url(*payload) : std::nullopt;
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

} // namespace hallpass::services::email
