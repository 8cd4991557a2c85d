#include "services/published_keys.hpp"

#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services {

namespace json = boost::json;
using boost::asio::awaitable;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds between_looks = 1min;
constexpr std::chrono::seconds after_failure = 10s;
constexpr milliseconds least_wait{100};
constexpr std::size_t most_keys = 200;

} // namespace

result<std::vector<published_key>> read_published_keys(std::string_view body) {
    const auto parsed = parse_foreign(body, 8);
    const json::value* list =
        parsed && parsed->is_object() ? parsed->get_object().if_contains("keys") : nullptr;
    if (!list || !list->is_array()) {
        return fault(fault_kind::malformed, "the document of keys has none");
    }
    std::vector<published_key> all;
    for (const json::value& one : list->get_array()) {
        if (!one.is_object() || all.size() >= most_keys) {
            continue;
        }
        const json::object& described = one.get_object();
        if (auto key = public_key::make(described)) {
            all.push_back({std::string(text_of(described, "kid")), *std::move(key), described});
        }
    }
    return all;
}

const published_key*
find_key(const std::vector<published_key>& keys, std::string_view id, std::string_view algorithm) {
    const published_key* found = nullptr;
    for (const published_key& one : keys) {
        if (one.key.algorithm() != algorithm || (!id.empty() && one.id != id)) {
            continue;
        }
        if (found != nullptr) {
            return nullptr;
        }
        found = &one;
    }
    return found;
}

published_keys::published_keys(ports::clock& time, fetch ask, keys_kept kept)
    : time_(time), ask_(std::move(ask)), kept_(kept), asking_(time) {}

std::shared_ptr<const published_key>
published_keys::known(const std::string& id, const std::string& algorithm) const {
    if (!keys_ || time_.now() >= renewed_ + kept_.counted_for) {
        return nullptr;
    }
    return {keys_, find_key(*keys_, id, algorithm)};
}

bool published_keys::is_settled(bool found) const {
    const instant now = time_.now();
    const bool fresh = keys_ != nullptr && now < renewed_ + kept_.fresh_for;
    const bool asked_lately =
        has_asked_ && now < asked_ + (asked_ == renewed_ ? between_looks : after_failure);
    return (found && fresh) || asked_lately;
}

awaitable<result<std::shared_ptr<const published_key>>>
published_keys::find(std::string id, std::string algorithm, milliseconds at_most) {
    const instant until = time_.now() + at_most;
    std::shared_ptr<const published_key> found = known(id, algorithm);
    if (!is_settled(found != nullptr)) {
        const auto turn = co_await asking_.enter(at_most);
        found = known(id, algorithm);
        if (turn && !is_settled(found != nullptr)) {
            const auto left = std::chrono::duration_cast<milliseconds>(until - time_.now());
            renewal_ = co_await renew(std::max(left, least_wait));
            found = known(id, algorithm);
        }
    }
    if (!found && renewal_.has_error()) {
        co_return renewal_.error();
    }
    co_return found;
}

awaitable<result<void>> published_keys::renew(milliseconds at_most) {
    asked_ = time_.now();
    has_asked_ = true;
    const result<std::string> body = co_await ask_(at_most);
    if (body.has_error()) {
        co_return body.error();
    }
    auto read = read_published_keys(*body);
    if (read.has_error()) {
        co_return read.error();
    }
    keys_ = std::make_shared<const std::vector<published_key>>(*std::move(read));
    renewed_ = asked_;
    co_return result<void>();
}

} // namespace hallpass::services
