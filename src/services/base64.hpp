// Base 64, as HTTP's Basic authentication has it.
#pragma once

#include <string>
#include <string_view>

namespace hallpass::services {

std::string to_base64(std::string_view bytes);

} // namespace hallpass::services
