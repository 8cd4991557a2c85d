// The sandbox and a hallpass with one service, for all cases of a row.
#pragma once

#include "service_row.hpp"
#include "support/running_hallpass.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test::conformance {

class stage {
public:
    explicit stage(const service_row& of);

    // Of dan, who has no account anywhere and so no copy; `more` as the control port's /requests has it.
    // Gives its id.
    std::string request(const audience& whom, boost::json::object more = {});
    void review(
        const std::string& id,
        std::string_view author,
        std::string_view state,
        std::string_view reason = "seen and judged"
    );
    // As Teleport has it.
    boost::json::value in_teleport(const std::string& id) const;
    std::string state_of(const std::string& id) const;
    std::size_t reviews_of(const std::string& id) const;

    std::vector<message> messages(const std::string& id) const;
    using condition = std::function<bool(const std::vector<message>&)>;
    // Until the request's messages fulfil it. Throws with what is there instead.
    std::vector<message>
    wait_for(std::string_view what, const std::string& id, const condition& fulfilled) const;
    // Until there is one in each of the audience's places and nowhere else.
    std::vector<message> wait_until_told(const std::string& id, const audience& whom) const;
    // Until each of the audience's messages says that this is its end, in text and state.
    std::vector<message>
    wait_for_end(const std::string& id, const audience& whom, std::string_view state) const;
    bool is_pending(const message& one) const;
    bool has_ended(const message& one, std::string_view state) const;
    // Until Teleport keeps where the request's one message is, which callbacks are held against.
    void wait_until_kept(const std::string& id) const;
    std::size_t logged(std::string_view text) const; // how often
    void wait_until_logged(const std::string& text, std::size_t more_than) const;
    // `logged_before`: how often what it logs had been logged before.
    void wait_until_met(const trouble& what, std::size_t logged_before) const;

    boost::json::value command(std::string_view path, const boost::json::object& body) const;

    // With another credential than the sandbox's; `hallpass check` then, and what it said.
    void configure(bool with_the_credential);
    void start();
    void start_watching();
    // As an operator does, so that nothing is left in the middle.
    void stop();
    // Signatures are timed in seconds, and those of the second in which hallpass was started may be replays.
    void wait_until_callbacks_count() const;
    // After a case that broke off: a hallpass is at work again.
    void mend();
    std::pair<int, std::string> check() const;

    const service_row& row;
    running_sandbox sandbox;
    std::unique_ptr<running_hallpass> hallpass;

    static constexpr const char* wrong_credential = "0wrong0credential0";

private:
    std::string filled(std::string text, bool with_the_credential) const;
    std::string value_of(const std::string& name) const;
    std::string describe(const std::vector<message>& there) const;

    temp_dir folder_;
    std::string listener_;
    std::chrono::system_clock::time_point started_;
};

} // namespace hallpass::test::conformance
