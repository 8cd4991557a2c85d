#include "teleport/status_map.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::teleport;

namespace {

fault_kind kind_of(grpc::StatusCode code) {
    return to_fault(grpc::Status(code, "said"), "Call", "auth:3025").kind();
}

} // namespace

TEST_CASE("each status code leads to the kind of fault that decides what happens next") {
    CHECK(kind_of(grpc::StatusCode::FAILED_PRECONDITION) == fault_kind::conflict);
    CHECK(kind_of(grpc::StatusCode::NOT_FOUND) == fault_kind::not_found);
    CHECK(kind_of(grpc::StatusCode::PERMISSION_DENIED) == fault_kind::unauthorised);
    CHECK(kind_of(grpc::StatusCode::UNAUTHENTICATED) == fault_kind::unauthorised);
    CHECK(kind_of(grpc::StatusCode::UNAVAILABLE) == fault_kind::transient);
    CHECK(kind_of(grpc::StatusCode::UNKNOWN) == fault_kind::transient);
    CHECK(kind_of(grpc::StatusCode::DEADLINE_EXCEEDED) == fault_kind::transient);
    CHECK(kind_of(grpc::StatusCode::RESOURCE_EXHAUSTED) == fault_kind::rate_limited);
    CHECK(kind_of(grpc::StatusCode::UNIMPLEMENTED) == fault_kind::unsupported);
    CHECK(kind_of(grpc::StatusCode::INVALID_ARGUMENT) == fault_kind::permanent);
    CHECK(kind_of(grpc::StatusCode::CANCELLED) == fault_kind::cancelled);
    CHECK(kind_of(static_cast<grpc::StatusCode>(17)) == fault_kind::transient);
}

TEST_CASE("a call without an answer may have been carried out, a refused one has not") {
    CHECK(to_fault(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, ""), "Call", "a:1").uncertain());
    CHECK(to_fault(grpc::Status(grpc::StatusCode::UNAVAILABLE, ""), "Call", "a:1").uncertain());
    CHECK_FALSE(to_fault(grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, ""), "Call", "a:1").uncertain());
}

TEST_CASE("the text names the call, the server, the code and what was said, on one line") {
    const fault made =
        to_fault(grpc::Status(grpc::StatusCode::NOT_FOUND, "no\nsuch \xFF thing"), "GetRole", "a:1");
    CHECK(made.text() == "GetRole: a:1 answered NotFound: no such \xEF\xBF\xBD thing");
}

TEST_CASE("refused reviews are told apart by what Teleport says, because their code is one") {
    const auto kind = [](grpc::StatusCode code, const std::string& said) {
        return explain_review_refusal(to_fault(grpc::Status(code, said), "SubmitAccessReview", "a:1")).kind();
    };
    const auto denied = grpc::StatusCode::PERMISSION_DENIED;
    CHECK(kind(denied, "user \"bob\" has already reviewed this request") == fault_kind::conflict);
    CHECK(
        kind(grpc::StatusCode::ALREADY_EXISTS, "\"bob\" has already reviewed this request") ==
        fault_kind::conflict
    );
    CHECK(
        kind(denied, "user \"plugin\" cannot submit reviews on behalf of \"bob\"") == fault_kind::unsupported
    );
    CHECK(kind(denied, "\"plugin\" cannot submit a review as \"bob\"") == fault_kind::unsupported);
    CHECK(kind(denied, "user \"bob\" cannot review this request") == fault_kind::unauthorised);
    CHECK(kind(grpc::StatusCode::FAILED_PRECONDITION, "too many writes") == fault_kind::transient);
    CHECK(kind(grpc::StatusCode::UNAVAILABLE, "on behalf of") == fault_kind::transient);
    CHECK(kind(grpc::StatusCode::NOT_FOUND, "access request") == fault_kind::not_found);
    CHECK(explain_review_refusal(to_fault(grpc::Status(grpc::StatusCode::UNAVAILABLE, ""), "C", "a:1"))
              .uncertain());
}
