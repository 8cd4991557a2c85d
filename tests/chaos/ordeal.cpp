#include "ordeal.hpp"

#include "fleet.hpp"
#include "load.hpp"
#include "sandbox_view.hpp"
#include "support/eventually.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace hallpass::chaos {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

constexpr auto turn = 50ms;
// A claim of a killed instance may have to run out, and waits between attempts have grown.
constexpr auto longest_recovery = 120s;
constexpr std::size_t findings_explained = 3;

std::chrono::milliseconds since(clock_type::time_point begin) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_type::now() - begin);
}

// When something is to happen again, at a time drawn between two others.
class recurrence {
public:
    recurrence(bool wanted, std::chrono::milliseconds least, std::chrono::milliseconds most)
        : wanted_(wanted), least_(least), most_(most) {}

    bool is_due(std::chrono::milliseconds now, std::mt19937_64& random) {
        if (!wanted_ || now < next_) {
            return false;
        }
        const bool first = next_ == 0ms;
        const auto spread = static_cast<std::uint64_t>((most_ - least_).count() + 1);
        next_ = now + least_ + std::chrono::milliseconds(random() % spread);
        return !first;
    }

private:
    bool wanted_;
    std::chrono::milliseconds least_;
    std::chrono::milliseconds most_;
    std::chrono::milliseconds next_{0};
};

// The value of " key=value" in a line of the log; "" where it isn't there.
std::string field(const std::string& line, const std::string& key) {
    const std::string before = ' ' + key + '=';
    const std::size_t at = line.find(before);
    if (at == std::string::npos) {
        return "";
    }
    std::string value = line.substr(at + before.size());
    const bool quoted = value.starts_with('"');
    value.erase(0, quoted ? 1U : 0U);
    value.resize(std::min(value.find(quoted ? '"' : ' '), value.size()));
    return value;
}

class arena {
public:
    explicit arena(const ordeal& what)
        : what_(what),
          world_({"--seed", std::to_string(what.seed)}),
          instances_(world_, what.instances, what.on->sections(world_)),
          load_(world_.control(), what.on->plugin, what.requests, what.creating, what.seed),
          random_(what.seed + 1),
          kills_(what.faults.kills, 200ms, 500ms),
          drops_(what.faults.drops, 100ms, 300ms) {}

    ordeal_result run() {
        ordeal_result ended;
        begin_faults();
        suffer();
        ended.under_faults = since(begin_);
        const auto faults_ended = clock_type::now();
        end_faults();
        test::eventually(
            "the load is done",
            [&] {
                instances_.check_alive();
                load_.take_turn(since(begin_));
                return load_.done();
            },
            longest_recovery
        );
        ended.quiet = become_quiet();
        ended.until_quiet = since(faults_ended);
        // Whatever an instance still had in mind, it has done when it has ended.
        instances_.stop();
        ended.kills = instances_.kills();
        const auto shown = what_.on->read(world_.control(), true);
        ended.messages = shown.size();
        ended.found = judge(the_truth(), shown);
        if (!ended.found.clean()) {
            ended.evidence = explain(ended.found);
        }
        return ended;
    }

private:
    void tell(const std::string& path, json::object body) const {
        world_.control().post(path, std::move(body));
    }

    void begin_faults() {
        begin_ = clock_type::now();
        for (const auto& [path, body] : what_.faults.commands) {
            tell(path, body);
        }
    }

    void end_faults() {
        for (const std::string& side : {what_.on->side, std::string("auth")}) {
            tell("/down", {{"side", side}, {"down", false}});
        }
        for (const auto& [path, body] : what_.on->no_faults()) {
            tell(path, body);
        }
    }

    // Until everything was created and, in good time, driven to its end.
    void suffer() {
        const auto longest = 2 * what_.creating;
        for (auto now = 0ms; now < what_.creating || (!load_.done() && now < longest); now = since(begin_)) {
            instances_.check_alive();
            switch_sides(now);
            if (kills_.is_due(now, random_)) {
                instances_.kill(random_() % instances_.size());
            }
            if (drops_.is_due(now, random_)) {
                tell("/drop", {});
            }
            load_.take_turn(now);
            // The pace of the load and of the faults; nothing is waited for.
            std::this_thread::sleep_until(begin_ + now + turn);
        }
    }

    void switch_sides(std::chrono::milliseconds now) {
        for (const outage& one : what_.faults.outages) {
            const bool down = now >= one.from && now < one.to;
            if (down != down_.contains(one.side)) {
                tell("/down", {{"side", one.side}, {"down", down}});
                if (down) {
                    down_.insert(one.side);
                } else {
                    down_.erase(one.side);
                }
            }
        }
    }

    truth the_truth() const {
        truth told;
        told.requests = read_requests(world_.control(), load_.ids());
        told.places = what_.on->places;
        told.requester_place = what_.on->requester_place;
        told.holders = read_holders(world_.control(), what_.on->plugin);
        told.held_to = what_.on->held_to;
        told.repeated = admitted("uncertain_send_repeated");
        told.skipped = admitted("uncertain_send_skipped");
        return told;
    }

    // What hallpass has said of sends that nobody can tell of.
    std::map<told_part, std::size_t> admitted(std::string_view event) const {
        std::map<told_part, std::size_t> counted;
        std::istringstream lines(instances_.log_lines(event));
        for (std::string line; std::getline(lines, line);) {
            const std::string place = what_.on->place_of(field(line, "recipient"));
            ++counted[{field(line, "request_id"), place, field(line, "part")}];
        }
        return counted;
    }

    // True when there is nothing left to find but what can't be mended any more.
    bool become_quiet() {
        const auto from = clock_type::now();
        while (since(from) < longest_recovery) {
            instances_.check_alive();
            const truth told = the_truth();
            const verdict found = judge(told, what_.on->read(world_.control(), false));
            const bool settled = found.lost.empty() && found.stale.empty() && found.claimed.empty();
            if (settled && judge(told, what_.on->read(world_.control(), true)).stale.empty()) {
                return true;
            }
            std::this_thread::sleep_for(turn);
        }
        return false;
    }

    std::string explain(const verdict& found) const {
        std::set<std::string> ids;
        for (const auto* kind : {&found.lost, &found.doubled, &found.stale, &found.claimed}) {
            for (std::size_t i = 0; i < std::min(kind->size(), findings_explained); ++i) {
                ids.insert(kind->at(i).substr(0, kind->at(i).find(' ')));
            }
        }
        std::string text = to_text(found);
        const std::vector<shown_message> shown = what_.on->read(world_.control(), false);
        for (const std::string& id : ids) {
            text += "\n" + id + ":\n" + instances_.log_lines(id);
            text += "ledger: " + read_ledger(world_.control(), what_.on->plugin, id) + '\n';
            for (const shown_message& one : shown) {
                if (one.request_id == id) {
                    text += what_.on->title + ": " + one.place + " " + one.id + " " + one.part + " " +
                            one.state + "\n";
                }
            }
        }
        return text;
    }

    const ordeal& what_;
    test::running_sandbox world_;
    fleet instances_;
    load load_;
    std::mt19937_64 random_;
    recurrence kills_;
    recurrence drops_;
    std::set<std::string> down_;
    clock_type::time_point begin_;
};

} // namespace

ordeal_result endure(const ordeal& what) {
    return arena(what).run();
}

} // namespace hallpass::chaos
