// A bounded memory of answers that are good for a while.
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::teleport::enrich {

template <class Value>
class expiring_cache {
public:
    expiring_cache(std::chrono::milliseconds lifetime, std::size_t capacity)
        : lifetime_(lifetime), capacity_(capacity) {}

    const Value* find(const std::string& key, instant now) const {
        const auto at = entries_.find(key);
        return at != entries_.end() && now < at->second.until ? &at->second.value : nullptr;
    }

    // Where there is no room, what is out of date goes, and if nothing is, everything: simple, and rare.
    void put(const std::string& key, Value value, instant now) {
        if (entries_.size() >= capacity_) {
            std::erase_if(entries_, [now](const auto& entry) { return entry.second.until <= now; });
        }
        if (entries_.size() >= capacity_) {
            entries_.clear();
        }
        entries_.insert_or_assign(key, entry{std::move(value), now + lifetime_});
    }

    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct entry {
        Value value;
        instant until;
    };

    std::chrono::milliseconds lifetime_;
    std::size_t capacity_;
    std::map<std::string, entry> entries_;
};

} // namespace hallpass::teleport::enrich
