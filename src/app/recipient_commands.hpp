// The programs behind `hallpass validate` and `hallpass uninstall`: one service, without Teleport.
#pragma once

#include <string>

namespace hallpass::app {

// Says where the recipient is told, and posts a sample request there with two reviews.
int run_validate(const std::string& config_path, const std::string& service, const std::string& recipient);

// Takes away from every configured recipient what the service has installed for them.
int run_uninstall(const std::string& config_path, const std::string& service);

} // namespace hallpass::app
