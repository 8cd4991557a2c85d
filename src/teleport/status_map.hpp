// The one place that knows gRPC's status codes.
#pragma once

#include "base/fault.hpp"

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

namespace hallpass::teleport {

// Of a status that is not OK. `call` is the method, `peer` whom it was made to. Source: teleport-wire 5.
// DeadlineExceeded and a connection that broke are uncertain: the Auth Service may have done it.
fault to_fault(const grpc::Status& status, std::string_view call, std::string_view peer);

// What a fault of SubmitAccessReview means: Teleport says by words alone that the author has reviewed the
// request before (conflict), and that the caller may not review for others (unsupported).
// A conflict of the server's own writes is transient. Source: teleport-wire 3.4.
fault explain_review_refusal(const fault& refused);

// Of an answer with status OK or a message of a stream that is no protobuf message of the method. Uncertain,
// because the Auth Service has done what it was asked to.
fault unreadable_answer(std::string_view call, std::string_view peer);

// The code's usual name: "FailedPrecondition".
std::string_view to_string(grpc::StatusCode code) noexcept;

} // namespace hallpass::teleport
