#include "workflow/on_call_approver.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto shortest_wait = 1s;
constexpr auto longest_wait = 1min;

// Trying again doesn't mend it.
bool is_final(fault_kind kind) noexcept {
    return is_refusal(kind) || kind == fault_kind::conflict || kind == fault_kind::unsupported;
}

} // namespace

on_call_approver::on_call_approver(on_call_environment shared)
    : shared_(std::move(shared)), tasks_(shared_.executor, shared_.out) {}

void on_call_approver::changed(access::access_request request) {
    if (access::is_resolved(request.state)) {
        forget(request.id);
    } else if (request.state == access::request_state::pending) {
        look_at(std::move(request));
    }
}

void on_call_approver::deleted(std::string request_id) {
    forget(request_id);
}

void on_call_approver::listed(std::vector<access::access_request> pending) {
    std::set<std::string> ids;
    for (const access::access_request& request : pending) {
        ids.insert(request.id);
    }
    std::vector<std::string> over;
    for (const auto& [id, end] : known_) {
        if (!ids.contains(id)) {
            over.push_back(id);
        }
    }
    for (const std::string& id : over) {
        forget(id);
    }
    for (access::access_request& request : pending) {
        look_at(std::move(request));
    }
}

void on_call_approver::look_at(access::access_request request) {
    if (stopping_ || known_.contains(request.id)) {
        return;
    }
    const std::string id = request.id;
    known_[id] = {}; // before it runs: it may end at once
    known_[id] = tasks_.spawn("on call", answer_for(std::move(request)));
}

void on_call_approver::forget(const std::string& request_id) {
    const auto found = known_.find(request_id);
    if (found == known_.end()) {
        return;
    }
    const task_group::canceller end = std::move(found->second);
    known_.erase(found);
    if (end) {
        end();
    }
}

asio::awaitable<void> on_call_approver::answer_for(access::access_request request) {
    std::string why = co_await ask(request);
    if (!why.empty()) {
        co_await approve(std::move(request), std::move(why));
    }
}

// The reason; "" where they are not on call.
asio::awaitable<std::string> on_call_approver::ask(access::access_request request) {
    std::chrono::milliseconds waited = 0ms;
    std::string warned;
    while (true) {
        const result<std::optional<std::string>> told = co_await shared_.service.on_call(request);
        if (told) {
            co_return told->value_or("");
        }
        const fault& why = told.error();
        if (why.kind() == fault_kind::cancelled) {
            co_return std::string();
        }
        if (why.text() != warned) {
            warned = why.text();
            shared_.out.warning(
                "on_call_not_known", {{"service", std::string(shared_.service.name())},
                                      {"request_id", request.id},
                                      {"user", request.user},
                                      {"error", warned}}
            );
        }
        co_await pause(waited);
    }
}

asio::awaitable<void> on_call_approver::approve(access::access_request request, std::string why) {
    const std::vector<ports::log_field> facts{
        {"service", std::string(shared_.service.name())},
        {"request_id", request.id},
        {"user", request.user},
        {"reason", why}};
    std::chrono::milliseconds waited = 0ms;
    while (true) {
        const bool settled = co_await is_settled(request.id, why);
        if (settled) {
            co_return;
        }
        ports::review_submission submission;
        submission.request_id = request.id;
        submission.proposed = access::request_state::approved;
        submission.reason = why;
        const result<access::access_request> reviewed =
            co_await shared_.reviews.submit_review(std::move(submission));
        if (reviewed) {
            shared_.out.write(ports::severity::info, "on_call_approved", facts);
            co_return;
        }
        std::vector<ports::log_field> failed = facts;
        failed.push_back({"error", reviewed.error().text()});
        if (reviewed.error().kind() == fault_kind::conflict) {
            co_return; // reviewed by hallpass already: by another instance, or before a restart
        }
        if (is_final(reviewed.error().kind())) {
            shared_.out.write(ports::severity::error, "on_call_not_approved", failed);
            co_return;
        }
        shared_.out.write(ports::severity::debug, "on_call_review_failed", failed);
        co_await pause(waited);
    }
}

asio::awaitable<bool> on_call_approver::is_settled(const std::string& request_id, const std::string& why) {
    const result<std::optional<access::access_request>> now =
        co_await shared_.gateway.read_request(request_id);
    if (!now) {
        co_return false; // the review itself will tell
    }
    if (!*now || access::is_resolved((*now)->state)) {
        co_return true;
    }
    const std::vector<access::review>& reviews = (*now)->reviews;
    co_return std::any_of(reviews.begin(), reviews.end(), [&](const access::review& one) {
        return one.proposed == access::request_state::approved && one.reason == why;
    });
}

asio::awaitable<void> on_call_approver::pause(std::chrono::milliseconds& last) {
    last = shared_.chance.next(last, shortest_wait, longest_wait);
    const std::unique_ptr<ports::alarm> alarm = shared_.time.make_alarm();
    co_await alarm->wait(last);
}

void on_call_approver::stop() {
    stopping_ = true;
    tasks_.cancel();
}

asio::awaitable<void> on_call_approver::join() {
    co_await tasks_.join();
}

} // namespace hallpass::workflow
