#include "teleport/gateway.hpp"

#include "teleport/call.hpp"
#include "teleport/convert.hpp"

#include <malloc.h>
#include <utility>

namespace hallpass::teleport {

using stub = proto::AuthService::Stub;

namespace {

constexpr std::chrono::seconds list_limit{60};
constexpr int large_listing = 1000;

} // namespace

gateway::gateway(
    session_slot& sessions, enrich::enricher& details, const in_flight& calls, std::chrono::milliseconds limit
)
    : sessions_(sessions), details_(details), calls_(calls), limit_(limit) {}

boost::asio::awaitable<result<std::optional<access::access_request>>> gateway::read_request(std::string id) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    types::AccessRequestFilter filter;
    filter.set_id(id);
    server_stream<types::AccessRequestV3> stream(
        *on, (*on)->auth(), &stub::PrepareAsyncGetAccessRequestsV2, filter, "GetAccessRequestsV2", until
    );
    std::optional<access::access_request> found;
    types::AccessRequestV3 message;
    bool more = co_await stream.start();
    while (more) {
        more = co_await stream.read(message);
        if (more && message.metadata().name() == id) {
            found = to_access_request(message);
        }
    }
    const result<void> finished = co_await stream.finish();
    if (!finished && finished.error().kind() != fault_kind::not_found) {
        co_return finished.error();
    }
    co_return found;
}

boost::asio::awaitable<result<ports::plugin_data>>
gateway::read_plugin_data(std::string request_id, std::string plugin) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    types::PluginDataFilter filter;
    filter.set_kind(access_request_kind);
    filter.set_resource(request_id);
    filter.set_plugin(plugin);
    const result<proto::PluginDataSeq> found = co_await unary_call(
        *on, (*on)->auth(), &stub::AsyncGetPluginData, std::move(filter), "GetPluginData", until
    );
    if (!found) {
        co_return found.error();
    }
    co_return to_plugin_data(*found, plugin);
}

boost::asio::awaitable<result<std::vector<ports::stored_plugin_data>>>
gateway::list_plugin_data(std::string plugin, std::unordered_set<std::string> except) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + list_limit;
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    types::PluginDataFilter filter;
    filter.set_kind(access_request_kind);
    filter.set_plugin(plugin);
    result<proto::PluginDataSeq> found = co_await unary_call(
        *on, (*on)->auth(), &stub::AsyncGetPluginData, std::move(filter), "GetPluginData", until
    );
    if (!found) {
        co_return found.error();
    }
    std::vector<ports::stored_plugin_data> all = to_stored_plugin_data(*found, plugin, except);
    if (found->plugindata_size() > large_listing) {
        found->Clear();
        proto::PluginDataSeq().Swap(&*found);
        malloc_trim(0); // once in minutes; it would stay resident for good otherwise
    }
    co_return all;
}

boost::asio::awaitable<result<void>> gateway::update_plugin_data(ports::plugin_data_update update) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    types::PluginDataUpdateParams message = to_message(update);
    const result<google::protobuf::Empty> done = co_await unary_call(
        *on, (*on)->auth(), &stub::AsyncUpdatePluginData, std::move(message), "UpdatePluginData", until
    );
    if (!done) {
        co_return done.error();
    }
    co_return result<void>();
}

boost::asio::awaitable<access::access_request> gateway::enrich(access::access_request request) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    // Named, because a temporary request in an awaiting statement is one of the traps of g++ 12.
    access::access_request enriched = co_await details_.enrich(std::move(request), until);
    co_return enriched;
}

} // namespace hallpass::teleport
