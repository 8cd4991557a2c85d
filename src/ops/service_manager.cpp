#include "ops/service_manager.hpp"

#ifdef HALLPASS_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include <cstdint>
#include <ctime>
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

void notify_reloading() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
    notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void notify_stopping() {
    notify("STOPPING=1");
}

void notify_status(std::string_view text) {
    notify("STATUS=" + std::string(text));
}

} // namespace hallpass::ops
