// What PagerDuty's own API says of a decision that a webhook has told of (api-ticketing 6.2).
#pragma once

#include "access/decision.hpp"
#include "ports/decision_desk.hpp"
#include "services/pagerduty/directory.hpp"
#include "services/pagerduty/webhook.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace hallpass::services::pagerduty {

// Why an event decides nothing: one line, for the log.
struct not_confirmed {
    not_confirmed() = default;

    explicit not_confirmed(std::string why, bool not_yet = false) : why(std::move(why)), not_yet(not_yet) {}

    std::string why;
    bool not_yet = false; // what Teleport keeps may be a moment behind
};

using confirmation = std::variant<access::decision, not_confirmed>;

struct decision_actions {
    std::string approve; // ids of automation actions; "" where there is none
    std::string deny;
};

// Reads the incident, the note or the run, and the person, and holds each against the event and against what
// Teleport keeps of the incident. A fault where PagerDuty or Teleport couldn't be asked: then it isn't known.
boost::asio::awaitable<result<confirmation>> confirm(
    api& pagerduty,
    directory& people,
    ports::decision_desk& desk,
    decision_actions actions,
    webhook_event event
);

} // namespace hallpass::services::pagerduty
