// The keys in which upstream's plugins for tickets keep the one ticket of a request (upstream-ticketing 6).
#pragma once

#include "access/ledger.hpp"
#include "ports/access_gateway.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::workflow {

// Null where upstream's plugin has no such keys: it lists its messages.
struct ticket_keys {
    std::string_view plugin;
    std::string_view id;
    std::string_view name;  // "" where there is none, and then the id is its name
    std::string_view place; // "" where there is none
    bool found_by_key;      // what it makes carries a key by which our own look-up finds it
};

const ticket_keys* ticket_keys_of(std::string_view plugin) noexcept;

// Adds the ticket that the keys name, or gives it to the delivery that waits for one in its place; false
// where they name none, or it is known.
bool take_ticket(const ticket_keys& keys, const ports::plugin_data& data, access::ledger& into);

// Upstream has one ticket for each request: the first.
void write_ticket(
    const ticket_keys& keys, const std::vector<access::delivery>& deliveries, ports::plugin_data& data
);

// Nothing but `pending` where neither says how it ended.
access::request_state read_resolution(const ports::plugin_data& data);
void write_resolution(access::request_state state, std::string_view plugin, ports::plugin_data& data);

} // namespace hallpass::workflow
