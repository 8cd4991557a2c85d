// Whether a new assembly could take over: everything it needs is tried once, beside the one that still works.
#pragma once

#include "app/assembly.hpp"
#include "base/result.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::app {

class trial {
public:
    // The candidate outlives it.
    explicit trial(assembly& candidate);

    // Connects to the cluster and asks every service, at most 30 s. The reasons against it, none where it may
    // take over: a service that fails for now is none.
    boost::asio::awaitable<std::vector<std::string>> run();

    // Ends run() soon.
    void cancel();

private:
    boost::asio::awaitable<void> probe();
    boost::asio::awaitable<void> check(std::size_t index);
    boost::asio::awaitable<void> limit();

    assembly* candidate_;
    workflow::task_group tries_;
    workflow::task_group limits_;
    std::unique_ptr<ports::alarm> limit_;
    std::optional<result<std::string>> cluster_;
    std::vector<std::optional<result<std::string>>> services_; // as in the candidate
};

} // namespace hallpass::app
