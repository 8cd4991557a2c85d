#include "services/jira/decisions.hpp"

#include "base/text.hpp"
#include "services/jira/signature.hpp"
#include "services/jira/webhook.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services::jira {

using access::decision_result;
using access::verdict;
using boost::asio::awaitable;
using ports::callback_response;
using std::chrono::milliseconds;

namespace {

// Jira gives 30 s (api-ticketing 1.6). What isn't done by then it sends again.
constexpr milliseconds longest_answer{15'000};
constexpr milliseconds between_tries{2'000};
constexpr int most_tries = 3;
constexpr std::chrono::minutes settled_by_then{1};
constexpr std::chrono::hours window{24}; // its own repetitions take an hour and more
constexpr std::size_t most_seen = 10'000;
constexpr std::size_t most_issues = 10'000;
// So that hallpass and a rule of Jira's automation don't move an issue to and fro for ever.
constexpr unsigned most_moves_back = 5;

callback_response with_status(int status) {
    callback_response made;
    made.status = status;
    return made;
}

} // namespace

std::optional<verdict> verdict_of(const status_names& names, const std::string& status) {
    const std::string now = lower_case(status);
    if (now == lower_case(names.approved)) {
        return verdict::approve;
    }
    return now == lower_case(names.denied) ? std::optional(verdict::deny) : std::nullopt;
}

decisions::run::run(ports::clock& time) : told(time.make_alarm()) {}

decisions::decisions(
    const jira_config& config,
    api& jira,
    issues& all,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk
)
    : config_(config), jira_(jira), issues_(all), time_(time), out_(out), desk_(desk) {}

std::vector<ports::callback_route> decisions::routes() {
    if (config_.poll_interval > milliseconds(0)) {
        desk_.listen("jira moves", look_from_time_to_time());
    }
    std::vector<ports::callback_route> made;
    if (config_.webhook_secret.empty()) {
        return made;
    }
    for (const char* path : {"/jira", "/"}) {
        ports::callback_route one;
        one.path = path;
        one.answer = [this](ports::callback_request request) { return answer(std::move(request)); };
        made.push_back(std::move(one));
    }
    return made;
}

bool decisions::was_seen(const std::string& signature, instant now) {
    std::erase_if(seen_, [now](const auto& one) { return one.second + window < now; });
    return seen_.contains(signature);
}

void decisions::remember(const std::string& signature, instant now) {
    if (seen_.size() >= most_seen) {
        // Harmless to forget: what it says is asked of Jira again.
        seen_.erase(std::min_element(seen_.begin(), seen_.end(), [](const auto& one, const auto& other) {
            return one.second < other.second;
        }));
    }
    seen_.insert_or_assign(signature, now);
}

awaitable<callback_response> decisions::answer(ports::callback_request request) {
    if (request.body.size() > largest_webhook) {
        out_.debug("callback_refused", {{"reason", "it is too large"}});
        co_return ports::refused_callback();
    }
    if (const auto why = refuse_webhook(config_.webhook_secret, request)) {
        out_.debug("callback_refused", {{"reason", std::string(*why)}});
        co_return ports::refused_callback();
    }
    const instant now = time_.now();
    const std::optional<issue_moved> moved = read_webhook(request.body);
    if (!moved) {
        co_return with_status(200); // authentic, but not for us
    }
    if (moved->at < now - window || moved->at > now + window) {
        out_.debug("callback_refused", {{"reason", "the timestamp is not of these days"}});
        co_return ports::refused_callback();
    }
    const std::string signature(request.header("x-hub-signature"));
    if (was_seen(signature, now)) {
        co_return with_status(200);
    }
    if (const auto with = running_.find(moved->issue_id); with != running_.end()) {
        // Who began it is answered when it is done, and would be asked again otherwise.
        with->second->once_more = true;
        co_return with_status(200);
    }
    if (running_.size() >= most_running) {
        co_return with_status(503);
    }
    const std::shared_ptr<run> mine = begin(moved->issue_id);
    desk_.spawn("jira decision", work(mine, moved->issue_id));
    if (!mine->ended) {
        co_await mine->told->wait(longest_answer);
    }
    if (mine->ended != step::done) {
        co_return with_status(503);
    }
    remember(signature, time_.now());
    co_return with_status(200);
}

std::shared_ptr<decisions::run> decisions::begin(const std::string& issue_id) {
    auto made = std::make_shared<run>(time_);
    running_.emplace(issue_id, made);
    return made;
}

awaitable<void> decisions::work(std::shared_ptr<run> mine, std::string issue_id) {
    struct registration {
        decisions* owner;
        std::string id;
        std::shared_ptr<run> mine;

        ~registration() {
            owner->running_.erase(id);
            mine->told->wake();
        }
    } const registered{this, issue_id, mine};

    step ended = step::again;
    for (int tries = 0; tries < most_tries && ended == step::again; ++tries) {
        if (tries > 0) {
            const std::unique_ptr<ports::alarm> pause = time_.make_alarm();
            co_await pause->wait(between_tries);
        }
        do {
            mine->once_more = false;
            ended = co_await look_at(issue_id, mine->polled);
        } while (mine->once_more);
    }
    mine->ended = ended;
}

decisions::step decisions::failed(std::string_view what, const issue& at, const fault& why) {
    out_.warning(
        "jira_decision_delayed", {{"issue", at.key.empty() ? at.id : at.key},
                                  {"request_id", at.request_id},
                                  {"doing", std::string(what)},
                                  {"reason", why.text()}}
    );
    return step::again;
}

awaitable<decisions::step> decisions::look_at(std::string issue_id, bool polled) {
    issue nothing;
    nothing.id = issue_id;
    const result<std::string> me = co_await issues_.whoami();
    if (me.has_error()) {
        co_return failed("asking who we are", nothing, me.error());
    }
    const result<issue> read = co_await issues_.read(issue_id, true);
    if (read.has_error()) {
        if (read.error().kind() == fault_kind::not_found) {
            co_return step::done;
        }
        co_return failed("reading the issue", nothing, read.error());
    }
    const std::optional<verdict> what = verdict_of(config_.statuses, read->status_name);
    if (!what || read->request_id.empty()) {
        co_return step::done;
    }
    if (read->creator != *me) {
        out_.warning("jira_issue_not_ours", {{"issue", read->key}, {"request_id", read->request_id}});
        co_return step::done;
    }
    if (read->last_change && read->last_change->author == *me) {
        co_return step::done; // our own
    }
    step ended = co_await judge(*read, *what, polled);
    co_return ended;
}

awaitable<decisions::step> decisions::judge(issue at, verdict what, bool polled) {
    const auto found = co_await desk_.look_up(at.request_id);
    if (found.has_error()) {
        co_return failed("reading the request", at, found.error());
    }
    if (!*found) {
        co_return step::done; // expired: the issue is settled by whoever was told of that
    }
    const result<bool> announced = co_await desk_.is_announced_in("jira", at.request_id, at.id);
    if (announced.has_error()) {
        co_return failed("reading which issue is the request's", at, announced.error());
    }
    if (!*announced) {
        out_.warning("jira_issue_not_announced", {{"issue", at.key}, {"request_id", at.request_id}});
        step ended = co_await refuse(
            std::move(at), "Not counted",
            "This issue is not the one that hallpass made for the request that it names. Decide in Teleport."
        );
        co_return ended;
    }
    if (access::is_resolved((*found)->request.state)) {
        // Whoever is told of the end settles the issue. What is found long after it was moved by hand.
        if (polled && at.last_change && at.last_change->at > time_.now() - settled_by_then) {
            co_return step::later;
        }
        const result<void> settled = co_await issues_.settle(at.id, (*found)->card);
        if (settled.has_error()) {
            co_return failed("settling the issue", at, settled.error());
        }
        co_return step::done;
    }
    if (!at.last_change || at.last_change->to != at.status_id || at.last_change->author.empty()) {
        step ended = co_await refuse(
            std::move(at), "Not counted",
            "Jira doesn't tell who moved this issue. Move it again, or decide in Teleport."
        );
        co_return ended;
    }
    step ended = co_await decide(std::move(at), what, (*found)->card.link);
    co_return ended;
}

awaitable<decisions::step> decisions::decide(issue at, verdict what, std::string link) {
    access::decision asked;
    asked.request_id = at.request_id;
    asked.what = what;
    asked.person = co_await find_account(jira_, out_, at.last_change->author);
    result<std::string> reason = co_await issues_.reason_by(at.id, at.last_change->author);
    if (reason.has_error()) {
        co_return failed("reading the comments", at, reason.error());
    }
    asked.reason = std::move(*reason);
    const access::decision_outcome outcome = co_await desk_.decide(std::move(asked));
    step ended = co_await explain(std::move(at), what, outcome, std::move(link));
    co_return ended;
}

awaitable<decisions::step>
decisions::explain(issue at, verdict what, access::decision_outcome outcome, std::string link) {
    switch (outcome.what) {
    case decision_result::accepted:
    case decision_result::expired:
        co_return step::done; // the issue is settled by whoever is told of that
    case decision_result::already_resolved:
    case decision_result::unreachable:
    case decision_result::unknown:
        co_return step::again;
    case decision_result::needs_more:
    case decision_result::already_reviewed:
    case decision_result::own_request:
    case decision_result::no_permission:
    case decision_result::not_mapped:
    case decision_result::reason_required:
    case decision_result::elsewhere:
        break;
    }
    std::string words = access::words_for(outcome, what, link);
    if (outcome.what == decision_result::reason_required) {
        words += " Write a comment that begins with \"Reason:\", then move the issue again.";
    }
    const bool counted = outcome.what == decision_result::needs_more;
    step ended = co_await refuse(std::move(at), counted ? "Counted" : "Not counted", std::move(words));
    co_return ended;
}

bool decisions::may_move_back(const std::string& issue_id) {
    if (moved_back_.size() >= most_issues) {
        moved_back_.clear();
    }
    return ++moved_back_[issue_id] <= most_moves_back;
}

awaitable<decisions::step> decisions::refuse(issue at, std::string label, std::string words) {
    const std::string change = at.last_change ? at.last_change->id : "unknown";
    const access::delivery_key key(at.request_id, "decision-" + change);
    const drawing draw = [&](const amounts&) {
        return ticket_facts{
            {fact_kind::line, "Move to " + one_line(at.status_name, 80), label},
            {fact_kind::line, "", one_line(words, 600)}};
    };
    const result<void> said = co_await issues_.comment_once(at.id, draw, key);
    if (said.has_error()) {
        co_return failed("commenting", at, said.error());
    }
    const auto back = std::find_if(at.transitions.begin(), at.transitions.end(), [&](const transition& one) {
        return at.last_change && one.to_id == at.last_change->from;
    });
    const transition* way =
        back != at.transitions.end() ? &*back : find_transition(at, config_.statuses.pending);
    if (way == nullptr || !may_move_back(at.id)) {
        out_.warning("jira_issue_not_moved_back", {{"issue", at.key}, {"request_id", at.request_id}});
        co_return step::done;
    }
    const result<void> moved = co_await issues_.move(at.id, way->id);
    if (moved.has_error()) {
        out_.warning(
            "jira_issue_not_moved_back",
            {{"issue", at.key}, {"request_id", at.request_id}, {"reason", moved.error().text()}}
        );
    }
    co_return step::done;
}

} // namespace hallpass::services::jira
