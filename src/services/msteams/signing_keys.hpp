// The keys by which Microsoft signs its calls, as its OpenID document names them (api-messaging 4.5).
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "services/msteams/jwt.hpp"
#include "services/msteams/one_at_a_time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::msteams {

struct signing_key {
    public_key key;
    std::vector<std::string> endorsements; // the channels that it speaks for
};

// The JWKS document; keys that can't be used are left out. malformed where it is none.
result<std::map<std::string, signing_key>> read_signing_keys(std::string_view body);

class signing_keys {
public:
    // What it is made with outlives it. `base` ends with "/".
    signing_keys(ports::http_client& http, ports::clock& time, std::string base);

    // Null where there is no key of that name. The keys are kept for a day; for a name that isn't among them
    // they are asked for again, at most once a minute, whoever asks. When that fails, those of at most five
    // days ago count.
    boost::asio::awaitable<result<std::shared_ptr<const signing_key>>>
    find(std::string name, std::chrono::milliseconds at_most);

private:
    using keys = std::map<std::string, signing_key>;

    std::shared_ptr<const signing_key> known(const std::string& name) const;
    boost::asio::awaitable<result<void>> renew(std::chrono::milliseconds at_most);
    boost::asio::awaitable<result<std::string>> get(std::string url, std::chrono::milliseconds at_most);

    ports::http_client& http_;
    ports::clock& time_;
    std::string base_;
    std::shared_ptr<const keys> keys_;
    instant renewed_{};
    instant asked_{};
    bool has_asked_ = false;
    one_at_a_time asking_;
};

} // namespace hallpass::services::msteams
