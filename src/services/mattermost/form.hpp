// The form in which somebody decides: a dialog (api-messaging 3.4).
#pragma once

#include "access/card.hpp"
#include "access/decision.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace hallpass::services::mattermost {

inline constexpr std::string_view reason_field = "reason";
inline constexpr std::string_view confirm_field = "confirm";

struct form_look {
    access::verdict what = access::verdict::deny;
    bool needs_reason = false;
    bool confirm = false;
};

// Of the card, what isn't known is left out. `state` is what comes back with the form.
boost::json::object dialog_for(const access::card& shown, const form_look& look, std::string state);

} // namespace hallpass::services::mattermost
