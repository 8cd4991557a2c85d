#include "services/json_members.hpp"

namespace hallpass::services {

namespace json = boost::json;

std::string_view text_of(const json::object& from, std::string_view name) noexcept {
    const json::value* found = from.if_contains(name);
    const json::string* text = found ? found->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

const json::object& object_of(const json::object& from, std::string_view name) noexcept {
    static const json::object none;
    const json::value* found = from.if_contains(name);
    const json::object* object = found ? found->if_object() : nullptr;
    return object ? *object : none;
}

} // namespace hallpass::services
