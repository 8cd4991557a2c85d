// How long something took, many times, as a row of a table.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace hallpass::bench {

using clock_type = std::chrono::steady_clock;

struct figures {
    std::vector<double> ms;
    std::size_t lost = 0;

    void add(clock_type::duration took) {
        ms.push_back(std::chrono::duration<double, std::milli>(took).count());
    }

    double percentile(double share) {
        if (ms.empty()) {
            return 0;
        }
        std::sort(ms.begin(), ms.end());
        return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
    }

    void print(const char* what) {
        std::printf(
            "| %s | %zu | %.2f ms | %.2f ms | %.2f ms | %zu |\n", what, ms.size(), percentile(0.5),
            percentile(0.99), percentile(1), lost
        );
        std::fflush(stdout);
    }
};

inline void print_head() {
    std::printf("| | times | p50 | p99 | longest | lost |\n|---|---|---|---|---|---|\n");
}

} // namespace hallpass::bench
