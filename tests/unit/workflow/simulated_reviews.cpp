#include "unit/workflow/simulated_reviews.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;

asio::awaitable<result<access::access_request>>
simulated_reviews::submit_review(ports::review_submission review) {
    submitted.push_back(review);
    co_await asio::post(asio::use_awaitable);
    if (delay.count() > 0) {
        const std::unique_ptr<ports::alarm> alarm = time_.make_alarm();
        const instant judged_at = time_.now() + delay;
        co_await alarm->wait(delay);
        if (time_.now() < judged_at) {
            fault cut(fault_kind::cancelled, "cancelled while the server had it");
            cut.set_uncertain(true);
            co_return cut;
        }
    }
    if (before_review) {
        const std::function<void()> first = std::exchange(before_review, nullptr);
        first();
    }
    if (next_reviews.empty()) {
        co_return judge(review);
    }
    const simulation::simulated_auth::mishap bad = std::move(next_reviews.front());
    next_reviews.pop_front();
    if (bad.done_all_the_same) {
        static_cast<void>(judge(review));
    }
    co_return bad.what;
}

result<access::access_request> simulated_reviews::judge(const ports::review_submission& review) {
    const auto found = auth_.requests.find(review.request_id);
    if (found == auth_.requests.end()) {
        return fault(fault_kind::not_found, "the request is not found");
    }
    if (!review.author.empty() && !may_submit_for_users) {
        return fault(fault_kind::unsupported, "cannot submit reviews on behalf of " + review.author);
    }
    access::access_request& request = found->second;
    const std::string author = review.author.empty() ? "hallpass" : review.author;
    if (!reviewers.contains(author) || author == request.user ||
        request.state != access::request_state::pending) {
        return fault(fault_kind::unauthorised, author + " cannot review this");
    }
    if (access::find_review(request, author) != nullptr) {
        return fault(fault_kind::conflict, author + " has already reviewed this request");
    }
    access::review one;
    one.author = author;
    one.proposed = review.proposed;
    one.reason = review.reason;
    request.reviews.push_back(std::move(one));
    const auto same =
        std::count_if(request.reviews.begin(), request.reviews.end(), [&review](const access::review& other) {
            return other.proposed == review.proposed;
        });
    if (review.proposed == access::request_state::denied || same >= approvals_needed) {
        request.state = review.proposed;
    }
    return request;
}

asio::awaitable<result<void>> simulated_reviews::set_state(ports::state_change change) {
    changed.push_back(change);
    co_await asio::post(asio::use_awaitable);
    if (next_states.empty()) {
        co_return change_state(change);
    }
    const simulation::simulated_auth::mishap bad = std::move(next_states.front());
    next_states.pop_front();
    if (bad.done_all_the_same) {
        static_cast<void>(change_state(change));
    }
    co_return bad.what;
}

result<void> simulated_reviews::change_state(const ports::state_change& change) {
    const auto found = auth_.requests.find(change.request_id);
    if (found == auth_.requests.end()) {
        return fault(fault_kind::not_found, "the request is not found");
    }
    if (found->second.state == access::request_state::denied) {
        return fault(fault_kind::permanent, "already denied");
    }
    found->second.state = change.state;
    return {};
}

asio::awaitable<result<bool>> simulated_reviews::find_user(std::string name) {
    co_await asio::post(asio::use_awaitable);
    if (!next_look_ups.empty()) {
        const fault bad = std::move(next_look_ups.front());
        next_look_ups.pop_front();
        co_return bad;
    }
    co_return users.contains(name);
}

asio::awaitable<result<std::vector<std::string>>>
simulated_reviews::users_by_trait(std::string trait, std::string value) {
    co_await asio::post(asio::use_awaitable);
    if (!next_look_ups.empty()) {
        const fault bad = std::move(next_look_ups.front());
        next_look_ups.pop_front();
        co_return bad;
    }
    co_return holders[trait + "=" + value];
}

} // namespace hallpass::test
