// What `hallpass check` says of [http]: whether callbacks could come in.
#pragma once

#include "app/process.hpp"
#include "config/configuration.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace hallpass::app {

enum class checked { well, soon, failed };

struct checked_line {
    checked how = checked::well;
    std::string what; // "http.https_cert_file"
    std::string text; // the file or address, what is wrong with it, and what to do
};

// For a configuration whose services take callbacks. Binds the address for a moment, unless a hallpass with
// this state directory runs, which may hold it.
boost::asio::awaitable<std::vector<checked_line>>
check_http(process& owner, config::http_section settings, std::string state_dir);

} // namespace hallpass::app
