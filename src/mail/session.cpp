#include "mail/session.hpp"

#include "mail/transparency.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <utility>

namespace hallpass::mail {

namespace asio = boost::asio;
using asio::awaitable;
using asio::posix::stream_descriptor;
using ports::mail_reply;
using ports::mail_stage;

namespace {

mail_reply at_stage(mail_stage stage, smtp_reply said) {
    mail_reply made;
    made.stage = stage;
    made.code = said.code;
    made.text = std::move(said.text);
    return made;
}

constexpr int service_closing = 421;

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

session::session(
    const asio::any_io_executor& executor,
    std::unique_ptr<curl_connection> connection,
    ports::mail_server_ptr server
)
    : connection_(std::move(connection)),
      server_(std::move(server)),
      descriptor_(executor, ::fcntl(connection_->descriptor(), F_DUPFD_CLOEXEC, 0)),
      limit_(executor, [this] { descriptor_.cancel(); }) {}

session::~session() = default;

bool session::is_stale() {
    std::array<char, 512> unasked{};
    const result<std::size_t> count = connection_->read(unasked);
    usable_ = usable_ && count && *count == 0 && !replies_.holds_bytes();
    return !usable_;
}

void session::say_goodbye() {
    if (usable_) {
        usable_ = false;
        static_cast<void>(connection_->write("QUIT\r\n"));
    }
}

awaitable<result<void>> session::wait(stream_descriptor::wait_type what, time_point deadline) {
    limit_.set(deadline);
    const auto [error] = co_await descriptor_.async_wait(what, asio::as_tuple(asio::use_awaitable));
    const bool late = limit_.expired();
    limit_.clear();
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        co_return fault(fault_kind::cancelled, "cancelled");
    }
    if (late) {
        co_return fault(fault_kind::transient, "no answer in time");
    }
    if (error) {
        co_return fault(fault_kind::transient, error.message());
    }
    co_return result<void>();
}

awaitable<result<void>> session::write_all(std::string_view bytes, time_point deadline) {
    while (!bytes.empty()) {
        const result<std::size_t> count = connection_->write(bytes);
        if (!count) {
            usable_ = false;
            co_return count.error();
        }
        bytes.remove_prefix(*count);
        if (*count == 0) {
            const result<void> waited = co_await wait(stream_descriptor::wait_write, deadline);
            if (!waited) {
                usable_ = false;
                co_return waited;
            }
        }
    }
    co_return result<void>();
}

awaitable<result<smtp_reply>> session::read_reply(time_point deadline) {
    std::array<char, 4096> bytes{};
    while (true) {
        if (auto reply = replies_.take()) {
            usable_ = usable_ && reply->code != service_closing;
            co_return std::move(*reply);
        }
        const result<std::size_t> count = connection_->read(bytes);
        if (!count) {
            usable_ = false;
            co_return count.error();
        }
        if (*count == 0) {
            const result<void> waited = co_await wait(stream_descriptor::wait_read, deadline);
            if (!waited) {
                usable_ = false;
                co_return waited.error();
            }
        } else if (!replies_.feed(std::string_view(bytes.data(), *count))) {
            usable_ = false;
            co_return fault(fault_kind::malformed, "it says what is no reply of a mail server");
        }
    }
}

awaitable<result<smtp_reply>> session::ask(std::string command, time_point deadline) {
    const result<void> written = co_await write_all(command, deadline);
    if (!written) {
        co_return written.error();
    }
    auto reply = co_await read_reply(deadline);
    co_return reply;
}

awaitable<result<mail_reply>> session::no_operation(time_point deadline) {
    std::string command = "NOOP\r\n";
    result<smtp_reply> said = co_await ask(std::move(command), deadline);
    if (!said) {
        co_return said.error();
    }
    const mail_stage stage = said->code < 400 ? mail_stage::accepted : mail_stage::greeting;
    co_return at_stage(stage, std::move(*said));
}

// libcurl has said EHLO already, and keeps the answer for itself.
awaitable<result<bool>> session::offers_utf8(time_point deadline) {
    if (!offers_utf8_) {
        std::string command = "EHLO " + server_->own_name + "\r\n";
        const result<smtp_reply> said = co_await ask(std::move(command), deadline);
        if (!said) {
            co_return said.error();
        }
        offers_utf8_ = said->code / 100 == 2 && said->names_utf8;
    }
    co_return *offers_utf8_;
}

awaitable<result<mail_reply>> session::deliver(const ports::letter& what, time_point deadline) {
    const bool needs_utf8 = !is_ascii(what.to);
    if (needs_utf8) {
        const result<bool> offered = co_await offers_utf8(deadline);
        if (!offered) {
            co_return offered.error();
        }
        if (!*offered) {
            co_return at_stage(mail_stage::recipient, {0, "it offers no SMTPUTF8, which the address needs"});
        }
    }
    const std::string as_utf8 = needs_utf8 ? " SMTPUTF8 BODY=8BITMIME" : "";
    const std::array<std::pair<mail_stage, std::string>, 3> commands{{
        {mail_stage::sender, "MAIL FROM:<" + what.from + ">" + as_utf8 + "\r\n"},
        {mail_stage::recipient, "RCPT TO:<" + what.to + ">\r\n"},
        {mail_stage::content, "DATA\r\n"},
    }};
    for (const auto& [stage, command] : commands) {
        result<smtp_reply> said = co_await ask(command, deadline);
        if (!said) {
            co_return said.error();
        }
        const int wanted = stage == mail_stage::content ? 3 : 2;
        if (said->code / 100 == wanted) {
            continue;
        }
        mail_reply refusal = at_stage(stage, std::move(*said));
        co_await forget_the_letter(deadline);
        co_return refusal;
    }
    const std::string content = with_transparency(what.text);
    const result<void> written = co_await write_all(content, deadline);
    if (!written) {
        co_return written.error(); // without the final dot it is no letter
    }
    result<smtp_reply> said = co_await read_reply(deadline);
    if (!said) {
        fault lost = said.error();
        lost.set_uncertain(true);
        co_return lost;
    }
    if (said->code / 100 == 2) {
        co_return at_stage(mail_stage::accepted, std::move(*said));
    }
    mail_reply refusal = at_stage(mail_stage::content, std::move(*said));
    // The server should have forgotten it by itself (RFC 5321, 4.1.1.4); Postfix hasn't always.
    co_await forget_the_letter(deadline);
    co_return refusal;
}

awaitable<void> session::forget_the_letter(time_point deadline) {
    if (usable_) {
        std::string reset = "RSET\r\n";
        const result<smtp_reply> cleared = co_await ask(std::move(reset), deadline);
        usable_ = usable_ && cleared && cleared->code / 100 == 2;
    }
}

} // namespace hallpass::mail
