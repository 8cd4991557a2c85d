#include "net/resolver.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr auto remembered_for = std::chrono::seconds(30);
constexpr std::size_t most_remembered = 256;
constexpr int most_threads = 4;

struct remembered {
    addresses found;
    clock::time_point until;
};

// One name being looked up, and who waits for it.
struct pending_lookup {
    std::optional<result<addresses>> outcome;
    std::vector<asio::steady_timer*> waiting;
};

} // namespace

// Kept alive by the threads too. Below the mutex is what they touch; the rest is the io_context thread's.
struct resolver::shared : std::enable_shared_from_this<resolver::shared> {
    shared(asio::any_io_executor executor_, name_lookup look_up_)
        : executor(std::move(executor_)), look_up(std::move(look_up_)) {}

    std::shared_ptr<pending_lookup> begin(const std::string& host);
    void work();
    void deliver(const std::string& host, result<addresses> outcome);

    const asio::any_io_executor executor;
    const name_lookup look_up;
    std::map<std::string, remembered> known;
    std::map<std::string, std::shared_ptr<pending_lookup>> pending;

    std::mutex mutex;
    std::deque<std::string> queue;
    int threads = 0;
    bool closed = false;
};

std::shared_ptr<pending_lookup> resolver::shared::begin(const std::string& host) {
    if (const auto found = pending.find(host); found != pending.end()) {
        return found->second;
    }
    auto lookup = std::make_shared<pending_lookup>();
    pending.emplace(host, lookup);
    const std::lock_guard lock(mutex);
    queue.push_back(host);
    if (threads < most_threads) {
        std::thread([self = shared_from_this()] { self->work(); }).detach();
        ++threads;
    }
    return lookup;
}

void resolver::shared::work() {
    std::unique_lock lock(mutex);
    while (!queue.empty() && !closed) {
        std::string host = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        result<addresses> outcome = look_up(host);
        lock.lock();
        // Under the lock: after the destructor the executor's context may be gone.
        if (!closed) {
            asio::post(
                executor, [self = shared_from_this(), host = std::move(host),
                           outcome = std::move(outcome)] { self->deliver(host, outcome); }
            );
        }
    }
    --threads;
}

void resolver::shared::deliver(const std::string& host, result<addresses> outcome) {
    const auto now = clock::now();
    std::erase_if(known, [&](const auto& entry) { return entry.second.until <= now; });
    if (outcome && known.size() < most_remembered) {
        known.insert_or_assign(host, remembered{*outcome, now + remembered_for});
    }
    const auto found = pending.find(host);
    if (found == pending.end()) {
        return;
    }
    const std::shared_ptr<pending_lookup> lookup = found->second;
    pending.erase(found);
    lookup->outcome = std::move(outcome);
    for (asio::steady_timer* waiter : lookup->waiting) {
        waiter->cancel();
    }
}

resolver::resolver(asio::any_io_executor executor, name_lookup look_up)
    : shared_(std::make_shared<shared>(std::move(executor), std::move(look_up))) {}

resolver::~resolver() {
    const std::lock_guard lock(shared_->mutex);
    shared_->closed = true;
}

asio::awaitable<result<addresses>> resolver::resolve(std::string host, clock::time_point deadline) {
    const std::shared_ptr<shared> self = shared_;
    boost::system::error_code no_address;
    const asio::ip::address literal = asio::ip::make_address(host, no_address);
    if (!no_address) {
        addresses only(1, literal);
        co_return only;
    }
    const auto known = self->known.find(host);
    if (known != self->known.end() && known->second.until > clock::now()) {
        co_return known->second.found;
    }
    std::shared_ptr<pending_lookup> lookup;
    try {
        lookup = self->begin(host);
    } catch (const std::system_error& error) {
        self->pending.erase(host);
        fault failed(fault_kind::transient, "no thread to look up " + host + ": " + error.what());
        co_return failed;
    }
    asio::steady_timer timer(self->executor, deadline);
    lookup->waiting.push_back(&timer);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    std::erase(lookup->waiting, &timer);
    if (!lookup->outcome) {
        fault late(fault_kind::transient, "looking up " + host + " took too long");
        co_return late;
    }
    co_return *lookup->outcome;
}

result<addresses> look_up_by_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* first = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &first);
    if (error != 0) {
        const fault_kind kind = error == EAI_NONAME ? fault_kind::permanent : fault_kind::transient;
        return fault(kind, "looking up " + host + ": " + ::gai_strerror(error));
    }
    addresses found;
    for (const addrinfo* entry = first; entry != nullptr; entry = entry->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (entry->ai_addrlen <= endpoint.capacity()) {
            std::copy_n(
                reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen,
                reinterpret_cast<char*>(endpoint.data())
            );
            found.push_back(endpoint.address());
        }
    }
    ::freeaddrinfo(first);
    return found;
}

} // namespace hallpass::net
