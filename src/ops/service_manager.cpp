#include "ops/service_manager.hpp"

#ifdef HALLPASS_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include <string>

namespace hallpass::ops {

namespace {

void notify([[maybe_unused]] const std::string& state) {
#ifdef HALLPASS_SYSTEMD
    sd_notify(0, state.c_str());
#endif
}

} // namespace

void notify_ready() {
    notify("READY=1");
}

void notify_stopping() {
    notify("STOPPING=1");
}

void notify_status(std::string_view text) {
    notify("STATUS=" + std::string(text));
}

} // namespace hallpass::ops
