#include "sandbox/opsgenie/opsgenie_state.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::sandbox::opsgenie {

state::state()
    : users{
          {"11111111-0000-4000-8000-000000000001", "Alice@Example.com"},
          {"11111111-0000-4000-8000-000000000002", "bob@example.com"},
          {"11111111-0000-4000-8000-000000000003", "carol@example.com"},
      },
      schedules{
          {"22222222-0000-4000-8000-000000000001", "Database", {"11111111-0000-4000-8000-000000000002"}},
          {"22222222-0000-4000-8000-000000000002", "Checkout, EU", {"11111111-0000-4000-8000-000000000003"}},
      },
      teams{"DBA"} {}

alert* state::find(const std::string& how, const std::string& identifier) {
    alert* found = nullptr;
    for (alert& one : alerts) {
        if (how == "alias" && one.alias == identifier && (found == nullptr || !one.closed)) {
            found = &one;
        } else if (how != "alias" && one.id == identifier) {
            return &one;
        }
    }
    return found;
}

const schedule* state::find_schedule(const std::string& id_or_name) const {
    const auto found = std::ranges::find_if(schedules, [&](const schedule& one) {
        return one.id == id_or_name || one.name == id_or_name;
    });
    return found == schedules.end() ? nullptr : &*found;
}

const user* state::find_user(const std::string& id) const {
    const auto found = std::ranges::find_if(users, [&](const user& one) { return one.id == id; });
    return found == users.end() ? nullptr : &*found;
}

} // namespace hallpass::sandbox::opsgenie
