#include "ticket_pass.hpp"
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fstream>
using namespace hallpass::interop;
TEST_CASE("TICKETS") {
    int n = 100;
    for (const char* s : {"jira", "pagerduty", "opsgenie", "servicenow", "datadog"})
        for (const auto& e : the_pass().exchanges(s))
            std::ofstream("/tmp/h3w/x/" + std::string(s) + std::to_string(n++) + ".json") << boost::json::serialize(e);
    for (const auto& e : the_successors_pass().exchanges("jsm"))
        std::ofstream("/tmp/h3w/x/jsm" + std::to_string(n++) + ".json") << boost::json::serialize(e);
}
