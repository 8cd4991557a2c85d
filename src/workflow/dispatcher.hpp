// One driver for each open Access Request of one service: made when the request is first heard of, gone when
// it is settled.
#pragma once

#include "ports/access_gateway.hpp"
#include "ports/status.hpp"
#include "workflow/environment.hpp"
#include "workflow/request_driver.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hallpass::workflow {

// On the io_context thread only. stop() and join() before it dies.
class dispatcher final : public ports::access_events {
public:
    explicit dispatcher(environment shared);

    void connected(const access::cluster& to) override;
    void changed(access::access_request request) override;
    void deleted(std::string request_id) override;
    void listed(std::vector<access::access_request> pending) override;

    // Something of the request has changed that no event tells of.
    void look_again(const std::string& request_id);

    // Every driver finishes what is under way and ends; new events are not taken.
    void stop();

    // Ends when every driver has ended.
    boost::asio::awaitable<void> join();

    // Aborts what stop() left running. To be joined all the same.
    void abort();

    std::size_t size() const noexcept { return drivers_.size(); }

    ports::service_status status() const;

private:
    void tell(const std::string& request_id, const std::function<void(request_driver&)>& news);

    // Requests that aren't pending any more, and that the ledger still shows open.
    boost::asio::awaitable<void> reconcile(std::unordered_set<std::string> pending, std::size_t listing);
    void look_at(const std::vector<ports::stored_plugin_data>& all);

    environment shared_;
    task_group tasks_;
    std::unordered_map<std::string, std::shared_ptr<request_driver>> drivers_;
    std::unique_ptr<ports::alarm> reconcile_again_;
    std::size_t listings_ = 0;
    std::optional<instant> reconciled_at_; // last begun; nothing since the last connection
    // When we came back to a request that the ledger shows unfinished: what is refused isn't asked for all
    // the time.
    std::unordered_map<std::string, instant> looked_at_;
    bool stopping_ = false;
};

} // namespace hallpass::workflow
