#include "workflow/ledger_store.hpp"

#include "workflow/ledger_codec.hpp"

#include <utility>

namespace hallpass::workflow {

namespace {

// What must change to get from one to the other: "" deletes.
ports::plugin_data difference(const ports::plugin_data& from, const ports::plugin_data& to) {
    ports::plugin_data changes;
    for (const auto& [key, value] : to) {
        const auto old = from.find(key);
        if (old == from.end() || old->second != value) {
            changes[key] = value;
        }
    }
    return changes;
}

// Keys of earlier spellings and of other versions stay; only what this version writes is taken away.
void delete_absent(
    const ports::plugin_data& from, const ports::plugin_data& to, ports::plugin_data& changes
) {
    for (const char* key :
         {"messages", "reviews_count", "resolution", "resolve_reason", "channel_id", "timestamp", "issue_id",
          "issue_key", "incident_id", "alert_id"}) {
        if (from.contains(key) && !to.contains(key)) {
            changes[key] = "";
        }
    }
}

} // namespace

ledger_store::ledger_store(ports::access_gateway& gateway, std::string plugin, std::string request_id)
    : gateway_(&gateway), plugin_(std::move(plugin)), request_id_(std::move(request_id)) {}

boost::asio::awaitable<result<access::ledger>> ledger_store::read() {
    result<ports::plugin_data> data = co_await gateway_->read_plugin_data(request_id_, plugin_);
    if (!data) {
        co_return data.error();
    }
    stored_ = std::move(*data);
    known_ = true;
    co_return decode_ledger(request_id_, stored_, plugin_);
}

std::unique_ptr<access::ledger> ledger_store::known() const {
    return known_ ? std::make_unique<access::ledger>(decode_ledger(request_id_, stored_, plugin_)) : nullptr;
}

void ledger_store::forget() {
    stored_.clear();
    known_ = false;
}

access::ledger ledger_store::assume_absent() {
    stored_.clear();
    known_ = true;
    return decode_ledger(request_id_, stored_, plugin_);
}

boost::asio::awaitable<result<void>> ledger_store::write(const access::ledger& next) {
    ports::plugin_data encoded = encode_ledger(next, plugin_);
    ports::plugin_data_update update;
    update.request_id = request_id_;
    update.plugin = plugin_;
    update.set = difference(stored_, encoded);
    delete_absent(stored_, encoded, update.set);
    for (const std::string_view key : compared_keys) {
        const std::string name(key);
        const auto known = stored_.find(name);
        update.expect[name] = known == stored_.end() ? std::string() : known->second;
    }
    result<void> written = co_await gateway_->update_plugin_data(std::move(update));
    if (written) {
        stored_ = std::move(encoded);
    }
    co_return written;
}

} // namespace hallpass::workflow
