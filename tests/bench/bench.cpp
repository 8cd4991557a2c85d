// What hallpass costs, and how quick it is: the real program between the Auth Service in Go and a Slack over
// HTTPS that answers at once, all on this machine. Prints; judges nothing.
#include "control_connection.hpp"
#include "oracle.hpp"
#include "process_figures.hpp"
#include "recording_slack.hpp"
#include "sandbox/cluster_pki.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <thread>
#include <vector>

using namespace hallpass;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

double in_ms(clock_type::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

double in_mb(std::size_t bytes) {
    return static_cast<double>(bytes) / 1e6;
}

double percentile(std::vector<double> sorted, double share) {
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

net::server_identity slack_identity(sandbox::cluster_pki& pki) {
    auto certificate = pki.loopback_certificate();
    REQUIRE(certificate.has_value());
    net::server_identity identity;
    identity.certificate_chain_pem = certificate->certificate_pem;
    identity.private_key_pem = certificate->private_key_pem;
    return identity;
}

std::unique_ptr<sandbox::cluster_pki> make_pki() {
    auto made = sandbox::cluster_pki::make("bench", 1h);
    REQUIRE(made.has_value());
    return std::move(*made);
}

// One oracle, one Slack; hallpass is started anew for each figure that needs it cold.
struct stage {
    stage() {
        folder.write("ca.pem", pki->authority_pem());
        config = folder.write(
            "hallpass.toml",
            "[teleport]\naddr = \"" + oracle.auth_address() + "\"\nidentity = \"" + oracle.identity_file() +
                "\"\n[slack]\ntoken = \"xoxb-bench\"\napi_url = \"" + slack.url() +
                "\"\n[role_to_recipients]\n\"*\" = [\"C0\"]\n" + "[log]\nseverity = \"info\"\n"
        );
    }

    // Returns how long it took from the start to the watch.
    clock_type::duration start() {
        const auto begin = clock_type::now();
        program = std::make_unique<test::process>(
            std::vector<std::string>{HALLPASS_PROGRAM, "start", "-c", config},
            std::map<std::string, std::string>{
                {"SSL_CERT_FILE", folder.file("ca.pem")}, {"STATE_DIRECTORY", folder.file("state")}}
        );
        while (program->standard_error().find(" watching ") == std::string::npos) {
            if (program->exit_status()) {
                throw std::runtime_error("hallpass ended: " + program->standard_error());
            }
            std::this_thread::yield();
        }
        const auto taken = clock_type::now() - begin;
        while (program->standard_error().find("service_ready") == std::string::npos) {
            std::this_thread::yield();
        }
        return taken;
    }

    void stop() {
        program->send_signal(SIGTERM);
        program->wait();
        program.reset();
    }

    std::vector<std::string> create(int count) {
        const auto made = control.call(
            "POST", "/requests",
            R"({"user":"alice","roles":["editor"],"reason":"because of","n":)" + std::to_string(count) + "}"
        );
        std::vector<std::string> ids;
        for (const auto& id : made.at("ids").as_array()) {
            ids.emplace_back(id.as_string());
        }
        return ids;
    }

    std::int64_t auth_calls() {
        std::int64_t sum = 0;
        const boost::json::value calls = control.call("GET", "/calls");
        for (const auto& [method, count] : calls.as_object()) {
            sum += method.ends_with("PluginData") || method == "GetRole" || method == "GetUser"
                       ? count.to_number<std::int64_t>()
                       : 0;
        }
        return sum;
    }

    // Until every request of the burst is written down: both calls of each have been made.
    void wait_for_auth_calls(std::int64_t count) {
        const auto give_up = clock_type::now() + 60s;
        while (auth_calls() < count) {
            if (clock_type::now() > give_up) {
                throw std::runtime_error("only " + std::to_string(auth_calls()) + " Auth calls");
            }
        }
    }

    std::unique_ptr<sandbox::cluster_pki> pki = make_pki();
    bench::recording_slack slack{slack_identity(*pki)};
    interop::oracle oracle;
    bench::control_connection control{oracle.control_address()};
    test::temp_dir folder;
    std::string config;
    std::unique_ptr<test::process> program;
};

void print_start(stage& on) {
    std::vector<double> starts;
    for (int i = 0; i < 9; ++i) {
        starts.push_back(in_ms(on.start()));
        if (i < 8) {
            on.stop();
        }
    }
    std::printf("start to watch              %7.1f ms (median of 9)\n", percentile(starts, 0.5));
    std::printf("resident, idle              %7.1f MB\n", in_mb(bench::resident_bytes_of(on.program->id())));
}

void print_alone(stage& on) {
    constexpr int count = 1000;
    for (int i = 0; i < 50; ++i) {
        on.slack.arrival_of(on.create(1).at(0));
    }
    const std::int64_t calls = on.auth_calls();
    const auto cpu = bench::cpu_time_of(on.program->id());
    std::vector<double> latencies;
    for (int i = 0; i < count; ++i) {
        const auto begin = clock_type::now();
        const std::string id = on.create(1).at(0);
        latencies.push_back(in_ms(on.slack.arrival_of(id) - begin));
    }
    on.wait_for_auth_calls(calls + 2 * count);
    const auto used = bench::cpu_time_of(on.program->id()) - cpu;
    std::printf(
        "event to message, one by one p50 %.2f  p90 %.2f  p99 %.2f ms (%d requests)\n",
        percentile(latencies, 0.5), percentile(latencies, 0.9), percentile(latencies, 0.99), count
    );
    std::printf("CPU a request, one by one   %7.3f ms\n", static_cast<double>(used.count()) / 1000 / count);
    std::printf("Auth calls a request        %7.2f\n", static_cast<double>(on.auth_calls() - calls) / count);
}

void print_burst(stage& on) {
    constexpr int count = 2000;
    std::vector<double> rates;
    std::vector<double> costs;
    for (int round = 0; round < 5; ++round) {
        on.slack.forget();
        const std::int64_t calls = on.auth_calls();
        const auto cpu = bench::cpu_time_of(on.program->id());
        const auto begin = clock_type::now();
        on.create(count);
        const auto end = on.slack.arrival_of_number(count);
        on.wait_for_auth_calls(calls + 2 * count);
        costs.push_back(
            static_cast<double>((bench::cpu_time_of(on.program->id()) - cpu).count()) / 1000 / count
        );
        rates.push_back(count / std::chrono::duration<double>(end - begin).count());
        if (round == 0) {
            std::printf(
                "resident, after one burst   %7.1f MB\n", in_mb(bench::resident_bytes_of(on.program->id()))
            );
        }
    }
    std::printf(
        "burst of %d               %7.0f messages a second (median of 5)\n", count, percentile(rates, 0.5)
    );
    std::printf("CPU a request, in the burst %7.3f ms\n", percentile(costs, 0.5));
    std::printf("resident, after five bursts %7.1f MB\n", in_mb(bench::resident_bytes_of(on.program->id())));
}

void print_pending(stage& on) {
    const auto pending = on.control.call("GET", "/requests").as_array().size();
    const std::int64_t calls = on.auth_calls();
    on.stop();
    on.start();
    on.wait_for_auth_calls(calls + static_cast<std::int64_t>(pending));
    std::printf(
        "resident, %zu pending    %7.1f MB (after a restart)\n", pending,
        in_mb(bench::resident_bytes_of(on.program->id()))
    );
}

} // namespace

TEST_CASE("figures") {
    if (interop::the_oracle_program().path.empty()) {
        std::printf("no figures: %s\n", interop::the_oracle_program().why.c_str());
        return;
    }
    stage on;
    print_start(on);
    print_alone(on);
    print_burst(on);
    print_pending(on);
    on.stop();
}
