#include "mail/mail_client.hpp"

#include "base/text.hpp"
#include "mail/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <list>
#include <utility>

namespace hallpass::mail {

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using ports::mail_reply;
using clock = std::chrono::steady_clock;

std::string name_of(const ports::mail_server& server) {
    return server.host + ':' + std::to_string(server.port);
}

// Those that nobody uses hang up after a while, without anybody waiting for it.
struct idle_session {
    idle_session(std::unique_ptr<session> kept, const asio::any_io_executor& executor)
        : kept(std::move(kept)), end(executor) {}

    std::unique_ptr<session> kept;
    asio::steady_timer end;
};

// Everything that handlers and calls share.
struct shop : std::enable_shared_from_this<shop> {
    shop(asio::any_io_executor executor_, client_options options_, ports::log& out_)
        : executor(std::move(executor_)),
          options(std::move(options_)),
          out(out_),
          names(executor, options.look_up) {}

    std::unique_ptr<session> take_idle(const ports::mail_server_ptr& server) {
        for (auto at = idle.begin(); at != idle.end();) {
            const bool stale = at->kept->is_stale();
            if (!stale && at->kept->server() == server) {
                std::unique_ptr<session> taken = std::move(at->kept);
                idle.erase(at);
                return taken;
            }
            at = stale ? idle.erase(at) : std::next(at);
        }
        return nullptr;
    }

    void keep(std::unique_ptr<session> used) {
        if (!used->is_usable()) {
            return;
        }
        if (closed) {
            used->say_goodbye();
            return;
        }
        idle_session& one = idle.emplace_back(std::move(used), executor);
        one.end.expires_after(options.idle_timeout);
        one.end.async_wait([weak = weak_from_this(), which = &one](const boost::system::error_code& error) {
            const std::shared_ptr<shop> self = weak.lock();
            if (!error && self) {
                self->let_go(which);
            }
        });
    }

    // It may have been taken in the moment in which its time was over.
    void let_go(const idle_session* which) {
        const auto found = std::find_if(idle.begin(), idle.end(), [which](const idle_session& one) {
            return &one == which;
        });
        if (found != idle.end()) {
            found->kept->say_goodbye();
            idle.erase(found);
        }
    }

    void shut() {
        closed = true;
        for (idle_session& one : idle) {
            one.kept->say_goodbye();
        }
        idle.clear();
    }

    const asio::any_io_executor executor;
    const client_options options;
    ports::log& out;
    net::resolver names;
    std::unique_ptr<curl_loop> loop; // null until the first letter: who sends none needs no libcurl
    std::list<idle_session> idle;
    bool closed = false;
    std::size_t at_work = 0;
    std::deque<asio::steady_timer*> in_line;
};

// A place among the connections at work.
class place {
public:
    explicit place(std::shared_ptr<shop> owner) : owner_(std::move(owner)) {}

    place(const place&) = delete;
    place& operator=(const place&) = delete;

    ~place() {
        if (!taken_) {
            return;
        }
        --owner_->at_work;
        wake_next();
    }

    awaitable<result<void>> take(clock::time_point deadline) {
        while (owner_->at_work >= owner_->options.max_connections) {
            asio::steady_timer turn(owner_->executor, deadline);
            owner_->in_line.push_back(&turn);
            co_await turn.async_wait(asio::as_tuple(asio::use_awaitable));
            std::erase(owner_->in_line, &turn);
            const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) {
                wake_next(); // it may have been our turn
                co_return fault(fault_kind::cancelled, "cancelled");
            }
            if (clock::now() >= deadline) {
                co_return fault(fault_kind::transient, "other letters are still on their way");
            }
        }
        ++owner_->at_work;
        taken_ = true;
        co_return result<void>();
    }

private:
    void wake_next() {
        if (!owner_->in_line.empty()) {
            owner_->in_line.front()->cancel();
            owner_->in_line.pop_front();
        }
    }

    std::shared_ptr<shop> owner_;
    bool taken_ = false;
};

// "mail.example.com:587:192.0.2.1,192.0.2.2", as libcurl wants to be told.
std::string as_resolved(const ports::mail_server& server, const net::addresses& found) {
    std::string where = server.host + ':' + std::to_string(server.port) + ':';
    for (std::size_t i = 0; i < found.size(); ++i) {
        where.append(i == 0 ? "" : ",").append(found[i].to_string());
    }
    return where;
}

awaitable<result<opened>>
open_session(std::shared_ptr<shop> owner, ports::mail_server_ptr server, clock::time_point deadline) {
    boost::system::error_code not_an_address;
    asio::ip::make_address(server->host, not_an_address);
    std::string where;
    if (not_an_address) {
        const result<net::addresses> found = co_await owner->names.resolve(server->host, deadline);
        if (!found) {
            co_return found.error();
        }
        where = as_resolved(*server, *found);
    }
    if (!owner->loop) {
        result<std::unique_ptr<curl_loop>> loaded = make_curl_loop(owner->executor);
        if (!loaded) {
            co_return loaded.error();
        }
        owner->loop = std::move(*loaded);
    }
    auto made = co_await owner->loop->open(std::move(server), std::move(where), deadline);
    co_return made;
}

struct errand {
    ports::mail_server_ptr server;
    ports::letter what;
    bool has_letter = false;
    clock::time_point deadline;
};

awaitable<result<mail_reply>> exchange(session& with, const errand& what) {
    if (what.has_letter) {
        return with.deliver(what.what, what.deadline);
    }
    return with.no_operation(what.deadline);
}

// A connection that was idle may have gone the moment it is used. Then nothing has been sent yet.
bool is_worth_another(const result<mail_reply>& said) {
    if (!said) {
        return said.error().kind() == fault_kind::transient && !said.error().uncertain();
    }
    return said->code == 421;
}

awaitable<result<mail_reply>> carry_out(std::shared_ptr<shop> owner, errand what) {
    place own(owner);
    const result<void> taken = co_await own.take(what.deadline);
    if (!taken) {
        co_return taken.error();
    }
    if (std::unique_ptr<session> used = owner->take_idle(what.server)) {
        result<mail_reply> said = co_await exchange(*used, what);
        owner->keep(std::move(used));
        if (!is_worth_another(said)) {
            co_return said;
        }
    }
    result<opened> made = co_await open_session(owner, what.server, what.deadline);
    if (!made) {
        co_return made.error();
    }
    if (!made->connection) {
        co_return std::move(made->refusal);
    }
    auto fresh = std::make_unique<session>(owner->executor, std::move(made->connection), what.server);
    result<mail_reply> said = co_await exchange(*fresh, what);
    owner->keep(std::move(fresh));
    co_return said;
}

class pooling_mail_client final : public ports::mail_client {
public:
    pooling_mail_client(asio::any_io_executor executor, client_options options, ports::log& out)
        : shop_(std::make_shared<shop>(std::move(executor), std::move(options), out)) {}

    pooling_mail_client(const pooling_mail_client&) = delete;
    pooling_mail_client& operator=(const pooling_mail_client&) = delete;

    ~pooling_mail_client() override { shop_->shut(); }

    awaitable<result<mail_reply>>
    send(ports::mail_server_ptr server, ports::letter what, std::chrono::milliseconds deadline) override {
        errand wanted{std::move(server), std::move(what), true, clock::now() + deadline};
        return run(std::move(wanted));
    }

    awaitable<result<mail_reply>>
    greet(ports::mail_server_ptr server, std::chrono::milliseconds deadline) override {
        errand wanted{std::move(server), {}, false, clock::now() + deadline};
        return run(std::move(wanted));
    }

    void close() override { shop_->shut(); }

private:
    awaitable<result<mail_reply>> run(errand what) {
        const std::shared_ptr<shop> owner = shop_;
        const ports::mail_server_ptr server = what.server;
        // A cancelled call is a fault of that kind, not an exception: what it uses goes back to its place.
        const bool throwing = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        const clock::time_point begun = clock::now();
        result<mail_reply> said = co_await carry_out(owner, std::move(what));
        co_await asio::this_coro::throw_if_cancelled(throwing);
        log_call(*owner, *server, said, clock::now() - begun);
        if (said) {
            co_return said;
        }
        fault led = said.error().in("SMTP " + name_of(*server));
        co_return led;
    }

    static void log_call(
        const shop& owner,
        const ports::mail_server& server,
        const result<mail_reply>& said,
        clock::duration taken
    ) {
        if (!owner.out.enabled(ports::severity::debug)) {
            return;
        }
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken);
        owner.out.debug(
            "mail_call", {{"server", name_of(server)},
                          {said ? "reply" : "error", said ? said->text : said.error().text()},
                          {"ms", std::to_string(ms.count())}}
        );
    }

    std::shared_ptr<shop> shop_;
};

} // namespace

std::unique_ptr<ports::mail_client>
make_mail_client(asio::any_io_executor executor, client_options options, ports::log& out) {
    return std::make_unique<pooling_mail_client>(std::move(executor), std::move(options), out);
}

} // namespace hallpass::mail
