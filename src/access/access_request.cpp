#include "access/access_request.hpp"

#include <array>
#include <utility>

namespace hallpass::access {

namespace {

constexpr std::array<std::pair<request_state, std::string_view>, 6> state_names{{
    {request_state::none, "NONE"},
    {request_state::pending, "PENDING"},
    {request_state::approved, "APPROVED"},
    {request_state::denied, "DENIED"},
    {request_state::promoted, "PROMOTED"},
    {request_state::expired, "EXPIRED"},
}};

} // namespace

std::string_view to_string(request_state state) noexcept {
    for (const auto& [known, name] : state_names) {
        if (known == state) {
            return name;
        }
    }
    return "NONE";
}

request_state parse_request_state(std::string_view text) noexcept {
    for (const auto& [state, name] : state_names) {
        if (name == text) {
            return state;
        }
    }
    return request_state::none;
}

std::string to_string(const requested_resource& resource) {
    if (!resource.friendly_name.empty()) {
        return resource.kind + "/" + resource.friendly_name;
    }
    std::string id = "/" + resource.cluster + "/" + resource.kind + "/" + resource.name;
    if (!resource.sub_resource.empty()) {
        id += "/" + resource.sub_resource;
    }
    return id;
}

} // namespace hallpass::access
