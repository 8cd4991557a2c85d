#include "bench.hpp"
#include "payloads.hpp"
#include "services/msteams/activity.hpp"
#include "services/msteams/decision_form.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::msteams;
using namespace hallpass::test;
namespace json = boost::json;

namespace {

std::optional<card_action> action_in(const json::object& from) {
    const auto read = read_activity(json::serialize(from));
    REQUIRE(read);
    return read->action;
}

} // namespace

TEST_CASE("a press says who, of which tenant, on which request, what and why") {
    const auto read = read_activity(json::serialize(pressed("hallpass_approve")));
    REQUIRE(read);
    CHECK(read->channel == "msteams");
    CHECK(read->service_url == "https://smba.trafficmanager.net/emea/");
    REQUIRE(read->action);
    CHECK(read->action->who.object_id == bob_id);
    CHECK(read->action->who.tenant == tenant_id);
    CHECK(read->action->request_id == "0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11");
    CHECK(read->action->what == access::verdict::approve);
    CHECK(read->action->reason == "seen");
    CHECK_FALSE(read->action->confirmed);
    CHECK(action_in(pressed("hallpass_deny"))->what == access::verdict::deny);
}

TEST_CASE("a refresh, and whatever a client sends by itself, is no decision") {
    CHECK_FALSE(action_in(pressed("hallpass_refresh"))->what);
    for (const char* trigger : {"automatic", "Manual", "", "x"}) {
        CAPTURE(trigger);
        json::object by_itself = pressed("hallpass_approve");
        by_itself["value"].as_object()["trigger"] = trigger;
        CHECK_FALSE(action_in(by_itself)->what);
    }
    json::object odd = pressed("hallpass_approve");
    odd["value"].as_object()["trigger"] = 1;
    CHECK_FALSE(action_in(odd)->what);
}

TEST_CASE("a tenant that isn't said, or is said twice differently, is none") {
    json::object without = pressed("hallpass_approve");
    without.erase("channelData");
    CHECK(action_in(without)->who.tenant.empty());
    json::object two = pressed("hallpass_approve");
    two["conversation"].as_object()["tenantId"] = "7e4a4700-0000-4000-8000-0000000000bb";
    CHECK(action_in(two)->who.tenant.empty());
    json::object odd = pressed("hallpass_approve");
    odd["conversation"].as_object()["tenantId"] = nullptr;
    CHECK(action_in(odd)->who.tenant.empty());
}

TEST_CASE("what isn't an action of our cards is none, and reasons are made fit to be shown") {
    for (const char* name : {"type", "name", "id", "from", "value"}) {
        CAPTURE(name);
        json::object without = pressed("hallpass_approve");
        without.erase(name);
        CHECK_FALSE(action_in(without));
        json::object odd = pressed("hallpass_approve");
        odd[name] = json::array{1};
        CHECK_FALSE(action_in(odd));
    }
    CHECK_FALSE(action_in(pressed("somebody_elses")));
    for (const char* id : {"", "../x", "a b", "x\ny"}) {
        CAPTURE(id);
        json::object odd = pressed("hallpass_approve");
        odd["value"].at("action").at("data").at("hallpass").as_object()["request"] = id;
        CHECK_FALSE(action_in(odd));
    }
    json::object loud = pressed("hallpass_deny");
    loud["value"].at("action").at("data").as_object()["hallpass_reason"] =
        "a\x1b[31m\xE2\x80\xAE" + std::string(5000, 'x');
    const std::string reason = action_in(loud)->reason;
    CHECK(reason.starts_with("a[31mx"));
    CHECK(reason.size() <= 2000);
}

TEST_CASE("what isn't JSON, is nested too deep or too large is no activity") {
    CHECK_FALSE(read_activity(""));
    CHECK_FALSE(read_activity("[]"));
    CHECK_FALSE(read_activity("{\"type\":"));
    CHECK_FALSE(read_activity(std::string(100, '[')));
    CHECK_FALSE(read_activity("{\"x\":\"" + std::string(largest_activity, 'a') + "\"}"));
    CHECK(read_activity("{}"));
}
