// The notes of an incident: what is told in them is found again by the mark on their last line.
#pragma once

#include "access/message.hpp"
#include "base/result.hpp"
#include "services/pagerduty/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace hallpass::services::pagerduty {

struct note {
    std::string id;
    std::string user; // who wrote it
    std::string content;
};

// All of them: PagerDuty gives them without pages, at most 2,000.
boost::asio::awaitable<result<std::vector<note>>>
list_notes(api& pagerduty, std::string incident, std::chrono::milliseconds deadline = usual_deadline);

// Gives the note's id.
boost::asio::awaitable<result<std::string>> add_note(
    api& pagerduty,
    std::string incident,
    std::string content,
    std::chrono::milliseconds deadline = usual_deadline
);

// The first note by this user with this mark; null where there is none.
const note*
find_note(const std::vector<note>& among, const std::string& by, const access::delivery_key& key) noexcept;

} // namespace hallpass::services::pagerduty
