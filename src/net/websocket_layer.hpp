// A byte_stream as the lower layer of Beast's WebSocket stream.
#pragma once

#include "net/byte_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/beast/core/role.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace hallpass::net {

// What Beast asks of a stream (its "AsyncStream" and "teardown"). Heavy to compile: for one source file.
class websocket_layer {
public:
    using executor_type = boost::asio::any_io_executor;

    // `begun`: what was read of the stream already.
    websocket_layer(executor_type executor, std::unique_ptr<byte_stream> stream, std::string begun)
        : executor_(std::move(executor)), stream_(std::move(stream)), begun_(std::move(begun)) {}

    executor_type get_executor() noexcept { return executor_; }

    byte_stream& stream() noexcept { return *stream_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token) {
        return initiate(read(first_of(into)), std::forward<Token>(token));
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& from, Token&& token) {
        std::string all(boost::asio::buffer_size(from), '\0');
        boost::asio::buffer_copy(boost::asio::buffer(all), from);
        return initiate(write(std::move(all)), std::forward<Token>(token));
    }

    template <class Handler>
    void end(Handler handler) {
        boost::asio::co_spawn(executor_, finish(), completing(std::move(handler)));
    }

private:
    template <class Buffers>
    static boost::asio::mutable_buffer first_of(const Buffers& all) {
        const auto end = boost::asio::buffer_sequence_end(all);
        for (auto one = boost::asio::buffer_sequence_begin(all); one != end; ++one) {
            const boost::asio::mutable_buffer room(*one);
            if (room.size() > 0) {
                return room;
            }
        }
        return {};
    }

    template <class Token>
    auto initiate(boost::asio::awaitable<io_outcome> operation, Token&& token) {
        auto begin = [this](auto handler, boost::asio::awaitable<io_outcome> work) {
            boost::asio::co_spawn(executor_, std::move(work), completing(std::move(handler)));
        };
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            std::move(begin), token, std::move(operation)
        );
    }

    template <class Handler>
    auto completing(Handler handler) {
        const auto executor = boost::asio::get_associated_executor(handler, executor_);
        return boost::asio::bind_executor(executor, completion<Handler>{std::move(handler)});
    }

    template <class Handler>
    struct completion {
        Handler handler;

        void operator()(const std::exception_ptr& thrown, io_outcome ended) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
            const auto [error, count] = ended;
            std::move(handler)(error, count);
        }

        void operator()(const std::exception_ptr& thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
            std::move(handler)(boost::system::error_code());
        }
    };

    boost::asio::awaitable<io_outcome> read(boost::asio::mutable_buffer into) {
        if (!begun_.empty()) {
            const std::size_t count = std::min(begun_.size(), into.size());
            std::memcpy(into.data(), begun_.data(), count);
            begun_.erase(0, count);
            co_return io_outcome(boost::system::error_code(), count);
        }
        const std::span<char> room(static_cast<char*>(into.data()), into.size());
        const io_outcome outcome = co_await stream_->read_some(room);
        co_return outcome;
    }

    boost::asio::awaitable<io_outcome> write(std::string all) {
        const io_outcome outcome = co_await stream_->write(all);
        co_return outcome;
    }

    boost::asio::awaitable<void> finish() { co_await stream_->finish(); }

    executor_type executor_;
    std::unique_ptr<byte_stream> stream_;
    std::string begun_;
};

template <class Handler>
void async_teardown(boost::beast::role_type, websocket_layer& layer, Handler&& handler) {
    layer.end(std::forward<Handler>(handler));
}

// Called where a time limit has passed.
inline void beast_close_socket(websocket_layer& layer) {
    layer.stream().abort();
}

} // namespace hallpass::net
