// One coroutine that carries one Access Request through one service, from created through reviewed to
// resolved.
#pragma once

#include "access/access_request.hpp"
#include "access/ledger.hpp"
#include "access/outcome.hpp"
#include "access/plan.hpp"
#include "ports/status.hpp"
#include "workflow/environment.hpp"
#include "workflow/ledger_store.hpp"
#include "workflow/recipient_routes.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::workflow {

// Where a snapshot came from: a live event is most likely news, a listed request was most likely seen before.
enum class origin { live, listed };

// On the io_context thread only. Outlives its run().
class request_driver {
public:
    request_driver(environment& shared, std::string request_id);

    // The newest snapshot replaces one that wasn't looked at yet.
    void put(access::access_request newest, origin from);
    // Teleport has deleted the request.
    void put_deleted();
    // The request isn't among the pending ones any more: ask what became of it.
    void recheck();

    // Finish the calls under way, release the claim, and end.
    void stop();

    // Nothing more will ever be done: the next event needs a new driver.
    bool finished() const noexcept { return finished_; }

    // The newest snapshot is not resolved.
    bool open() const noexcept { return !deleted_ && latest_ == access::request_state::pending; }

    ports::request_status status() const;

    boost::asio::awaitable<void> run();

private:
    boost::asio::awaitable<void> take_turn();
    boost::asio::awaitable<void> look_once();
    boost::asio::awaitable<bool> read_inbox();
    boost::asio::awaitable<bool> learn_what_became_of_it();
    boost::asio::awaitable<bool> know_ledger();
    boost::asio::awaitable<void> resolve_recipients();
    boost::asio::awaitable<void> perform(access::plan planned);
    boost::asio::awaitable<void> perform_unrecorded(access::plan planned);
    boost::asio::awaitable<std::vector<access::lane_outcome>> run_lanes(std::vector<access::lane> lanes);
    boost::asio::awaitable<void> record_outcomes(std::vector<access::lane_outcome> outcomes);

    access::plan plan_now() const;
    void data_is_gone();
    void write_failed(const fault& why);
    void auth_failed(const fault& why);
    void be_patient(const access::lane_outcome& outcome);
    void rest_until(std::optional<instant> when);
    void put_away();
    void forget_ledger();
    std::string service_name() const;

    environment* shared_;
    std::string id_;
    ledger_store store_;
    std::unique_ptr<ports::alarm> alarm_;

    std::unique_ptr<access::access_request> inbox_;
    access::request_state latest_ = access::request_state::none; // of the newest snapshot
    origin inbox_from_ = origin::live;
    bool deleted_ = false;
    bool recheck_ = false;
    bool stopping_ = false;
    bool finished_ = false;
    bool seen_pending_ = false;
    bool may_assume_absent_ = true; // of the ledger: until something says that this request isn't new
    bool data_gone_ = false;        // the ledger can't be written any more

    // What is worked with. Most requests wait most of the time for somebody to decide: then all of it is put
    // away, and made again from the ledger's stored form and the next event.
    std::unique_ptr<access::access_request> newest_;
    std::unique_ptr<access::access_request> enriched_; // where there was something to fill in
    std::unique_ptr<access::ledger> ledger_;
    std::unique_ptr<recipient_routes> routes_;
    std::map<access::address, access::patience> patience_;

    std::chrono::milliseconds auth_wait_{0};
    std::chrono::milliseconds pause_{0}; // before the next look; none where 0
};

} // namespace hallpass::workflow
