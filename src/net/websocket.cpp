#include "net/websocket.hpp"

#include "base/text.hpp"
#include "net/watchdog.hpp"
#include "net/websocket_layer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

constexpr std::size_t waiting_messages = 256; // then nothing more is read
constexpr std::size_t unsent_bytes = std::size_t{4} * 1024 * 1024;
constexpr auto parting = 2s;
// After half of it without a word a ping goes out.
constexpr auto longest_silence = 40s;

fault as_fault(const error_code& error, const websocket::close_reason& reason) {
    if (error == websocket::error::closed) {
        std::string why = "the other side closed the connection";
        if (reason.code != websocket::close_code::none) {
            why += ", code " + std::to_string(reason.code);
        }
        const std::string words = one_line(std::string_view(reason.reason.data(), reason.reason.size()), 100);
        return fault(fault_kind::transient, why + (words.empty() ? "" : ": " + words));
    }
    const bool ill = error == websocket::error::message_too_big || error == websocket::error::bad_opcode ||
                     error == websocket::error::bad_frame_payload ||
                     error == websocket::error::bad_data_frame || error == websocket::error::bad_size;
    return fault(ill ? fault_kind::malformed : fault_kind::transient, "the connection: " + error.message());
}

// Shared by its owner and its two loops, which end when the stream does.
class session : public std::enable_shared_from_this<session> {
public:
    using stream_type = websocket::stream<websocket_layer, false>;

    session(const asio::any_io_executor& executor, std::unique_ptr<byte_stream> stream, std::string begun)
        : executor_(executor),
          ws_(websocket_layer(executor, std::move(stream), std::move(begun))),
          changed_(executor),
          sent_(executor) {}

    stream_type& stream() noexcept { return ws_; }

    void start(std::size_t max_message_bytes) {
        ws_.read_message_max(max_message_bytes);
        ws_.auto_fragment(false);
        websocket::stream_base::timeout limits{};
        limits.handshake_timeout = parting;
        limits.idle_timeout = longest_silence;
        limits.keep_alive_pings = true;
        ws_.set_option(limits);
        ws_.text(true);
        asio::co_spawn(executor_, read_all(shared_from_this()), rethrow);
    }

    void abort() noexcept {
        ws_.next_layer().stream().abort();
        end(fault(fault_kind::cancelled, "we closed the connection"));
    }

    asio::awaitable<result<std::optional<std::string>>> receive(std::chrono::milliseconds at_most) {
        const std::shared_ptr<session> alive = shared_from_this();
        const auto until = std::chrono::steady_clock::now() + at_most;
        while (inbox_.empty() && !ended_) {
            changed_.expires_at(until);
            const auto [woken] = co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
            if (!woken) {
                break;
            }
        }
        if (inbox_.empty()) {
            if (ended_) {
                co_return *ended_;
            }
            co_return std::optional<std::string>();
        }
        std::optional<std::string> next(std::move(inbox_.front()));
        inbox_.pop_front();
        sent_.cancel();
        co_return next;
    }

    result<void> send(std::string text) {
        if (ended_) {
            return *ended_;
        }
        if (unsent_ + text.size() > unsent_bytes) {
            return fault(fault_kind::transient, "the other side doesn't read what it is sent");
        }
        unsent_ += text.size();
        outbox_.push_back(std::move(text));
        if (!std::exchange(writing_, true)) {
            asio::co_spawn(executor_, write_all(shared_from_this()), rethrow);
        }
        return {};
    }

    asio::awaitable<void> close(int code) {
        const std::shared_ptr<session> alive = shared_from_this();
        watchdog limit(executor_, [alive] { alive->abort(); });
        limit.set(std::chrono::steady_clock::now() + parting);
        while (writing_ && !ended_) {
            sent_.expires_at(asio::steady_timer::time_point::max());
            co_await sent_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        if (!ended_) {
            const auto number = static_cast<std::uint16_t>(code);
            co_await ws_.async_close(websocket::close_reason(number), asio::as_tuple(asio::use_awaitable));
        }
        abort();
    }

    std::optional<int> close_code() const noexcept { return closed_with_; }

private:
    static void rethrow(const std::exception_ptr& thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    }

    static asio::awaitable<void> read_all(std::shared_ptr<session> self) {
        beast::flat_buffer buffer;
        while (!self->ended_) {
            const auto [error, count] =
                co_await self->ws_.async_read(buffer, asio::as_tuple(asio::use_awaitable));
            if (error) {
                self->end_with(error);
                break;
            }
            if (!self->ws_.got_text()) {
                self->end(fault(fault_kind::malformed, "the other side sent what isn't text"));
                self->ws_.next_layer().stream().abort();
                break;
            }
            self->inbox_.push_back(beast::buffers_to_string(buffer.data()));
            buffer.consume(buffer.size());
            self->changed_.cancel();
            while (self->inbox_.size() >= waiting_messages && !self->ended_) {
                self->sent_.expires_at(asio::steady_timer::time_point::max());
                co_await self->sent_.async_wait(asio::as_tuple(asio::use_awaitable));
            }
        }
    }

    static asio::awaitable<void> write_all(std::shared_ptr<session> self) {
        while (!self->outbox_.empty() && !self->ended_) {
            const std::string next = std::move(self->outbox_.front());
            self->outbox_.pop_front();
            const auto [error, count] =
                co_await self->ws_.async_write(asio::buffer(next), asio::as_tuple(asio::use_awaitable));
            self->unsent_ -= next.size();
            if (error) {
                self->end_with(error);
            }
        }
        self->writing_ = false;
        self->sent_.cancel();
    }

    void end_with(const error_code& error) {
        const websocket::close_reason reason = ws_.reason();
        if (error == websocket::error::closed && reason.code != websocket::close_code::none) {
            closed_with_ = reason.code;
        }
        end(as_fault(error, reason));
    }

    void end(fault why) {
        if (!ended_) {
            ended_ = std::move(why);
        }
        changed_.cancel();
        sent_.cancel();
    }

    asio::any_io_executor executor_;
    stream_type ws_;
    asio::steady_timer changed_; // something came, or it ended
    asio::steady_timer sent_;    // there is room again, on either side, or it ended
    std::deque<std::string> inbox_;
    std::deque<std::string> outbox_;
    std::size_t unsent_ = 0;
    bool writing_ = false;
    std::optional<fault> ended_;
    std::optional<int> closed_with_;
};

class owned_session final : public ports::websocket {
public:
    explicit owned_session(std::shared_ptr<session> shared) : shared_(std::move(shared)) {}

    owned_session(const owned_session&) = delete;
    owned_session& operator=(const owned_session&) = delete;

    ~owned_session() override { shared_->abort(); }

    asio::awaitable<result<std::optional<std::string>>> receive(std::chrono::milliseconds at_most) override {
        return shared_->receive(at_most);
    }

    result<void> send(std::string text) override { return shared_->send(std::move(text)); }

    asio::awaitable<void> close(int code) override { return shared_->close(code); }

    std::optional<int> close_code() const noexcept override { return shared_->close_code(); }

private:
    std::shared_ptr<session> shared_;
};

fault declined(const error_code& error, unsigned status, bool late) {
    if (late) {
        return fault(fault_kind::transient, "opening a WebSocket took too long");
    }
    if (error != beast::websocket::error::upgrade_declined) {
        const bool protocol = error.category() == make_error_code(beast::websocket::error::closed).category();
        return fault(
            protocol ? fault_kind::malformed : fault_kind::transient,
            "opening a WebSocket: " + error.message()
        );
    }
    const bool passing = status >= 500 || status == 429 || status == 408;
    const bool ours = status == 401 || status == 403;
    return fault(
        ours      ? fault_kind::unauthorised
        : passing ? fault_kind::transient
                  : fault_kind::permanent,
        "opening a WebSocket was answered with HTTP " + std::to_string(status)
    );
}

} // namespace

asio::awaitable<result<std::unique_ptr<ports::websocket>>> greet_websocket(
    asio::any_io_executor executor, std::unique_ptr<byte_stream> stream, websocket_greeting greeting
) {
    const auto made = std::make_shared<session>(executor, std::move(stream), std::string());
    watchdog limit(executor, [made] { made->abort(); });
    limit.set(greeting.deadline);
    made->stream().set_option(websocket::stream_base::decorator([&greeting](websocket::request_type& request
                                                                ) {
        for (const auto& [name, value] : greeting.headers) {
            request.set(name, value);
        }
    }));
    websocket::response_type answer;
    const auto [error] = co_await made->stream().async_handshake(
        answer, greeting.host, greeting.target, asio::as_tuple(asio::use_awaitable)
    );
    if (error) {
        co_return declined(error, answer.result_int(), limit.expired());
    }
    limit.clear();
    made->start(greeting.max_message_bytes);
    std::unique_ptr<ports::websocket> owned = std::make_unique<owned_session>(made);
    co_return owned;
}

asio::awaitable<result<std::unique_ptr<ports::websocket>>> accept_websocket(
    asio::any_io_executor executor, std::unique_ptr<byte_stream> stream, websocket_upgrade asked
) {
    const auto made = std::make_shared<session>(executor, std::move(stream), std::move(asked.begun));
    watchdog limit(executor, [made] { made->abort(); });
    limit.set(std::chrono::steady_clock::now() + parting);
    websocket::request_type request(beast::http::verb::get, asked.target, 11);
    for (const auto& [name, value] : asked.headers) {
        request.insert(name, value);
    }
    const auto [error] = co_await made->stream().async_accept(request, asio::as_tuple(asio::use_awaitable));
    if (error) {
        co_return fault(fault_kind::malformed, "accepting a WebSocket: " + error.message());
    }
    limit.clear();
    made->start(asked.max_message_bytes);
    std::unique_ptr<ports::websocket> owned = std::make_unique<owned_session>(made);
    co_return owned;
}

} // namespace hallpass::net
