// Random identifiers, as the real servers make them.
#pragma once

#include <string>

namespace hallpass::sandbox {

// "0b1f6f0e-…": a random UUID (version 4).
std::string random_uuid();

// True for the text form of a UUID.
bool is_uuid(const std::string& text) noexcept;

} // namespace hallpass::sandbox
