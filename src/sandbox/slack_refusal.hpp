// Why the simulated Slack refuses a call, in Slack's error codes.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace hallpass::sandbox {

struct slack_refusal {
    slack_refusal() = default;

    slack_refusal(std::string code, std::string why) : error(std::move(code)), detail(std::move(why)) {}

    std::string error;  // "channel_not_found"
    std::string detail; // for a person; Slack has it in response_metadata.messages
};

template <class T>
using slack_outcome = boost::system::result<T, slack_refusal>;

[[noreturn]] void throw_exception_from_error(const slack_refusal& error, const boost::source_location& where);

} // namespace hallpass::sandbox
