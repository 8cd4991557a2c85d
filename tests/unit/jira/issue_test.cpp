#include "services/jira/issue.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::jira;
namespace json = boost::json;

namespace {

issue read(const std::string& histories, const std::string& more = "") {
    const auto made = read_issue(
        json::parse(
            R"({"id":"10001","key":"ACCESS-1","fields":{"status":{"id":"2","name":"Approved"},"creator":{"accountId":"me"}},
            "properties":{"teleportAccessRequestId":"id-1"},)" +
            more + R"("changelog":{"histories":[)" + histories + "]}}"
        )
            .as_object()
    );
    REQUIRE(made);
    return *made;
}

std::string change(
    const std::string& id,
    const std::string& who,
    const std::string& when,
    const std::string& to,
    const std::string& type = "jira"
) {
    return R"({"id":")" + id + R"(","author":{"accountId":")" + who + R"("},"created":")" + when +
           R"(","items":[{"field":"status","fieldtype":")" + type + R"(","from":"1","to":")" + to + R"("}]})";
}

} // namespace

TEST_CASE("the last change of the status counts, in whatever order Jira lists them") {
    const std::string early = change("1", "bob", "2026-03-01T09:30:00.000+0000", "2");
    const std::string late = change("2", "carol", "2026-03-01T11:00:00.000+0100", "2"); // 10:00 UTC
    const std::string later = change("3", "dave", "2026-03-01T10:00:00.000+0000", "3");
    for (const std::string& listed : {early + ',' + late + ',' + later, later + ',' + late + ',' + early}) {
        const issue made = read(listed);
        REQUIRE(made.last_change);
        CHECK(made.last_change->author == "dave"); // at the same time the id tells
        CHECK(made.last_change->to == "3");
    }
}

TEST_CASE("a field of somebody's own that is called status is not the status") {
    const issue made = read(
        change("1", "bob", "2026-03-01T09:30:00.000+0000", "2") + ',' +
        change("2", "mallory", "2026-03-01T09:31:00.000+0000", "2", "custom")
    );
    REQUIRE(made.last_change);
    CHECK(made.last_change->author == "bob");
    CHECK(made.request_id == "id-1");
    CHECK(made.creator == "me");
    CHECK_FALSE(read("").last_change);
}

TEST_CASE("an account is its id of Cloud or its key of Data Center, and never a name") {
    CHECK(account_id_of(json::parse(R"({"accountId":"a","key":"k","name":"n"})").as_object()) == "a");
    CHECK(account_id_of(json::parse(R"({"key":"JIRAUSER1","name":"n"})").as_object()) == "JIRAUSER1");
    CHECK(account_id_of(json::parse(R"({"name":"n","displayName":"d"})").as_object()).empty());
}

TEST_CASE("a transition is found by where it leads, in any case of letters") {
    const issue made = read("", R"("transitions":[{"id":"7","name":"Approved","to":{"id":"9","name":"Else"}},
                                {"id":"8","name":"Go","to":{"id":"2","name":"APPROVED"}}],)");
    const transition* way = find_transition(made, "approved");
    REQUIRE(way != nullptr);
    CHECK(way->id == "8");
    CHECK(find_transition(made, "denied") == nullptr);
    CHECK_FALSE(read_issue(json::object{{"id", "1"}}));
}
