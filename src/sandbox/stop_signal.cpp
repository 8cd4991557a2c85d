#include "sandbox/stop_signal.hpp"

#include <csignal>
#include <ctime>
#include <sys/prctl.h>
#include <unistd.h>

namespace hallpass::sandbox {

namespace {

sigset_t stopping_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

} // namespace

stop_signal::stop_signal() {
    const sigset_t signals = stopping_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool stop_signal::wait_for(std::chrono::milliseconds time) {
    const sigset_t signals = stopping_signals();
    timespec limit{};
    limit.tv_sec = static_cast<time_t>(time.count() / 1000);
    limit.tv_nsec = static_cast<long>(time.count() % 1000) * 1'000'000;
    return sigtimedwait(&signals, nullptr, &limit) > 0;
}

bool end_with_parent() {
    const pid_t parent = getppid();
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
        return false;
    }
    // It may have ended before the call took effect.
    return parent == getppid() && parent != 1;
}

} // namespace hallpass::sandbox
