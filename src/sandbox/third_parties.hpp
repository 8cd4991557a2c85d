// Every third party of the sandbox that has a folder of its own, and the servers they stand behind.
#pragma once

#include "base/result.hpp"
#include "sandbox/local_server.hpp"
#include "sandbox/third_party.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox {

std::span<const third_party_kind* const> third_party_kinds();

// Makes an HTTPS server for a handler.
using open_server = std::function<result<std::unique_ptr<local_server>>(net::request_handler)>;

// One of them at work. On the thread of the servers, but for `faults`.
struct hosted_party {
    std::string_view name;
    std::unique_ptr<fault_plan> faults;
    std::unique_ptr<third_party> party;
    std::unique_ptr<local_server> server;
};

class third_parties {
public:
    // `delays` outlives them.
    result<void> start(
        const third_party_environment& environment, waits& delays, std::uint64_t seed, const open_server& open
    );

    // Null where there is none of that name.
    hosted_party* find(std::string_view name);

    const std::vector<std::unique_ptr<hosted_party>>& all() const noexcept { return all_; }

    void go_down();
    boost::asio::awaitable<void> close();

private:
    std::vector<std::unique_ptr<hosted_party>> all_;
};

} // namespace hallpass::sandbox
