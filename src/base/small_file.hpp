// Reads a whole small file: a configuration, a secret.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>

namespace hallpass {

// Faults name the file and the mend: not_found where it isn't there, permanent where it can't be read, is no
// file, or holds more than `at_most` bytes. Nothing is ever cut.
result<std::string> read_small_file(const std::string& path, std::size_t at_most);

} // namespace hallpass
