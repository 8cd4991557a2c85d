// Everything at once, on each service but Slack, which has the whole matrix.
#include "figures.hpp"
#include "ordeal.hpp"
#include "scale.hpp"

#include <doctest/doctest.h>

using namespace hallpass::chaos;
using namespace std::chrono_literals;

namespace {

ordeal all_at_once(const service_row& on, std::size_t instances) {
    ordeal what;
    what.on = &on;
    what.faults.name = "all of these together";
    what.faults.commands = joined(
        {on.slow_answers(), slow_auth_answers(), on.errors(5), auth_errors(5), on.lost_answers(5),
         lost_auth_answers(5)}
    );
    what.faults.kills = true;
    what.faults.drops = true;
    what.instances = instances;
    what.requests = scaled<std::size_t>(40, 300) * on.load_in_hundred / 100;
    what.creating = scaled<std::chrono::milliseconds>(2s, 10s);
    what.seed = the_seed();
    return what;
}

void endure_on(const char* service) {
    const service_row& on = service_named(service);
    if (!in_full()) {
        endure_and_check(all_at_once(on, 2));
        return;
    }
    for (const std::size_t instances : {std::size_t{1}, std::size_t{3}}) {
        ordeal what = all_at_once(on, instances);
        what.faults.commands = joined({what.faults.commands, on.rate_limit(100)});
        what.faults.outages = {{on.side, 800ms, 1500ms}, {"auth", 1800ms, 2500ms}};
        endure_and_check(what);
    }
}

} // namespace

TEST_CASE("Discord's messages are there once and say what Teleport says, whatever fails") {
    endure_on("discord");
}

TEST_CASE("Mattermost's messages are there once and say what Teleport says, whatever fails") {
    endure_on("mattermost");
}

TEST_CASE("what Teams has twice hallpass has said to be uncertain, and the last says what Teleport says") {
    endure_on("msteams");
}

TEST_CASE("no letter by SMTP is lost, and one that comes twice was said to be uncertain") {
    endure_on("smtp");
}

TEST_CASE("no letter by Mailgun is lost, and one that comes twice was said to be uncertain") {
    endure_on("mailgun");
}

TEST_CASE("Jira has one issue a request, in the status that Teleport has, whatever fails") {
    endure_on("jira");
}

TEST_CASE("PagerDuty has one incident a request and service, as open as the request is, whatever fails") {
    endure_on("pagerduty");
}

TEST_CASE("Opsgenie has one alert a request, as open as the request is, whatever fails") {
    endure_on("opsgenie");
}

TEST_CASE("JSM has one alert a request, as open as the request is, whatever fails") {
    endure_on("jsm");
}

TEST_CASE("ServiceNow has one incident a request, in the state that Teleport has, whatever fails") {
    endure_on("servicenow");
}

TEST_CASE("Datadog has one incident a request that says what Teleport says, whatever fails") {
    endure_on("datadog");
}
