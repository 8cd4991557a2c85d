// From the recipients that a request is routed to, to where its service delivers: asked once for each, and
// again after a failure.
#pragma once

#include "access/ledger.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::workflow {

class recipient_routes {
public:
    explicit recipient_routes(environment& shared) : shared_(&shared) {}

    // Asks for every recipient of the request that isn't known yet and is due. Those that can't be had are
    // logged.
    boost::asio::awaitable<void> resolve(const access::access_request& request);

    const std::vector<access::destination>& destinations() const noexcept { return destinations_; }

    // When a recipient that couldn't be resolved will be asked for again.
    std::optional<instant> next_attempt() const;

private:
    struct attempt {
        bool known = false;
        instant not_before;
        std::chrono::milliseconds wait{0};
    };

    boost::asio::awaitable<void>
    resolve_one(std::string request_id, std::string recipient, access::audience reader);
    void note(
        const std::string& request_id, const std::string& recipient, access::audience reader, const fault& why
    );

    environment* shared_;
    std::map<std::pair<access::audience, std::string>, attempt> attempts_;
    std::vector<access::destination> destinations_;
    bool warned_ = false;
};

} // namespace hallpass::workflow
