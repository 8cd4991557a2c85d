// One connection to a mail server, and what is said on it.
#pragma once

#include "base/result.hpp"
#include "mail/curl_loop.hpp"
#include "mail/smtp_reply.hpp"
#include "net/watchdog.hpp"
#include "ports/mail_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::mail {

class session {
public:
    using time_point = std::chrono::steady_clock::time_point;

    session(
        const boost::asio::any_io_executor& executor,
        std::unique_ptr<curl_connection> connection,
        ports::mail_server_ptr server
    );
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session();

    const ports::mail_server_ptr& server() const noexcept { return server_; }

    // Something came that nobody asked for: a goodbye, or the end.
    bool is_stale();

    // After a fault, or a reply that says goodbye, the session is of no more use. The fault is uncertain()
    // where the letter had been sent whole.
    boost::asio::awaitable<result<ports::mail_reply>> deliver(const ports::letter& what, time_point deadline);
    boost::asio::awaitable<result<ports::mail_reply>> no_operation(time_point deadline);

    // False where the other side, or a fault, has ended it.
    bool is_usable() const noexcept { return usable_; }

    // Without waiting for the answer.
    void say_goodbye();

private:
    // After a refusal, so that the session is good for the next letter.
    boost::asio::awaitable<void> forget_the_letter(time_point deadline);
    boost::asio::awaitable<result<smtp_reply>> ask(std::string command, time_point deadline);
    boost::asio::awaitable<result<bool>> offers_utf8(time_point deadline);
    boost::asio::awaitable<result<void>> write_all(std::string_view bytes, time_point deadline);
    boost::asio::awaitable<result<smtp_reply>> read_reply(time_point deadline);
    boost::asio::awaitable<result<void>>
    wait(boost::asio::posix::stream_descriptor::wait_type what, time_point deadline);

    std::unique_ptr<curl_connection> connection_;
    ports::mail_server_ptr server_;
    boost::asio::posix::stream_descriptor descriptor_; // a duplicate, to wait on
    net::watchdog limit_;                              // of the wait under way
    reply_reader replies_;
    std::optional<bool> offers_utf8_; // once it was asked
    bool usable_ = true;
};

} // namespace hallpass::mail
