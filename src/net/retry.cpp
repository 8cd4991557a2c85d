#include "net/retry.hpp"

#include <algorithm>

namespace hallpass::net {

using std::chrono::milliseconds;

backoff::backoff(milliseconds first, milliseconds longest) : first_(first), longest_(longest), last_(first) {}

milliseconds backoff::next(std::minstd_rand& random) {
    std::uniform_int_distribution<milliseconds::rep> between(
        first_.count(), std::max(first_, last_ * 3).count()
    );
    last_ = std::min(longest_, milliseconds(between(random)));
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
