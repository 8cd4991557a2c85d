#include "teleport/status_map.hpp"

#include "base/text.hpp"

#include <utility>

namespace hallpass::teleport {

namespace {

fault_kind kind_of(grpc::StatusCode code) noexcept {
    switch (code) {
    case grpc::StatusCode::CANCELLED:
        return fault_kind::cancelled;
    case grpc::StatusCode::FAILED_PRECONDITION: // CompareFailed
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::ALREADY_EXISTS:
        return fault_kind::conflict;
    case grpc::StatusCode::NOT_FOUND:
        return fault_kind::not_found;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
        return fault_kind::unauthorised;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return fault_kind::rate_limited;
    case grpc::StatusCode::UNIMPLEMENTED:
        return fault_kind::unsupported;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::DATA_LOSS:
        return fault_kind::permanent;
    case grpc::StatusCode::UNKNOWN:  // what has no trace type: a watcher too slow, a store that failed
    case grpc::StatusCode::INTERNAL: // a stream reset, a message that can't be read
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return fault_kind::transient;
    case grpc::StatusCode::OK:
    case grpc::StatusCode::DO_NOT_USE:
        return fault_kind::bug;
    }
    return fault_kind::transient;
}

bool is_uncertain(grpc::StatusCode code) noexcept {
    return code == grpc::StatusCode::DEADLINE_EXCEEDED || code == grpc::StatusCode::UNAVAILABLE ||
           code == grpc::StatusCode::UNKNOWN || code == grpc::StatusCode::INTERNAL ||
           code == grpc::StatusCode::CANCELLED;
}

} // namespace

std::string_view to_string(grpc::StatusCode code) noexcept {
    switch (code) {
    case grpc::StatusCode::OK:
        return "OK";
    case grpc::StatusCode::CANCELLED:
        return "Canceled";
    case grpc::StatusCode::UNKNOWN:
        return "Unknown";
    case grpc::StatusCode::INVALID_ARGUMENT:
        return "InvalidArgument";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return "DeadlineExceeded";
    case grpc::StatusCode::NOT_FOUND:
        return "NotFound";
    case grpc::StatusCode::ALREADY_EXISTS:
        return "AlreadyExists";
    case grpc::StatusCode::PERMISSION_DENIED:
        return "PermissionDenied";
    case grpc::StatusCode::UNAUTHENTICATED:
        return "Unauthenticated";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return "ResourceExhausted";
    case grpc::StatusCode::FAILED_PRECONDITION:
        return "FailedPrecondition";
    case grpc::StatusCode::ABORTED:
        return "Aborted";
    case grpc::StatusCode::OUT_OF_RANGE:
        return "OutOfRange";
    case grpc::StatusCode::UNIMPLEMENTED:
        return "Unimplemented";
    case grpc::StatusCode::INTERNAL:
        return "Internal";
    case grpc::StatusCode::UNAVAILABLE:
        return "Unavailable";
    case grpc::StatusCode::DATA_LOSS:
        return "DataLoss";
    case grpc::StatusCode::DO_NOT_USE:
        break;
    }
    return "an unknown code";
}

fault to_fault(const grpc::Status& status, std::string_view call, std::string_view peer) {
    std::string text(call);
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
        text.append(": ").append(peer).append(" gave no answer in time");
    } else {
        text.append(": ").append(peer).append(" answered ").append(to_string(status.error_code()));
        const std::string said = one_line(status.error_message());
        if (!said.empty()) {
            text.append(": ").append(said);
        }
    }
    if (status.error_code() == grpc::StatusCode::PERMISSION_DENIED) {
        text.append("; check the Teleport role of hallpass");
    }
    fault made(kind_of(status.error_code()), std::move(text));
    made.set_uncertain(is_uncertain(status.error_code()));
    return made;
}

fault explain_review_refusal(const fault& refused) {
    const std::string& said = refused.text();
    const auto says = [&said](std::string_view words) { return said.find(words) != std::string::npos; };
    if (says("has already reviewed this request")) {
        return {fault_kind::conflict, said};
    }
    if (refused.kind() == fault_kind::conflict) {
        return {fault_kind::transient, said}; // other reviews were written at the same moment
    }
    if (refused.kind() == fault_kind::unauthorised &&
        (says("on behalf of") || says("cannot submit a review as") || says("submit_for_users"))) {
        return {
            fault_kind::unsupported, said + ": allow review_requests.submit_for_users, or upgrade Teleport"};
    }
    return refused;
}

fault unreadable_answer(std::string_view call, std::string_view peer) {
    std::string text(call);
    text.append(": ").append(peer).append(" answered, but its answer is no protobuf message hallpass can read"
    );
    text.append("; check that teleport.addr is an Auth Service");
    fault made(fault_kind::malformed, std::move(text));
    made.set_uncertain(true);
    return made;
}

} // namespace hallpass::teleport
