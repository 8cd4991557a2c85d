#include "simulation/simulated_auth.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hallpass::simulation {

namespace asio = boost::asio;

namespace {

// A call takes a turn of the loop, as over a network.
asio::awaitable<void> travel() {
    co_await asio::post(asio::use_awaitable);
}

std::optional<simulated_auth::mishap> take(std::deque<simulated_auth::mishap>& from) {
    if (from.empty()) {
        return std::nullopt;
    }
    simulated_auth::mishap next = std::move(from.front());
    from.pop_front();
    return next;
}

} // namespace

asio::awaitable<result<std::optional<access::access_request>>> simulated_auth::read_request(std::string id) {
    ++calls["GetAccessRequestsV2"];
    co_await travel();
    if (auto bad = take(next_reads)) {
        co_return bad->what;
    }
    const auto found = requests.find(id);
    std::optional<access::access_request> request;
    if (found != requests.end()) {
        request = found->second;
    }
    co_return request;
}

asio::awaitable<result<ports::plugin_data>>
simulated_auth::read_plugin_data(std::string request_id, std::string plugin) {
    ++calls["GetPluginData"];
    co_await travel();
    if (auto bad = take(next_reads)) {
        co_return bad->what;
    }
    co_return data[request_id][plugin];
}

asio::awaitable<result<std::vector<ports::stored_plugin_data>>>
simulated_auth::list_plugin_data(std::string plugin, std::unordered_set<std::string> except) {
    ++calls["GetPluginData all"];
    co_await travel();
    if (auto bad = take(next_reads)) {
        co_return bad->what;
    }
    std::vector<ports::stored_plugin_data> all;
    for (const auto& [id, plugins] : data) {
        const auto entry = plugins.find(plugin);
        if (entry != plugins.end() && !entry->second.empty() && !except.contains(id)) {
            all.emplace_back(id, entry->second);
        }
    }
    co_return all;
}

asio::awaitable<result<void>> simulated_auth::update_plugin_data(ports::plugin_data_update update) {
    ++calls["UpdatePluginData"];
    co_await travel();
    if (before_update) {
        const std::function<void()> first = std::exchange(before_update, nullptr);
        first();
    }
    std::optional<mishap> bad = take(next_updates);
    if (bad && !bad->done_all_the_same) {
        co_return bad->what;
    }
    result<void> swapped = compare_and_swap(update);
    if (bad) {
        co_return bad->what;
    }
    co_return swapped;
}

asio::awaitable<access::access_request> simulated_auth::enrich(access::access_request request) {
    co_return request;
}

result<void> simulated_auth::compare_and_swap(const ports::plugin_data_update& update) {
    ports::plugin_data& stored = data[update.request_id][update.plugin];
    if (stored.empty() && !requests.contains(update.request_id)) {
        return fault(fault_kind::not_found, "UpdatePluginData: the request is gone");
    }
    for (const auto& [key, value] : update.expect) {
        const auto found = stored.find(key);
        if ((found == stored.end() ? std::string() : found->second) != value) {
            return fault(fault_kind::conflict, "UpdatePluginData: expectation failed for " + key);
        }
    }
    for (const auto& [key, value] : update.set) {
        if (value.empty()) {
            stored.erase(key);
        } else {
            stored[key] = value;
        }
    }
    return {};
}

} // namespace hallpass::simulation
