// A third party that carries messages to people. One object per configured service, on the io_context thread.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/callbacks.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::ports {

class decision_desk;

// Every call has its own deadline and ends by itself. Faults by kind: transient and rate_limited are tried
// again by the caller; not_found and permanent are given up and reported; unauthorised too, and concerns the
// whole service.
class service {
public:
    virtual ~service() = default;

    // Upstream's plugin name ("slack"): owner of the plugin data, name in the log and in access monitoring
    // rules.
    virtual std::string_view name() const noexcept = 0;

    // Whether the credentials work; says as whom and where, for the log.
    virtual boost::asio::awaitable<result<std::string>> check() = 0;

    // Who is told of a request, where the service itself says so: by the request's annotations, or because it
    // has one place for all of them. Nothing: whom the operator's [role_to_recipients] names.
    virtual std::optional<std::vector<std::string>> recipients(const access::access_request&) const {
        return std::nullopt;
    }

    // From what the operator or Teleport wrote (an e-mail, a channel) to where the service delivers.
    virtual boost::asio::awaitable<result<access::address>> resolve(std::string recipient) = 0;

    // The address of the requester's own copy: nothing where this service gives requesters none or doesn't
    // know them.
    virtual boost::asio::awaitable<result<std::optional<access::address>>>
    resolve_requester(std::string teleport_user) = 0;

    // Posts the card. A fault with uncertain() means it may have been posted: find() tells.
    virtual boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) = 0;

    // Makes a posted message say what the card says. Repeatable.
    virtual boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) = 0;

    // Tells of one review, in the thread of the message. `index` counts from 0 in card.reviews.
    virtual boost::asio::awaitable<result<access::message_ref>>
    reply(access::message_ref message, access::card shown, std::size_t index, access::delivery_key key) = 0;

    // Tells the requester how it ended, beside the message they have.
    virtual boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) = 0;

    // The message that carries this key, looked for where it was sent since then: in the thread of `thread`,
    // or in its conversation where it has no id, or in that of `to` where it is empty. nullopt: it is not
    // there. unsupported or unauthorised: the service can't answer, and the policy for uncertain sends
    // decides.
    virtual boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) = 0;

    // Takes away what resolve() has installed for the recipient, and says what it did. unsupported where
    // nothing ever is.
    virtual boost::asio::awaitable<result<std::string>> uninstall(std::string recipient);

    // From here on cards can be decided on, by callbacks at these paths. Called at most once, before
    // anything else, and only where the operator has switched reviews on. A service that isn't configured
    // for decisions gives no path, and shows no buttons. The desk outlives it.
    virtual std::vector<callback_route> take_decisions(decision_desk&) { return {}; }

    // The operator wants requests of people who are on call to be approved, and the service can tell.
    virtual bool approves_on_call() const noexcept { return false; }

    // Whether the requester is on call now for what the request names: the reason, in words for the review,
    // or nothing. A fault is no answer, and it is asked again.
    virtual boost::asio::awaitable<result<std::optional<std::string>>> on_call(access::access_request request
    );
};

} // namespace hallpass::ports
