// What mattermostautodriver says of the simulated Mattermost, against which hallpass is tried.
#include "integration/rig.hpp"
#include "judges.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hallpass;
using namespace hallpass::interop;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* channel = "access-requests";

std::string text_at(const json::object& from, std::string_view key) {
    return std::string(from.at(key).as_string());
}

// The card of a request of alice's with a review below it, by a hallpass that has ended; the request's id.
std::string posted_request(test::rig& rig, const json::object& mattermost) {
    rig.configure_with(
        "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
        "\"\nidentity = \"" + rig.sandbox.identity_file() + "\"\n[mattermost]\nurl = \"" +
        text_at(mattermost, "url") + "\"\ntoken = \"" + text_at(mattermost, "token") +
        "\"\n[role_to_recipients]\n\"*\" = [\"" + text_at(mattermost, "team") + "/" + channel +
        "\"]\n[http]\nlisten_addr = \"127.0.0.1:0\"\npublic_addr = \"http://127.0.0.1:1\"\ninsecure = true\n"
        "[review]\nenabled = true\n"
    );
    const auto hallpass = rig.start_watching();
    const json::object wanted{
        {"user", "alice@example.com"},
        {"roles", json::array{"dba"}},
        {"thresholds", json::array{json::object{{"approve", 2}, {"deny", 2}}}}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    std::string id(made.at("ids").at(0).as_string());
    const auto posts = [&] {
        return rig.sandbox.control().get(std::string("/mattermost/posts/") + channel).as_array();
    };
    test::eventually("the card is there", [&] { return posts().size() == 1; });
    const json::object given{{"author", "bob@example.com"}, {"state", "APPROVED"}, {"reason", "who asks?"}};
    rig.command("/requests/" + id + "/review", given);
    test::eventually("the review is below it", [&] { return posts().size() == 2; });
    return id;
}

} // namespace

TEST_CASE("mattermostautodriver finds what it knows in the simulated Mattermost, and its bot gets its clicks"
) {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return;
    }
    test::rig rig;
    const json::object mattermost = rig.sandbox.ready().at("mattermost").as_object();
    const std::string id = posted_request(rig, mattermost);
    // The client's second look at itself is limited: it reads how long to wait, and comes again.
    rig.command("/rate-limit", {{"side", "mattermost"}, {"method", "GET users/me"}, {"per_second", 1}});
    test::process judge = begin_asking(
        "mattermost_client.py", {text_at(mattermost, "url"), text_at(mattermost, "token"),
                                 rig.sandbox.ca_file(), text_at(mattermost, "team"), channel, id}
    );
    const auto said = [&] { return judge.standard_output() + judge.standard_error(); };
    test::eventually("the other bot has posted", [&] {
        REQUIRE_MESSAGE(!judge.exit_status(), said());
        return has(judge.standard_output(), "}\n");
    });
    CHECK_MESSAGE(has(said(), "Received status 429"), said());
    const std::string bob = "bob" + std::string(22, '0') + "1";
    const json::object click{
        {"user", bob}, {"post", json::parse(judge.standard_output()).at("post")}, {"action", "press"}};
    const json::object clicked = rig.sandbox.control().post("/mattermost/click", click).as_object();
    REQUIRE_MESSAGE(clicked.at("dialog").is_object(), json::serialize(clicked), said());
    const auto submit = [&](const std::string& reason) {
        const json::object filled{
            {"dialog", clicked.at("dialog").at("id")},
            {"values", json::object{{"reason", reason}, {"confirm", true}}}};
        return rig.sandbox.control().post("/mattermost/submit", filled).as_object();
    };
    CHECK(submit("").at("open") == true);
    const json::object submitted = submit("seen, and fine");
    CHECK_MESSAGE(submitted.at("open") == false, json::serialize(submitted), said());
    CHECK_MESSAGE(judge.wait() == 0, said());
}
