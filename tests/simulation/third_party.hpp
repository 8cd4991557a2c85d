// A simulated third party: every message it ever got, and what must never be among them.
#pragma once

#include "ports/service.hpp"
#include "simulation/timeline.hpp"
#include "simulation/traits.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace hallpass::simulation {

struct delivered_message {
    access::address to;
    access::delivery_key key;
    access::message_ref ref;
    std::string thread; // id of the message it replies to
    access::card shown;
    instant known_from; // to look-ups
};

class third_party {
public:
    explicit third_party(timeline& time) : time_(&time) {}

    access::message_ref
    accept(const access::address& to, std::string thread, access::card shown, access::delivery_key key);
    result<void> change(const access::message_ref& message, access::card shown);
    std::optional<access::message_ref>
    find(const access::address& to, const std::string& thread, const access::delivery_key& key) const;

    // A caller was told that nobody knows, and may send it once more.
    void excuse(const access::address& to, const std::string& thread, const access::delivery_key& key);

    std::size_t
    count(const access::address& to, const std::string& thread, const access::delivery_key& key) const;
    std::size_t
    excuses(const access::address& to, const std::string& thread, const access::delivery_key& key) const;

    const std::vector<delivered_message>& messages() const noexcept { return messages_; }

    service_traits traits;

    // What was wrong at once, one line each.
    std::vector<std::string> violations;

private:
    const delivered_message* taken_before(const std::vector<std::size_t>& same) const;

    using place = std::tuple<std::string, std::string, access::delivery_key>;

    timeline* time_;
    std::vector<delivered_message> messages_;
    std::map<place, std::vector<std::size_t>> by_key_;
    std::map<access::message_ref, std::size_t> by_ref_;
    std::map<place, std::size_t> excused_;
};

} // namespace hallpass::simulation
