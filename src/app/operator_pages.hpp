// What a running hallpass answers its operator over HTTP: pages by path, at one address.
#pragma once

#include "app/process.hpp"
#include "base/result.hpp"
#include "net/http_server.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace hallpass::app {

// On the io_context thread. close() must have ended before it dies.
class operator_pages {
public:
    // Made on the io_context's thread, at once.
    using page = std::function<net::server_response()>;

    explicit operator_pages(process& owner);

    // Answers GET and HEAD of the path.
    void add(std::string path, page make);

    // Serves the pages there: "unix:/path" or "host:port". permanent where that can't be listened on.
    result<void> listen(const std::string& address);

    boost::asio::awaitable<void> close();

private:
    boost::asio::awaitable<net::server_response> answer(net::server_request request);
    boost::asio::awaitable<void> serve(std::shared_ptr<net::http_server> server);

    process* owner_;
    std::map<std::string, page> pages_;
    std::shared_ptr<net::http_server> server_;
    workflow::task_group tasks_;
};

} // namespace hallpass::app
