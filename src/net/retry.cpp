#include "net/retry.hpp"

namespace hallpass::net {

using std::chrono::milliseconds;

backoff::backoff(milliseconds first, milliseconds longest) : first_(first), longest_(longest), last_(0) {}

milliseconds backoff::next(jitter& chance) {
    last_ = chance.next(last_, first_, longest_);
    return last_;
}

bool is_worth_another_try(const exchanged& outcome, bool repeatable) noexcept {
    if (outcome.answer) {
        const int status = outcome.answer->status;
        return repeatable && (status == 502 || status == 503 || status == 504);
    }
    if (outcome.answer.error().kind() != fault_kind::transient || outcome.late) {
        return false;
    }
    return repeatable || !outcome.written;
}

bool was_stale(const exchanged& outcome, bool repeatable) noexcept {
    return !outcome.answer && outcome.answer.error().kind() == fault_kind::transient && !outcome.begun &&
           !outcome.late && (repeatable || !outcome.written);
}

} // namespace hallpass::net
