// What Discord takes as buttons, and as the answer to an interaction (api-messaging 2.1, 2.3): pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace hallpass::sandbox {

// Which part of a message's components is wrong, and how; "" where all is well.
std::string problem_of_components(const boost::json::array& rows);

// The same of an answer; a form isn't answered with a form.
std::string problem_of_response(const boost::json::value& response, bool to_form);

// Of a message's content.
std::string problem_of_content(const boost::json::object& message);

} // namespace hallpass::sandbox
