// The approvals of one Access Request where hallpass judges: in Teleport's plugin data, under a name of their
// own, so that all services and instances count together and no service's ledger is touched.
#pragma once

#include "access/review_rules.hpp"
#include "ports/access_gateway.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace hallpass::workflow {

std::string encode_approvals(const std::vector<access::approval>& given);

// Takes anything: what can't be understood counts as no approval.
std::vector<access::approval> decode_approvals(const std::string& text);

class approval_store {
public:
    // The gateway outlives the store.
    approval_store(ports::access_gateway& gateway, std::string request_id);

    boost::asio::awaitable<result<std::vector<access::approval>>> read();

    // Adds to what was read last. conflict: somebody else wrote since; read again. not_found: the request is
    // gone.
    boost::asio::awaitable<result<void>> add(access::approval one);

private:
    ports::access_gateway& gateway_;
    std::string request_id_;
    std::string stored_; // as last read
};

} // namespace hallpass::workflow
