// Posts to the URL that an app gives a third party, as a third party does: once, and not for long.
#pragma once

#include "net/http_client.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace hallpass::sandbox {

struct posted_answer {
    int status = 0; // 0: none came in time
    std::string body;
    ports::http_headers headers;
    std::string problem; // why there is no status
    std::chrono::milliseconds took{0};
};

// On the io_context's thread.
class callback_poster {
public:
    // `out` outlives it.
    callback_poster(boost::asio::any_io_executor executor, ports::log& out);

    // Trusts these authorities beside the system's: "" for none.
    void trust(const std::string& authorities_pem);

    // `request.deadline` is when the third party gives up.
    boost::asio::awaitable<posted_answer> post(ports::http_request request);

    // Ends what is under way; to be awaited before the end.
    boost::asio::awaitable<void> close();

private:
    boost::asio::any_io_executor executor_;
    ports::log& out_;
    std::shared_ptr<net::client> client_;
};

} // namespace hallpass::sandbox
