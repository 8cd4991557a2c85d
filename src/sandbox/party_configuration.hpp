// How hallpass is configured for the third parties that have a folder of their own, and where they send
// clicks and webhooks.
#pragma once

#include "sandbox/third_parties.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

// Sections for all of them, with decisions by what people do there.
std::string party_configuration(const third_parties& parties);

// Keys of [review] that go with it.
std::string_view party_review_keys() noexcept;

struct webhook_of_party {
    std::string_view party;
    std::string_view command; // of its control port, which takes "url"
    std::string_view path;    // of hallpass's listener
};

// Mattermost and the readers of mail are told the address by the messages themselves.
std::span<const webhook_of_party> party_webhooks() noexcept;

} // namespace hallpass::sandbox
