// A session at the Gateway, over all the connections that it takes: texts in, what is to be done out. No
// network, no waiting (api-messaging 2.4).
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"
#include "services/discord/gateway_frames.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace hallpass::services::discord {

// What is to be done after something came, in this order.
struct gateway_step {
    std::string send;        // "" is nothing
    bool identified = false; // that was an identify, of which a day has 1,000
    bool settled = false;    // events come from now on
    std::optional<boost::json::object> interaction;
    std::optional<int> leave_with; // close with this code
    bool pause = false;            // and wait 1 to 5 s before the next connection
    std::string_view why;          // where it is left
};

// Why Discord ends connections that would only be ended again.
struct gateway_refusal {
    int code;
    std::string_view mend;
};

const gateway_refusal* refusal_of(int code) noexcept;

class gateway_session {
public:
    gateway_session(secret token, std::string api_url, std::uint_fast32_t seed);

    // Where it goes on; "" where there is none that can go on, and a new one is needed.
    const std::string& resume_address() const noexcept { return resume_address_; }

    // A connection is open.
    void begin(instant now);
    gateway_step take(std::string_view text, instant now);
    // Until tick(), if nothing comes.
    std::chrono::milliseconds wait(instant now) const;
    gateway_step tick(instant now);
    // Discord has closed the connection with this code, or without one.
    void ended(std::optional<int> code);
    // No connection to resume_address() could be made, or it brought nothing.
    void missed();

    void forget();

private:
    gateway_step leave(std::string_view why, bool pause = false) const;
    gateway_step beat(instant now);
    gateway_step greet(const gateway_frame& hello, instant now);
    gateway_step take_event(gateway_frame event);
    void keep(const boost::json::object& ready);

    secret token_;
    std::string api_url_;
    std::minstd_rand chance_;
    std::string session_; // "" for none
    std::string resume_address_;
    std::optional<std::int64_t> last_; // event
    int misses_ = 0;
    // Of the connection.
    std::chrono::milliseconds interval_{0}; // 0: nobody has said Hello yet
    instant due_;                           // the next beat, or where Hello takes too long
    instant begun_;
    bool unanswered_ = false; // the last beat
    bool settled_ = false;
};

} // namespace hallpass::services::discord
