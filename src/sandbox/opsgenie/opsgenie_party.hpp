// The simulated Opsgenie, and in the same place its successor. Commands below /opsgenie/:
//   GET .                                          alerts with notes, schedules and who is on call
//   POST on_call  {user, schedule, on}             a user is, or is no longer, on call
//   POST lag      {ms}                             from now on it takes so long until what was taken is done
//   POST close    {alert}                          somebody closes an alert
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox::opsgenie {

extern const third_party_kind opsgenie_party_kind;

} // namespace hallpass::sandbox::opsgenie
