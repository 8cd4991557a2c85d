#include "teleport/reviews.hpp"

#include "base/text.hpp"
#include "teleport/call.hpp"
#include "teleport/convert.hpp"

#include <utility>

namespace hallpass::teleport {

using stub = proto::AuthService::Stub;
namespace users = ::teleport::users::v1;

namespace {

types::RequestState to_wire(access::request_state state) noexcept {
    return state == access::request_state::approved ? types::APPROVED : types::DENIED;
}

bool is_decision(access::request_state state) noexcept {
    return state == access::request_state::approved || state == access::request_state::denied;
}

fault not_a_decision(std::string_view call) {
    return {fault_kind::bug, std::string(call) + ": only an approval or a denial can be asked for"};
}

} // namespace

reviews::reviews(
    const boost::asio::any_io_executor& executor,
    session_slot& sessions,
    ports::clock& time,
    const in_flight& calls,
    std::chrono::milliseconds limit
)
    : sessions_(sessions), calls_(calls), limit_(limit), holders_(executor, time) {}

boost::asio::awaitable<result<access::access_request>> reviews::submit_review(ports::review_submission review
) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    if (!is_decision(review.proposed)) {
        co_return not_a_decision("SubmitAccessReview");
    }
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    types::AccessReviewSubmission message;
    message.set_requestid(review.request_id);
    types::AccessReview& given = *message.mutable_review();
    given.set_author(review.author);
    given.set_proposedstate(to_wire(review.proposed));
    given.set_reason(valid_utf8(review.reason));
    given.set_submitted_on_behalf_of_author(!review.author.empty());
    const result<types::AccessRequestV3> reviewed = co_await unary_call(
        *on, (*on)->auth(), &stub::AsyncSubmitAccessReview, std::move(message), "SubmitAccessReview", until
    );
    if (!reviewed) {
        co_return explain_review_refusal(reviewed.error());
    }
    co_return to_access_request(*reviewed);
}

boost::asio::awaitable<result<void>> reviews::set_state(ports::state_change change) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    if (!is_decision(change.state)) {
        co_return not_a_decision("SetAccessRequestState");
    }
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    proto::RequestStateSetter message;
    message.set_id(change.request_id);
    message.set_state(to_wire(change.state));
    message.set_delegator(valid_utf8(change.delegator));
    message.set_reason(valid_utf8(change.reason));
    const result<google::protobuf::Empty> done = co_await unary_call(
        *on, (*on)->auth(), &stub::AsyncSetAccessRequestState, std::move(message), "SetAccessRequestState",
        until
    );
    if (!done) {
        co_return done.error();
    }
    co_return result<void>();
}

boost::asio::awaitable<result<bool>> reviews::find_user(std::string name) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    users::GetUserRequest question;
    question.set_name(name);
    const result<users::GetUserResponse> answer = co_await unary_call(
        *on, (*on)->users(), &users::UsersService::Stub::AsyncGetUser, std::move(question), "GetUser", until
    );
    if (!answer && answer.error().kind() == fault_kind::not_found) {
        co_return false;
    }
    if (!answer) {
        co_return answer.error();
    }
    co_return answer->user().metadata().name() == name;
}

boost::asio::awaitable<result<std::vector<std::string>>>
reviews::users_by_trait(std::string trait, std::string value) {
    const in_flight::token running(calls_);
    const auto until = std::chrono::steady_clock::now() + limit_;
    const result<std::shared_ptr<session>> on = co_await sessions_.wait(until);
    if (!on) {
        co_return on.error();
    }
    result<std::vector<std::string>> holders = co_await holders_.look_up(*on, trait, value, until);
    co_return holders;
}

} // namespace hallpass::teleport
