// The simulated Microsoft Teams: tokens, Graph, the bot connector, and clicks.
#pragma once

#include "sandbox/third_party.hpp"

namespace hallpass::sandbox {

extern const third_party_kind msteams_third_party;

} // namespace hallpass::sandbox
