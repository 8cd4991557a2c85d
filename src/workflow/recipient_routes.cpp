#include "workflow/recipient_routes.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "workflow/task_group.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> recipient_routes::resolve(const access::access_request& request) {
    const access::routed wanted = access::route(request, shared_->routing);
    if (!warned_ && (wanted.recipients.empty() || !wanted.ignored_reviewers.empty())) {
        warned_ = true;
        shared_->out.warning(
            wanted.recipients.empty() ? "no_recipient" : "reviewer_is_no_email",
            {{"service", std::string(shared_->service.name())},
             {"request_id", request.id},
             {"roles", joined(request.roles, ",")},
             {"ignored_reviewers", joined(wanted.ignored_reviewers, ",")}}
        );
    }
    std::vector<asio::awaitable<void>> questions;
    const auto ask = [&](const std::string& recipient, access::audience reader) {
        const attempt& last = attempts_[{reader, recipient}];
        if (!last.known && last.not_before <= shared_->time.now()) {
            questions.push_back(resolve_one(request.id, recipient, reader));
        }
    };
    for (const std::string& recipient : wanted.recipients) {
        ask(recipient, access::audience::approver);
    }
    if (!request.user.empty()) {
        ask(request.user, access::audience::requester);
    }
    if (!questions.empty()) {
        co_await when_all(std::move(questions));
    }
}

std::optional<instant> recipient_routes::next_attempt() const {
    std::optional<instant> next;
    for (const auto& [recipient, last] : attempts_) {
        if (!last.known) {
            next = next ? std::min(*next, last.not_before) : last.not_before;
        }
    }
    return next;
}

asio::awaitable<void>
recipient_routes::resolve_one(std::string request_id, std::string recipient, access::audience reader) {
    std::optional<access::address> to;
    std::optional<fault> failed;
    if (reader == access::audience::requester) {
        result<std::optional<access::address>> found = co_await shared_->service.resolve_requester(recipient);
        if (found) {
            to = std::move(*found);
        } else {
            failed = found.error();
        }
    } else {
        result<access::address> found = co_await shared_->service.resolve(recipient);
        if (found) {
            to = std::move(*found);
        } else {
            failed = found.error();
        }
    }
    if (failed) {
        note(request_id, recipient, reader, *failed);
        co_return;
    }
    attempts_[{reader, recipient}].known = true;
    if (to) {
        access::destination there;
        there.recipient = recipient;
        there.reader = reader;
        there.to = std::move(*to);
        destinations_.push_back(std::move(there));
    }
}

void recipient_routes::note(
    const std::string& request_id, const std::string& recipient, access::audience reader, const fault& why
) {
    attempt& last = attempts_[{reader, recipient}];
    const bool again_soon = why.kind() == fault_kind::transient || why.kind() == fault_kind::rate_limited ||
                            why.kind() == fault_kind::malformed;
    last.wait = again_soon ? shared_->chance.next(last.wait, 500ms, 60s) : std::chrono::milliseconds(1h);
    if (why.retry_after()) {
        last.wait = std::max(*why.retry_after(), 1ms);
    }
    last.not_before = shared_->time.now() + last.wait;
    shared_->out.warning(
        "recipient_not_resolved", {{"service", std::string(shared_->service.name())},
                                   {"request_id", request_id},
                                   {"recipient", recipient},
                                   {"error", why.text()},
                                   {"retry_in_ms", std::to_string(last.wait.count())}}
    );
}

} // namespace hallpass::workflow
