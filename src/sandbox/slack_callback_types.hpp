// What the simulated Slack sends an app, and what comes back, whichever way it goes.
#pragma once

#include <boost/json/object.hpp>

#include <chrono>
#include <string>

namespace hallpass::sandbox {

// The app's signing secret; everybody may know it.
constexpr const char* sandbox_signing_secret = "sandbox-signing-secret";

struct callback_request {
    boost::json::object payload;
    std::string secret = sandbox_signing_secret; // another one makes a forgery
    std::chrono::seconds age{0};                 // how long ago it says that it was signed
    std::chrono::milliseconds deadline{3000};    // after which the user sees an error
};

struct callback_answer {
    int status = 0; // 0: none came in time
    std::string body;
    std::string problem; // why there is no status
    std::chrono::milliseconds took{0};
};

} // namespace hallpass::sandbox
