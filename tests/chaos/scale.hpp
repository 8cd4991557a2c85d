// How much is tried: a short form for every test run, and the full one for figures.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace hallpass::chaos {

inline bool in_full() {
    const char* wanted = std::getenv("HALLPASS_CHAOS");
    return wanted != nullptr && std::string_view(wanted) == "full";
}

// Of the load and of the faults that come by chance. Times are real, so a seed makes a run alike, not the
// same.
inline std::uint64_t the_seed() {
    const char* wanted = std::getenv("HALLPASS_CHAOS_SEED");
    return wanted == nullptr ? 20'260'301 : std::strtoull(wanted, nullptr, 10);
}

template <class T>
T scaled(T in_short, T in_full_form) {
    return in_full() ? in_full_form : in_short;
}

} // namespace hallpass::chaos
