// Members of the control port's answers, where there may be none.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace hallpass::chaos {

inline std::string text_at(const boost::json::object& from, std::string_view key) {
    const boost::json::value* found = from.if_contains(key);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

inline const boost::json::object& object_at(const boost::json::object& from, std::string_view key) {
    static const boost::json::object none;
    const boost::json::value* found = from.if_contains(key);
    return found != nullptr && found->is_object() ? found->get_object() : none;
}

} // namespace hallpass::chaos
