// What people do while everything fails: requests are created, reviewed, and resolved or deleted or left
// alone. All choices come from a seed.
#pragma once

#include "judge.hpp"
#include "support/http_peer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace hallpass::chaos {

class load {
public:
    // `control` outlives it. `plugin` is the service whose notes tell what it knows. All requests are to be
    // created within `creating`.
    load(
        const test::http_peer& control,
        std::string plugin,
        std::size_t requests,
        std::chrono::milliseconds creating,
        std::uint64_t seed
    );

    // Creates what is due, and takes some of the next steps that are possible. A request is reviewed,
    // resolved or deleted only after an instance has written it down: until then it was pending where nobody
    // watched, and hallpass has promised nothing.
    void take_turn(std::chrono::milliseconds since_begin);

    bool done() const noexcept { return ids_.size() == wanted_ && open_.empty(); }

    const std::vector<std::string>& ids() const noexcept { return ids_; }

private:
    enum class step { bob_approves, carol_approves, approve, deny, erase };

    struct open_request {
        std::string id;
        std::deque<step> steps;
    };

    std::deque<step> draw_steps();
    void create(std::size_t count);
    void take(const std::string& id, step next) const;
    // A number from 0 to `below` - 1.
    std::size_t draw(std::size_t below);

    const test::http_peer& control_;
    std::string plugin_;
    std::size_t wanted_;
    std::chrono::milliseconds creating_;
    std::mt19937_64 random_;
    std::vector<std::string> ids_;
    std::vector<open_request> open_; // those with steps left
};

} // namespace hallpass::chaos
