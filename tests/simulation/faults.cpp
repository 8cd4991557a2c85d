#include "simulation/faults.hpp"

namespace hallpass::simulation {

using namespace std::chrono_literals;

namespace {

unsigned some(chance& draw) {
    constexpr unsigned rates[] = {0, 0, 0, 10, 50, 200};
    return rates[draw.below(std::size(rates))];
}

fault_rates draw_rates(chance& draw) {
    fault_rates rates;
    rates.refused = some(draw);
    rates.lost_there = some(draw);
    rates.lost_back = some(draw);
    rates.limited = some(draw);
    rates.slow = some(draw);
    rates.crash = draw.below(3) == 0 ? 20 : 0;
    return rates;
}

} // namespace

faults faults::drawn_from(chance& draw) {
    faults all;
    all.auth = draw_rates(draw);
    all.auth.limited = 0;
    all.service = draw_rates(draw);
    return all;
}

call_fate faults::draw_fate(chance& draw, const fault_rates& rates) {
    call_fate fate;
    // A call arrives in less than hallpass's settling time, or never: what comes later can't be told from
    // what never comes.
    fate.there = draw.between(1ms, 200ms);
    fate.back = draw.between(1ms, 200ms);
    if (draw.in_thousand(rates.slow)) {
        fate.back = draw.between(1s, 15s);
    }
    if (draw.in_thousand(rates.refused)) {
        fate.refused = fault(fault_kind::transient, "503");
    } else if (draw.in_thousand(rates.limited)) {
        fate.refused = fault(fault_kind::rate_limited, "429");
        fate.refused->set_retry_after(draw.between(0ms, 30s));
    } else if (draw.in_thousand(rates.lost_there)) {
        fate.lost_there = true;
    } else if (draw.in_thousand(rates.lost_back)) {
        fate.lost_back = true;
    }
    return fate;
}

call_fate faults::of_auth(chance& draw) const {
    call_fate fate = draw_fate(draw, auth);
    if (auth_is_down) {
        fate = {};
        fate.refused = fault(fault_kind::transient, "auth is down");
    }
    return fate;
}

call_fate faults::of_service(chance& draw, const std::string& address) const {
    call_fate fate = draw_fate(draw, service);
    if (service_is_down) {
        fate = {};
        fate.lost_there = draw.below(4) == 0;
        fate.refused = fault(fault_kind::transient, "service is down");
    } else if (refused_addresses.contains(address) && !fate.refused && !fate.lost_there) {
        fate.lost_back = false;
        fate.refused = fault(fault_kind::permanent, "channel_not_found");
    }
    return fate;
}

void faults::end() {
    *this = none();
}

} // namespace hallpass::simulation
