#include "sandbox/mattermost/types.hpp"

#include "sandbox/random_id.hpp"

#include <algorithm>
#include <stdexcept>

namespace hallpass::sandbox::mattermost {

namespace {

constexpr std::size_t id_characters = 26;

} // namespace

void throw_exception_from_error(const refusal& error, const boost::source_location&) {
    throw std::runtime_error("Mattermost refuses: " + error.id + ' ' + error.message);
}

std::string id_for(std::string_view name) {
    std::string id(name.substr(0, id_characters - 1));
    std::erase_if(id, [](char c) { return c == '-' || c == '_'; });
    id.append(id_characters - 1 - id.size(), '0');
    return id + '1';
}

std::string random_id() {
    std::string id = random_uuid();
    std::erase(id, '-');
    return id.substr(0, id_characters);
}

bool is_id(std::string_view text) noexcept {
    return text.size() == id_characters &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

} // namespace hallpass::sandbox::mattermost
