// What systemd wants to know of a unit of type notify-reload. Where nobody asked (no NOTIFY_SOCKET), nothing
// happens.
#pragma once

#include <string_view>

namespace hallpass::ops {

void notify_ready();
// To be followed by notify_ready(), however the reload ends.
void notify_reloading();
void notify_stopping();
// One line for `systemctl status`.
void notify_status(std::string_view text);

} // namespace hallpass::ops
