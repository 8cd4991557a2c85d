// What test builds break on purpose, to show that the simulation notices (tests/simulation/meson.build). All
// false in every other build.
#pragma once

namespace hallpass::workflow::mutation {

#ifdef HALLPASS_MUTATION_SENDS_BEFORE_CLAIM
inline constexpr bool sends_before_claim = true;
#else
inline constexpr bool sends_before_claim = false;
#endif

#ifdef HALLPASS_MUTATION_NEVER_LOOKS
inline constexpr bool never_looks = true;
#else
inline constexpr bool never_looks = false;
#endif

} // namespace hallpass::workflow::mutation
