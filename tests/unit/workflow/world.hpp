// One instance, or several, in one process with everything around them simulated.
#pragma once

#include "simulation/simulated_auth.hpp"
#include "simulation/simulated_service.hpp"
#include "simulation/virtual_clock.hpp"
#include "support/recorded_log.hpp"
#include "workflow/dispatcher.hpp"
#include "workflow/ledger_codec.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::test {

using namespace std::chrono_literals;

struct instance {
    explicit instance(workflow::environment shared) : dispatcher(std::move(shared)) {}

    workflow::dispatcher dispatcher;
};

struct world {
    world() { routing.role_to_recipients["*"] = {"#access"}; }

    ~world() {
        for (const auto& one : instances) {
            one->dispatcher.stop();
        }
        clock.run_until(
            [this] {
                return std::all_of(instances.begin(), instances.end(), [](const auto& one) {
                    return one->dispatcher.size() == 0;
                });
            },
            10min
        );
        for (const auto& one : instances) {
            one->dispatcher.abort();
        }
        clock.run_ready();
    }

    workflow::dispatcher& start(std::string name = "one") {
        workflow::workflow_options options;
        options.instance = std::move(name);
        options.on_uncertain = policy;
        access::cluster cluster;
        cluster.name = "example.com";
        cluster.web_url = "https://example.com";
        workflow::environment shared{
            context.get_executor(), auth, service, clock, log, routing, options, jitter(1), cluster};
        shared.judged_by = judged_by;
        instances.push_back(std::make_unique<instance>(std::move(shared)));
        return instances.back()->dispatcher;
    }

    access::access_request create(std::string id = "r1", std::string user = "alice") {
        access::access_request request;
        request.id = id;
        request.user = std::move(user);
        request.roles = {"editor"};
        request.state = access::request_state::pending;
        request.created = clock.now();
        request.request_reason = "because of";
        auth.requests[id] = request;
        return request;
    }

    access::access_request review(const std::string& id, std::string author, access::request_state proposed) {
        access::review one;
        one.author = std::move(author);
        one.proposed = proposed;
        auth.requests[id].reviews.push_back(std::move(one));
        return auth.requests[id];
    }

    access::access_request resolve(const std::string& id, access::request_state state) {
        auth.requests[id].state = state;
        return auth.requests[id];
    }

    bool settle(std::chrono::milliseconds within = 10s) {
        const auto nothing_to_do = [this] {
            return std::all_of(instances.begin(), instances.end(), [](const auto& one) {
                return one->dispatcher.size() == 0;
            });
        };
        return clock.run_until(nothing_to_do, within);
    }

    const ports::plugin_data& data(const std::string& id = "r1") { return auth.data[id]["slack"]; }

    access::ledger ledger(const std::string& id = "r1") { return workflow::decode_ledger(id, data(id)); }

    boost::asio::io_context context;
    simulation::virtual_clock clock{context};
    simulation::simulated_auth auth;
    simulation::simulated_service service;
    recorded_log log;
    access::routing_table routing;
    workflow::uncertain_policy policy = workflow::uncertain_policy::resend;
    const access::state_rules* judged_by = nullptr; // of instances that are started from now on
    std::vector<std::unique_ptr<instance>> instances;
};

} // namespace hallpass::test
