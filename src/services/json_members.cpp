#include "services/json_members.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace hallpass::services {

namespace json = boost::json;

std::optional<json::value> parse_foreign(std::string_view text, std::size_t deepest) {
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code failed;
    json::value parsed = json::parse(text, failed, {}, options);
    return failed ? std::nullopt : std::optional(std::move(parsed));
}

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

const json::array& array_of(const json::object& from, std::string_view name) noexcept {
    static const json::array none;
    const json::value* found = from.if_contains(name);
    const json::array* list = found ? found->if_array() : nullptr;
    return list ? *list : none;
}

} // namespace hallpass::services
