#include "access/ledger.hpp"

#include <algorithm>

namespace hallpass::access {

const delivery* ledger::find(const address& to) const noexcept {
    const auto found =
        std::find_if(deliveries.begin(), deliveries.end(), [&](const delivery& one) { return one.to == to; });
    return found == deliveries.end() ? nullptr : &*found;
}

delivery* ledger::find(const address& to) noexcept {
    return const_cast<delivery*>(std::as_const(*this).find(to));
}

std::size_t add_deliveries(ledger& into, const std::vector<destination>& destinations) {
    std::size_t left_out = 0;
    if (into.adopted) {
        return left_out;
    }
    for (const destination& wanted : destinations) {
        if (delivery* known = into.find(wanted.to)) {
            if (wanted.reader == audience::requester && known->message.empty() && !known->sending.any()) {
                known->reader = audience::requester;
                known->recipient = wanted.recipient;
            }
            continue;
        }
        if (into.deliveries.size() >= max_deliveries) {
            ++left_out;
            continue;
        }
        delivery added;
        added.recipient = wanted.recipient;
        added.reader = wanted.reader;
        added.to = wanted.to;
        added.sending.card = into.half_made;
        into.deliveries.push_back(std::move(added));
    }
    return left_out;
}

} // namespace hallpass::access
