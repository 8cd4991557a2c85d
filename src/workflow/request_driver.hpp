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
#include "workflow/running_lanes.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::workflow {

// Where a snapshot came from: a live event is most likely news, a listed request was most likely seen before.
enum class origin { live, listed };

// On the io_context thread only. Outlives its run().
class request_driver {
public:
    request_driver(environment& shared, std::string request_id);
    request_driver(const request_driver&) = delete;
    request_driver& operator=(const request_driver&) = delete;
    ~request_driver();

    // The newest snapshot replaces one that wasn't looked at yet. One that is older than what is known
    // already changes nothing.
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
    // The line of those who ask where a recipient is: its limits are not those of any recipient.
    inline static const access::address look_ups{""};

    // request_driver.cpp: the turns, and what is known.
    boost::asio::awaitable<void> take_turn();
    boost::asio::awaitable<void> look_once();
    bool take_in(access::access_request newest, origin from); // false: older than what is known
    bool keeps_from_auth() const;
    void keep_from_auth(std::chrono::milliseconds wait);
    boost::asio::awaitable<bool> read_inbox();
    boost::asio::awaitable<bool> learn_what_became_of_it();
    boost::asio::awaitable<bool> accept_snapshot();
    boost::asio::awaitable<bool> know_ledger();
    void ask_recipients();
    access::plan plan_now(const access::ledger& known) const;
    bool waits_for_recipients() const;
    bool waits_for_somebody() const;
    bool at_rest() const noexcept;
    void rest(const access::plan& planned);
    void put_away();
    void forget_ledger();

    // request_round.cpp: claim, send, record.
    boost::asio::awaitable<void> act(access::plan planned);
    boost::asio::awaitable<void> claim_and_send(access::plan planned, std::vector<admission::pass> passes);
    boost::asio::awaitable<void> record_ended(bool stale_claim);
    boost::asio::awaitable<bool> write(access::ledger next);
    void take_ended();
    std::vector<admission::pass> admit(access::plan& planned);
    void leave_lines();
    bool must_record(const access::plan& planned) const;
    void data_is_gone(access::ledger last);
    void auth_failed(const fault& why);
    void be_patient(const access::lane_outcome& outcome);
    std::string service_name() const;

    environment* shared_;
    std::string id_;
    request_age age_;
    ledger_store store_;
    std::unique_ptr<ports::alarm> alarm_;
    std::optional<gate::pass> inside_;

    std::unique_ptr<access::access_request> inbox_;
    access::request_state latest_ = access::request_state::none; // of the newest snapshot
    std::size_t latest_reviews_ = 0;
    origin inbox_from_ = origin::live;
    bool deleted_ = false;
    bool recheck_ = false;
    bool called_ = false; // since the last look somebody said something of the request
    bool stopping_ = false;
    bool finished_ = false;
    bool seen_pending_ = false;
    bool may_assume_absent_ = true;  // of the ledger: until something says that this request isn't new
    bool data_gone_ = false;         // the ledger can't be written any more
    bool claimed_ = false;           // the stored ledger shows our claim, to be given back
    bool stored_incomplete_ = false; // the stored ledger says that recipients are missing

    // What is worked with. Most requests wait most of the time for somebody to decide: then all of it is put
    // away, and made again from the ledger's stored form and the next event.
    std::shared_ptr<const access::access_request> newest_;
    std::unique_ptr<access::access_request> enriched_; // where there was something to fill in
    // As stored, with what has come since; null where it must be made again, as while it is being written.
    std::unique_ptr<access::ledger> ledger_;
    std::unique_ptr<recipient_routes> routes_;
    std::map<access::address, access::patience> patience_;
    std::set<access::address> in_line_; // where we wait to be admitted

    running_lanes lanes_;
    std::vector<access::lane_outcome> unrecorded_;
    instant unrecorded_since_;

    bool warned_of_routing_ = false;

    std::chrono::milliseconds auth_wait_{0};
    instant auth_again_;                 // not before, unless something happened
    std::chrono::milliseconds pause_{0}; // before the next look; none where 0
};

} // namespace hallpass::workflow
