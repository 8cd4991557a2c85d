// How much is tried: a short form for every test run, and the full one for figures.
#pragma once

#include <cstdlib>
#include <string_view>

namespace hallpass::chaos {

inline bool in_full() {
    const char* wanted = std::getenv("HALLPASS_CHAOS");
    return wanted != nullptr && std::string_view(wanted) == "full";
}

template <class T>
T scaled(T in_short, T in_full_form) {
    return in_full() ? in_full_form : in_short;
}

} // namespace hallpass::chaos
