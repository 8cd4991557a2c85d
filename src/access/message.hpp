// Where a service delivers, and what it delivered.
#pragma once

#include <string>
#include <utility>

namespace hallpass::access {

// A recipient as its service knows it: stable, and equal for two spellings of one place (an e-mail and a user
// id).
struct address {
    address() = default;

    explicit address(std::string id) : id(std::move(id)) {}

    std::string id;

    friend auto operator<=>(const address&, const address&) = default;
};

// What lets a service find a message again: Slack's channel id and ts.
struct message_ref {
    message_ref() = default;

    message_ref(std::string conversation, std::string id)
        : conversation(std::move(conversation)), id(std::move(id)) {}

    std::string conversation;
    std::string id;

    bool empty() const noexcept { return id.empty(); }

    friend auto operator<=>(const message_ref&, const message_ref&) = default;
};

// Names one thing that must reach one address once: it travels with the message where the service can carry
// it, and is what an uncertain send is looked for by.
struct delivery_key {
    delivery_key() = default;

    delivery_key(std::string request_id, std::string part)
        : request_id(std::move(request_id)), part(std::move(part)) {}

    std::string request_id;
    std::string part; // "card", "review-1" (the first review), "outcome"

    friend auto operator<=>(const delivery_key&, const delivery_key&) = default;
};

} // namespace hallpass::access
