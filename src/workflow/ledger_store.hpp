// The ledger of one Access Request in Teleport's plugin data: read, and written by compare-and-swap against
// what was last read or written here.
#pragma once

#include "access/ledger.hpp"
#include "ports/access_gateway.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace hallpass::workflow {

class ledger_store {
public:
    // The gateway outlives the store.
    ledger_store(ports::access_gateway& gateway, std::string plugin, std::string request_id);

    boost::asio::awaitable<result<access::ledger>> read();

    // What was last read or written here, if anything was and forget() was not called since. Costs no call.
    std::unique_ptr<access::ledger> known() const;

    // Nothing is stored, as far as we know.
    bool empty() const noexcept { return stored_.empty(); }

    // Somebody else has written since.
    void forget();

    // Nothing has been written for this request, as far as we know: saves the read for a request just
    // created. Where it isn't so, the next write is a conflict.
    access::ledger assume_absent();

    // Looks at `next` before its first wait only. conflict: somebody else wrote since; read again. not_found:
    // the request is gone, and nothing was ever written.
    boost::asio::awaitable<result<void>> write(const access::ledger& next);

private:
    ports::access_gateway* gateway_;
    std::string plugin_;
    std::string request_id_;
    ports::plugin_data stored_; // as far as we know
    bool known_ = false;
};

} // namespace hallpass::workflow
