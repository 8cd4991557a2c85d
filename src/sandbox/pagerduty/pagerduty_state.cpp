#include "sandbox/pagerduty/pagerduty_state.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::sandbox::pagerduty {

namespace {

template <class Things>
auto* found_by_id(Things& among, const std::string& id) {
    const auto found = std::ranges::find_if(among, [&](const auto& one) { return one.id == id; });
    return found == among.end() ? nullptr : &*found;
}

} // namespace

state::state()
    : users{
          {"PALICE01", "Alice", "Alice@Example.com"},
          {"PBOB0001", "Bob", "bob@example.com"},
          {"PCAROL01", "Carol", "carol@example.com", "admin"},
          {"PVIEWER1", "Vera (stakeholder)", "vera@example.com", "read_only_user"},
          {"PNOBODY1", "Nobody in Teleport", "nobody@partner.example"},
          {"PHALLPA1", "hallpass", "hallpass@example.com", "admin"},
      },
      services{{"PSVCDB01", "Database", "PPOLDB01"}, {"PSVCWEB1", "Checkout", "PPOLWEB1"}},
      policies{{"PPOLDB01", "Database policy"}, {"PPOLWEB1", "Checkout policy"}},
      schedules{{"PSCHDB01", "Database on call"}},
      shifts{{"PBOB0001", "PPOLDB01", "PSCHDB01", 1}, {"PCAROL01", "PPOLWEB1", "", 1}} {}

const user* state::find_user(const std::string& id) const {
    return found_by_id(users, id);
}

const user* state::find_email(const std::string& email) const {
    const auto found = std::ranges::find_if(users, [&](const user& one) {
        return lower_case(one.email) == lower_case(email);
    });
    return found == users.end() ? nullptr : &*found;
}

const service* state::find_service(const std::string& id) const {
    return found_by_id(services, id);
}

incident* state::find_incident(const std::string& id) {
    return found_by_id(incidents, id);
}

std::string state::next_id(char kind) {
    const std::string number = std::to_string(++last_number);
    return std::string("P") + kind + std::string(number.size() < 6 ? 6 - number.size() : 0, '0') + number;
}

} // namespace hallpass::sandbox::pagerduty
