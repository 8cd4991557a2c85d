// The body of a letter as it travels behind DATA (RFC 5321, 4.5.2).
#pragma once

#include <string>
#include <string_view>

namespace hallpass::mail {

// Every line ends with CR LF, whatever it ended with; lines that begin with a dot have another; the last line
// is the dot that ends it.
std::string with_transparency(std::string_view text);

} // namespace hallpass::mail
