#include "mail/curl_loop.hpp"

#include "base/text.hpp"
#include "mail/curl_functions.hpp"
#include "mail/smtp_reply.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <optional>
#include <utility>

namespace hallpass::mail {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using ports::mail_encryption;
using ports::mail_login;

struct easy_deleter {
    void operator()(CURL* easy) const noexcept { curl->easy_cleanup(easy); }

    const curl_functions* curl;
};

struct list_deleter {
    void operator()(curl_slist* list) const noexcept { curl->slist_free_all(list); }

    const curl_functions* curl;
};

// A socket of libcurl's that it wants to be watched. The descriptor is a duplicate, so that libcurl may close
// its own whenever it likes.
struct watched {
    watched(const asio::any_io_executor& executor, curl_socket_t socket)
        : socket(socket), descriptor(executor, ::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {}

    curl_socket_t socket;
    asio::posix::stream_descriptor descriptor;
    int wanted = CURL_POLL_NONE;
    bool reading = false;
    bool writing = false;
};

// One connection being opened.
struct transfer {
    transfer(const curl_functions& curl, const asio::any_io_executor& executor)
        : curl(curl),
          easy(curl.easy_init(), easy_deleter{&curl}),
          addresses(nullptr, list_deleter{&curl}),
          ended(executor, clock::time_point::max()) {
        if (!easy) {
            throw std::bad_alloc();
        }
    }

    const curl_functions& curl;
    std::unique_ptr<CURL, easy_deleter> easy;
    std::unique_ptr<curl_slist, list_deleter> addresses;
    std::array<char, CURL_ERROR_SIZE> problem{};
    reply_reader replies;
    std::optional<smtp_reply> last;
    std::optional<CURLcode> outcome;
    asio::steady_timer ended;
    ports::mail_server_ptr server;
};

std::size_t take_reply_line(char* bytes, std::size_t, std::size_t size, void* owner) {
    auto& one = *static_cast<transfer*>(owner);
    const bool sound = one.replies.feed(std::string_view(bytes, size));
    while (auto reply = one.replies.take()) {
        one.last = std::move(reply);
    }
    return sound ? size : 0;
}

std::string url_of(const ports::mail_server& server) {
    const bool is_v6 = server.host.find(':') != std::string::npos;
    const std::string host = is_v6 ? '[' + server.host + ']' : server.host;
    return (server.encryption == mail_encryption::from_start ? "smtps://" : "smtp://") + host + ':' +
           std::to_string(server.port) + '/' + server.own_name;
}

long tls_use(mail_encryption encryption) noexcept {
    switch (encryption) {
    case mail_encryption::from_start:
    case mail_encryption::starttls:
        return CURLUSESSL_ALL;
    case mail_encryption::starttls_if_offered:
        return CURLUSESSL_TRY;
    case mail_encryption::none:
        break;
    }
    return CURLUSESSL_NONE;
}

const char* login_options(mail_login login) noexcept {
    switch (login) {
    case mail_login::plain:
        return "AUTH=PLAIN";
    case mail_login::login:
        return "AUTH=LOGIN";
    case mail_login::xoauth2:
        return "AUTH=XOAUTH2";
    case mail_login::any_password:
    case mail_login::none:
        break;
    }
    return "AUTH=PLAIN;AUTH=LOGIN";
}

void set_login(const curl_functions& curl, CURL* easy, const ports::mail_server& server) {
    if (server.login == mail_login::none) {
        return;
    }
    const std::string password(server.password.reveal());
    curl.easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, login_options(server.login));
    curl.easy_setopt(easy, CURLOPT_USERNAME, server.username.c_str());
    const bool by_token = server.login == mail_login::xoauth2;
    curl.easy_setopt(easy, by_token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, password.c_str());
}

// The system's authorities, or those that OpenSSL's variables name, as everywhere in hallpass.
void set_trust(const curl_functions& curl, CURL* easy) {
    curl.easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl.easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl.easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (const char* file = std::getenv("SSL_CERT_FILE")) {
        curl.easy_setopt(easy, CURLOPT_CAINFO, file);
    }
    if (const char* folder = std::getenv("SSL_CERT_DIR")) {
        curl.easy_setopt(easy, CURLOPT_CAPATH, folder);
    }
}

void prepare(transfer& one, const std::string& where, clock::time_point deadline) {
    const curl_functions& curl = one.curl;
    CURL* easy = one.easy.get();
    const ports::mail_server& server = *one.server;
    const std::string url = url_of(server);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    curl.easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl.easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl.easy_setopt(easy, CURLOPT_PROXY, "");
    curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(left > 0 ? left : 1));
    curl.easy_setopt(easy, CURLOPT_USE_SSL, tls_use(server.encryption));
    curl.easy_setopt(easy, CURLOPT_ERRORBUFFER, one.problem.data());
    curl.easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_reply_line);
    curl.easy_setopt(easy, CURLOPT_HEADERDATA, &one);
    curl.easy_setopt(easy, CURLOPT_PRIVATE, &one);
    if (!where.empty()) {
        one.addresses.reset(curl.slist_append(nullptr, where.c_str()));
        curl.easy_setopt(easy, CURLOPT_RESOLVE, one.addresses.get());
    }
    set_trust(curl, easy);
    set_login(curl, easy, server);
}

std::string_view mend_of(CURLcode code) noexcept {
    if (code == CURLE_USE_SSL_FAILED) {
        return "; it offers no STARTTLS: is the port right, or does somebody in between take it away?";
    }
    return code == CURLE_PEER_FAILED_VERIFICATION ? "; SSL_CERT_FILE names the authorities to trust" : "";
}

fault failure_of(const transfer& one) {
    const char* told =
        one.problem.front() != '\0' ? one.problem.data() : one.curl.easy_strerror(*one.outcome);
    return fault(fault_kind::transient, one_line(told, 300).append(mend_of(*one.outcome)));
}

result<opened> refusal_of(const transfer& one) {
    const bool said_no = one.last && one.last->code >= 400;
    const bool at_login = *one.outcome == CURLE_LOGIN_DENIED;
    const bool no_tls = *one.outcome == CURLE_USE_SSL_FAILED;
    if (no_tls || (!said_no && !at_login)) {
        return failure_of(one);
    }
    opened made;
    made.refusal.stage = at_login ? ports::mail_stage::login : ports::mail_stage::greeting;
    made.refusal.code = said_no ? one.last->code : 0;
    made.refusal.text = said_no ? one.last->text : "offers none of the ways to log in that are allowed";
    return made;
}

// Everything that libcurl calls back into. Handlers under way keep it.
class core : public std::enable_shared_from_this<core> {
public:
    core(const curl_functions& curl, asio::any_io_executor executor)
        : curl(curl), executor_(std::move(executor)), timer_(executor_), multi_(curl.multi_init()) {
        if (multi_ == nullptr) {
            throw std::bad_alloc();
        }
        curl.multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &core::on_socket);
        curl.multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
        curl.multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &core::on_timer);
        curl.multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        curl.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 64L);
    }

    core(const core&) = delete;
    core& operator=(const core&) = delete;

    ~core() { shut(); }

    // After the last connection has gone.
    void shut() {
        if (multi_ != nullptr) {
            curl.multi_cleanup(std::exchange(multi_, nullptr));
            timer_.cancel();
        }
    }

    asio::any_io_executor executor() const { return executor_; }

    const curl_functions& curl;

    bool add(transfer& one) { return curl.multi_add_handle(multi_, one.easy.get()) == CURLM_OK; }

    // Closes its connection too.
    void remove(transfer& one) noexcept {
        if (multi_ != nullptr) {
            curl.multi_remove_handle(multi_, one.easy.get());
        }
    }

private:
    using slot = std::shared_ptr<watched>;

    static int on_socket(CURL*, curl_socket_t socket, int wanted, void* owner, void* known) {
        core& self = *static_cast<core*>(owner);
        auto* held = static_cast<slot*>(known);
        if (wanted == CURL_POLL_REMOVE) {
            if (held != nullptr) {
                (*held)->wanted = CURL_POLL_NONE;
                (*held)->descriptor.close();
                delete held;
                self.curl.multi_assign(self.multi_, socket, nullptr);
            }
            return 0;
        }
        if (held == nullptr) {
            held = new slot(std::make_shared<watched>(self.executor_, socket));
            self.curl.multi_assign(self.multi_, socket, held);
        }
        (*held)->wanted = wanted;
        self.watch(*held);
        return 0;
    }

    static int on_timer(CURLM*, long in_ms, void* owner) {
        static_cast<core*>(owner)->set_timer(in_ms);
        return 0;
    }

    void set_timer(long in_ms) {
        if (in_ms < 0) {
            timer_.cancel();
            return;
        }
        timer_.expires_after(std::chrono::milliseconds(in_ms));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const std::shared_ptr<core> self = weak.lock();
            if (!error && self) {
                self->act(CURL_SOCKET_TIMEOUT, 0);
            }
        });
    }

    void watch(const slot& one) {
        if ((one->wanted & CURL_POLL_IN) != 0 && !one->reading) {
            one->reading = true;
            wait(one, asio::posix::stream_descriptor::wait_read, CURL_CSELECT_IN, &watched::reading);
        }
        if ((one->wanted & CURL_POLL_OUT) != 0 && !one->writing) {
            one->writing = true;
            wait(one, asio::posix::stream_descriptor::wait_write, CURL_CSELECT_OUT, &watched::writing);
        }
    }

    void wait(slot one, asio::posix::stream_descriptor::wait_type what, int event, bool watched::*waiting) {
        auto& descriptor = one->descriptor;
        descriptor.async_wait(
            what,
            [weak = weak_from_this(), one = std::move(one), event,
             waiting](const boost::system::error_code& error) {
                const std::shared_ptr<core> self = weak.lock();
                (*one).*waiting = false;
                if (error || !self || self->multi_ == nullptr || one->wanted == CURL_POLL_NONE) {
                    return;
                }
                const int wanted_bit = event == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT;
                if ((one->wanted & wanted_bit) != 0) {
                    self->act(one->socket, event);
                }
                self->watch(one); // unless it was taken away meanwhile: then nothing is wanted
            }
        );
    }

    void act(curl_socket_t socket, int events) {
        if (multi_ == nullptr) {
            return;
        }
        int running = 0;
        curl.multi_socket_action(multi_, socket, events, &running);
        int left = 0;
        while (CURLMsg* message = curl.multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) {
                continue;
            }
            char* owner = nullptr;
            curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
            auto* one = static_cast<transfer*>(static_cast<void*>(owner));
            one->outcome = message->data.result;
            one->ended.cancel();
        }
    }

    asio::any_io_executor executor_;
    asio::steady_timer timer_;
    CURLM* multi_;
};

class raw_connection final : public curl_connection {
public:
    raw_connection(std::shared_ptr<core> loop, std::unique_ptr<transfer> made)
        : loop_(std::move(loop)), made_(std::move(made)) {
        curl_socket_t socket = CURL_SOCKET_BAD;
        made_->curl.easy_getinfo(made_->easy.get(), CURLINFO_ACTIVESOCKET, &socket);
        socket_ = socket;
    }

    raw_connection(const raw_connection&) = delete;
    raw_connection& operator=(const raw_connection&) = delete;

    ~raw_connection() override { loop_->remove(*made_); }

    int descriptor() const noexcept override { return socket_; }

    result<std::size_t> read(std::span<char> into) override {
        std::size_t count = 0;
        const CURLcode code = made_->curl.easy_recv(made_->easy.get(), into.data(), into.size(), &count);
        if (code == CURLE_AGAIN) {
            return std::size_t{0};
        }
        if (code != CURLE_OK) {
            return broken(code);
        }
        return count > 0 ? result<std::size_t>(count)
                         : fault(fault_kind::transient, "the server has closed the connection");
    }

    result<std::size_t> write(std::string_view bytes) override {
        std::size_t count = 0;
        const CURLcode code = made_->curl.easy_send(made_->easy.get(), bytes.data(), bytes.size(), &count);
        if (code != CURLE_OK && code != CURLE_AGAIN) {
            return broken(code);
        }
        return count;
    }

private:
    fault broken(CURLcode code) const {
        return fault(
            fault_kind::transient, std::string("the connection broke: ") + made_->curl.easy_strerror(code)
        );
    }

    std::shared_ptr<core> loop_;
    std::unique_ptr<transfer> made_;
    int socket_ = -1;
};

// Takes a connection being opened out of the loop, however its opening ends.
struct in_loop {
    in_loop(core& loop, transfer& one) : loop(loop), one(&one) {}

    in_loop(const in_loop&) = delete;
    in_loop& operator=(const in_loop&) = delete;

    ~in_loop() {
        if (one != nullptr) {
            loop.remove(*one);
        }
    }

    core& loop;
    transfer* one;
};

class asio_curl_loop final : public curl_loop {
public:
    asio_curl_loop(const curl_functions& curl, asio::any_io_executor executor)
        : core_(std::make_shared<core>(curl, std::move(executor))) {}

    asio_curl_loop(const asio_curl_loop&) = delete;
    asio_curl_loop& operator=(const asio_curl_loop&) = delete;

    ~asio_curl_loop() override { core_->shut(); }

    asio::awaitable<result<opened>>
    open(ports::mail_server_ptr server, std::string where, clock::time_point deadline) override {
        const std::shared_ptr<core> loop = core_;
        auto one = std::make_unique<transfer>(loop->curl, loop->executor());
        one->server = std::move(server);
        prepare(*one, where, deadline);
        if (!loop->add(*one)) {
            co_return fault(fault_kind::bug, "libcurl takes no further connection");
        }
        in_loop hold(*loop, *one);
        while (!one->outcome) {
            co_await one->ended.async_wait(asio::as_tuple(asio::use_awaitable));
            const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) {
                co_return fault(fault_kind::cancelled, "cancelled");
            }
        }
        if (*one->outcome != CURLE_OK) {
            co_return refusal_of(*one);
        }
        hold.one = nullptr;
        opened made;
        made.connection = std::make_unique<raw_connection>(loop, std::move(one));
        co_return made;
    }

private:
    std::shared_ptr<core> core_;
};

} // namespace

result<std::unique_ptr<curl_loop>> make_curl_loop(asio::any_io_executor executor) {
    const result<const curl_functions*> curl = load_curl();
    if (!curl) {
        return curl.error();
    }
    return std::make_unique<asio_curl_loop>(**curl, std::move(executor));
}

} // namespace hallpass::mail
