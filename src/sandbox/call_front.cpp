#include "sandbox/auth_convert.hpp"
#include "sandbox/auth_service.hpp"
#include "sandbox/watch_call.hpp"

#include <utility>

namespace hallpass::sandbox {

call_fate call_front::begin(const char* method, grpc::Status& refused) {
    call_fate fate = faults.begin(method, "", std::chrono::steady_clock::now());
    if (fate.retry_after) {
        refused = {grpc::StatusCode::RESOURCE_EXHAUSTED, "rate limit exceeded"};
    } else if (fate.refused) {
        const auto code = parse_refusal_code(fate.refused->code).value_or(refusal_code::unavailable);
        refused = to_status({code, "failure asked for at the control port"});
    }
    return fate;
}

grpc::ServerUnaryReactor* call_front::answer(
    grpc::CallbackServerContext* context,
    const char* method,
    google::protobuf::Message* response,
    std::function<grpc::Status()> work
) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    grpc::Status refused;
    const call_fate fate = begin(method, refused);
    const auto answer_delay = fate.answer_delay;
    const bool lose = fate.lose_answer;
    const bool garbage = fate.garbage;
    delays.after(fate.delay, [=, this, work = std::move(work)](bool elapsed) {
        if (!elapsed) {
            reactor->Finish({grpc::StatusCode::UNAVAILABLE, "the Auth Service is going down"});
            return;
        }
        grpc::Status status = refused.ok() ? work() : refused;
        if (lose) {
            status = {grpc::StatusCode::UNAVAILABLE, "connection lost before the answer"};
        } else if (garbage) {
            spoil(*response);
        }
        delays.after(answer_delay, [reactor, status](bool) { reactor->Finish(status); });
    });
    return reactor;
}

} // namespace hallpass::sandbox
