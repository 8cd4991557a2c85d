#include "ports/callbacks.hpp"

namespace hallpass::ports {

callback_response refused_callback() {
    callback_response refused;
    refused.status = 401;
    refused.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    refused.body = "not authorised\n";
    return refused;
}

} // namespace hallpass::ports
