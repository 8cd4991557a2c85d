// The lanes of one request that are under way, each a coroutine of its own, and what came of those that
// ended.
#pragma once

#include "access/access_request.hpp"
#include "access/ledger.hpp"
#include "access/outcome.hpp"
#include "access/plan.hpp"
#include "workflow/admission.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <list>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace hallpass::workflow {

class running_lanes {
public:
    // `ended` is woken whenever a lane ends. Both outlive this object; the environment outlives the lanes,
    // too.
    running_lanes(environment& shared, ports::alarm& ended) : shared_(&shared), ended_(&ended) {}

    running_lanes(const running_lanes&) = delete;
    running_lanes& operator=(const running_lanes&) = delete;
    ~running_lanes();

    // `to` is the delivery as the ledger had it before the claim, which ends at `until`.
    void start(
        std::shared_ptr<const access::access_request> request,
        access::delivery to,
        access::lane owed,
        admission::pass admitted,
        instant until
    );

    // Their claim is no longer ours.
    void overtaken();

    // No lane begins a further step: what it would say is old, or nothing more is to be sent.
    void break_off();

    // Ends the calls of lanes that are still under way at that time.
    void cut_at(instant deadline);
    void cut_late();

    // Those that have ended since; they may be started again.
    std::vector<access::lane_outcome> take_ended();

    bool empty() const noexcept { return lanes_.empty(); }

    std::set<access::address> busy() const;
    // When cut_late() has something to do.
    std::optional<instant> next_cut() const;

private:
    struct lane_under_way;

    static boost::asio::awaitable<void> perform(
        environment* shared,
        std::shared_ptr<lane_under_way> lane,
        std::shared_ptr<const access::access_request> request,
        access::delivery to,
        std::vector<access::step> steps
    );

    environment* shared_;
    ports::alarm* ended_;
    std::list<std::shared_ptr<lane_under_way>> lanes_;
};

} // namespace hallpass::workflow
