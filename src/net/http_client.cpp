#include "net/http_client.hpp"

#include "net/client_call.hpp"
#include "net/encode.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;

namespace {

// What would be written as something else than was meant.
std::optional<fault> check_fields(const ports::http_request& request) {
    const auto bad = std::find_if(request.headers.begin(), request.headers.end(), [](const auto& field) {
        return !is_valid_field(field.first, field.second);
    });
    if (bad == request.headers.end()) {
        return std::nullopt;
    }
    // The value may be a secret.
    return fault(fault_kind::malformed, "a header has a control character in its name or value");
}

class pooling_client final : public client {
public:
    pooling_client(asio::any_io_executor executor, client_options options, ports::log& out)
        : core_(std::make_shared<client_core>(std::move(executor), std::move(options), out)) {}

    ~pooling_client() override { shut(*core_); }

    asio::awaitable<result<ports::http_response>> send(ports::http_request request) override {
        const std::shared_ptr<client_core> core = core_;
        if (core->closed) {
            co_return fault(fault_kind::cancelled, "the HTTP client is closed");
        }
        auto target = parse_url(request.url);
        if (!target) {
            co_return target.error();
        }
        if (const auto bad = check_fields(request)) {
            co_return *bad;
        }
        // A cancelled call is a fault of that kind, not an exception: it still has to give its connection
        // back.
        const bool throwing = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        client_call call(core, std::move(request), std::move(*target));
        auto outcome = co_await call.run();
        co_await asio::this_coro::throw_if_cancelled(throwing);
        co_return outcome;
    }

    asio::awaitable<void> close() override {
        const std::shared_ptr<client_core> core = core_;
        shut(*core);
        while (core->calls > 0) {
            core->all_ended.expires_at(asio::steady_timer::time_point::max());
            const auto [woken] = co_await core->all_ended.async_wait(asio::as_tuple(asio::use_awaitable));
            const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
            if (woken && state.cancelled() != asio::cancellation_type::none) {
                co_return;
            }
        }
    }

private:
    static void shut(client_core& core) {
        core.closed = true;
        core.turns.close();
        core.pool->close();
    }

    std::shared_ptr<client_core> core_;
};

} // namespace

std::unique_ptr<client>
make_http_client(asio::any_io_executor executor, client_options options, ports::log& out) {
    return std::make_unique<pooling_client>(std::move(executor), std::move(options), out);
}

} // namespace hallpass::net
