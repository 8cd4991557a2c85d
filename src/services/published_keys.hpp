// The keys that somebody who signs tokens publishes (a JWKS, RFC 7517): asked for, kept and renewed.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "services/one_at_a_time.hpp"
#include "services/public_key.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services {

struct published_key {
    std::string id; // "" where it has none
    public_key key;
    boost::json::object described;
};

// The document of keys; those that can't be used are left out. malformed where it is none.
result<std::vector<published_key>> read_published_keys(std::string_view body);

// The key of that id for that algorithm, or, where the id is "", the only one for it; null where there is
// none, or it can't be told which.
const published_key*
find_key(const std::vector<published_key>& keys, std::string_view id, std::string_view algorithm);

struct keys_kept {
    std::chrono::seconds fresh_for;
    std::chrono::seconds counted_for; // where they can't be asked for again
};

class published_keys {
public:
    using fetch =
        std::function<boost::asio::awaitable<result<std::string>>(std::chrono::milliseconds at_most)>;

    // `ask` gets the document. What it is made with outlives it.
    published_keys(ports::clock& time, fetch ask, keys_kept kept);

    // As find_key. For a key that isn't among them they are asked for again, at most once a minute, whoever
    // asks.
    boost::asio::awaitable<result<std::shared_ptr<const published_key>>>
    find(std::string id, std::string algorithm, std::chrono::milliseconds at_most);

private:
    std::shared_ptr<const published_key> known(const std::string& id, const std::string& algorithm) const;
    bool is_settled(bool found) const;
    boost::asio::awaitable<result<void>> renew(std::chrono::milliseconds at_most);

    ports::clock& time_;
    fetch ask_;
    keys_kept kept_;
    std::shared_ptr<const std::vector<published_key>> keys_;
    instant renewed_{};
    instant asked_{};
    bool has_asked_ = false;
    result<void> renewal_; // how asking ended
    one_at_a_time asking_;
};

} // namespace hallpass::services
