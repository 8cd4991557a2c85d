#include "sandbox/plugin_data_store.hpp"

#include "base/text.hpp"

#include <chrono>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_record_bytes = 256 * 1024;

bool is_known_kind(const std::string& kind) noexcept {
    return kind == "access_request" || kind == "access_list";
}

refusal unknown_kind(const std::string& kind) {
    return {
        refusal_code::invalid_argument,
        "plugin data is kept for access_request and access_list, not for \"" + one_line(kind) + "\""};
}

// A missing key counts as "".
const std::string* mismatch(const plugin_entry& expected, const plugin_entry* stored) {
    for (const auto& [key, value] : expected) {
        std::string_view have;
        if (stored != nullptr) {
            if (const auto found = stored->find(key); found != stored->end()) {
                have = found->second;
            }
        }
        if (have != value) {
            return &key;
        }
    }
    return nullptr;
}

void write(plugin_entry& entry, const plugin_entry& changes) {
    for (const auto& [key, value] : changes) {
        if (value.empty()) {
            entry.erase(key);
        } else {
            entry[key] = value;
        }
    }
}

std::size_t size_of(const plugin_record& record) {
    std::size_t bytes = 0;
    for (const auto& [plugin, entry] : record.entries) {
        for (const auto& [key, value] : entry) {
            bytes += key.size() + value.size();
        }
    }
    return bytes;
}

} // namespace

outcome<void> plugin_data_store::update(
    const plugin_data_change& change, std::optional<instant> access_expiry, instant now
) {
    if (!is_known_kind(change.kind)) {
        return unknown_kind(change.kind);
    }
    const auto key = std::pair{change.kind, change.resource};
    const auto found = records_.find(key);
    plugin_record record;
    if (found != records_.end()) {
        record = found->second;
    } else if (change.kind == "access_request" && !access_expiry) {
        return refusal{
            refusal_code::not_found, "access request \"" + one_line(change.resource) + "\" is not found"};
    } else {
        record.kind = change.kind;
        record.resource = change.resource;
        record.expires = access_expiry.value_or(now) + 1h;
    }
    if (change.kind == "access_list") {
        record.expires = now + 14 * 24h;
    }
    const auto entry = record.entries.find(change.plugin);
    const plugin_entry* stored = entry == record.entries.end() ? nullptr : &entry->second;
    if (const std::string* wrong = mismatch(change.expect, stored)) {
        return refusal{
            refusal_code::failed_precondition, "expectation failed for key \"" + one_line(*wrong) + "\""};
    }
    write(record.entries[change.plugin], change.set);
    if (record.entries[change.plugin].empty()) {
        record.entries.erase(change.plugin);
    }
    if (size_of(record) > max_record_bytes) {
        return refusal{refusal_code::invalid_argument, "plugin data is too large"};
    }
    records_[key] = std::move(record);
    return {};
}

outcome<std::vector<plugin_record>> plugin_data_store::read(const plugin_data_filter& filter) const {
    if (!filter.kind.empty() && !is_known_kind(filter.kind)) {
        return unknown_kind(filter.kind);
    }
    std::vector<plugin_record> wanted;
    const auto take_if_wanted = [&](const plugin_record& record) {
        const bool kind_fits = filter.kind.empty() || filter.kind == record.kind;
        const bool resource_fits = filter.resource.empty() || filter.resource == record.resource;
        const bool plugin_fits = filter.plugin.empty() || record.entries.contains(filter.plugin);
        if (kind_fits && resource_fits && plugin_fits) {
            wanted.push_back(record);
        }
    };
    if (!filter.kind.empty() && !filter.resource.empty()) {
        if (const auto found = records_.find({filter.kind, filter.resource}); found != records_.end()) {
            take_if_wanted(found->second);
        }
        return wanted;
    }
    for (const auto& [key, record] : records_) {
        take_if_wanted(record);
    }
    return wanted;
}

bool plugin_data_store::expire(instant now) {
    return std::erase_if(records_, [now](const auto& item) { return item.second.expires <= now; }) != 0;
}

} // namespace hallpass::sandbox
