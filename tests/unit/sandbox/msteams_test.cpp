#include "sandbox/msteams/calls.hpp"
#include "sandbox/msteams/view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::sandbox::msteams;
namespace json = boost::json;

namespace {

constexpr const char* carol = "ca401000-0000-4000-8000-000000000003";
constexpr const char* channel = "19:approvals0123456789@thread.tacv2";

struct simulated {
    simulated() {
        teams.tokens["g"] = "graph";
        teams.tokens["b"] = "bot";
    }

    net::server_response graph(
        const std::string& method,
        std::vector<std::string> path,
        std::string query = {},
        std::string body = {}
    ) {
        return answer_graph(teams, {method, std::move(path), std::move(query), std::move(body), "g"});
    }

    net::server_response
    bot(const std::string& method, std::vector<std::string> path, const json::value& body) {
        return answer_connector(teams, {method, std::move(path), "", json::serialize(body), "b"});
    }

    state teams;
};

json::object activity(const std::string& element = R"({"type":"TextBlock","text":"x"})") {
    return json::parse(
               R"({"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive",)"
               R"("content":{"type":"AdaptiveCard","version":"1.5","body":[)" +
               element + "]}}]}"
    )
        .as_object();
}

} // namespace

TEST_CASE("the simulated Graph takes OData filters alone, with quotes doubled") {
    simulated all;
    const auto found = all.graph("GET", {"users"}, "$filter=mail%20eq%20%27o%27%27brien%40example.com%27");
    CHECK(found.status == 200);
    CHECK(json::parse(found.body).at("value").as_array().size() == 1);
    for (const char* filter :
         {"", "mail", "mail%20eq%20%27o%27brien%40example.com%27", "mail%20eq%20%27x",
          "mail%20eq%20%27x%27%20and%20id%20eq%20%271%27"}) {
        CAPTURE(filter);
        CHECK(all.graph("GET", {"users"}, std::string("$filter=") + filter).status == 400);
    }
}

TEST_CASE("the simulated Graph shows nobody of another tenant, and nothing without its permission and token"
) {
    simulated all;
    CHECK(all.graph("GET", {"users", "e4100000-0000-4000-8000-000000000006"}).status == 404);
    CHECK(answer_graph(all.teams, {"GET", {"users", carol}, "", "", "b"}).status == 401);
    all.teams.permissions.erase("User.Read.All");
    CHECK(all.graph("GET", {"users", carol}).status == 403);
}

TEST_CASE("the simulated app is installed once, and its chat takes no messages before") {
    simulated all;
    const std::string chat = all.teams.chat_of(*all.teams.find_person("carol")).id;
    CHECK(all.bot("POST", {"conversations", chat, "activities"}, activity()).status == 403);
    const std::string bind =
        R"({"teamsApp@odata.bind":"https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/ca7a1000-0000-4000-8000-000000000001"})";
    const std::vector<std::string> apps{"users", carol, "teamwork", "installedApps"};
    CHECK(all.graph("POST", apps, "", "{}").status == 400);
    CHECK(all.graph("POST", apps, "", bind).status == 201);
    CHECK(all.graph("POST", apps, "", bind).status == 409);
    CHECK(all.bot("POST", {"conversations", chat, "activities"}, activity()).status == 201);
    all.teams.find_person("carol")->blocks_app = true;
    CHECK(all.bot("POST", {"conversations", chat, "activities"}, activity()).status == 403);
}

TEST_CASE("the simulated connector keeps every version, and refuses what isn't there or isn't a card") {
    simulated all;
    const auto posted = all.bot("POST", {"conversations", channel, "activities"}, activity());
    REQUIRE(posted.status == 201);
    const std::string id(json::parse(posted.body).at("id").as_string());
    CHECK(all.bot("PUT", {"conversations", channel, "activities", id}, activity()).status == 200);
    CHECK(all.bot("PUT", {"conversations", channel, "activities", "1"}, activity()).status == 404);
    CHECK(all.bot("POST", {"conversations", "19:x", "activities"}, activity()).status == 404);
    const std::string below = std::string(channel) + ";messageid=";
    CHECK(all.bot("POST", {"conversations", below + id, "activities"}, activity()).status == 201);
    CHECK(all.bot("POST", {"conversations", below + "1", "activities"}, activity()).status == 404);
    CHECK(all.teams.find_message(id)->earlier.size() == 1);
    for (const char* element :
         {R"({"type":"Sprite"})", R"({"type":"TextBlock","text":""})",
          R"({"type":"RichTextBlock","inlines":[]})",
          R"({"type":"ActionSet","actions":[{"type":"Action.Execute","title":"x"}]})",
          R"({"type":"Container"})"}) {
        CAPTURE(element);
        CHECK(all.bot("POST", {"conversations", channel, "activities"}, activity(element)).status == 400);
    }
    const std::string large = R"({"type":"TextBlock","text":")" + std::string(30000, 'x') + "\"}";
    CHECK(all.bot("POST", {"conversations", channel, "activities"}, activity(large)).status == 413);
}

TEST_CASE("the page shows the simulated Teams' people, messages below each other, and actions to press") {
    simulated all;
    const auto posted = all.bot(
        "POST", {"conversations", channel, "activities"},
        activity(
            R"({"type":"ActionSet","actions":[{"type":"Action.Execute","title":"Approve","verb":"v","style":"positive"}]})"
        )
    );
    REQUIRE(posted.status == 201);
    const json::object view = view_of(all.teams, {});
    CHECK(view.at("people").as_array().size() == 7);
    const json::value& message = view.at("conversations").at(0).at("messages").at(0);
    CHECK(message.at("actions").at(0).at("label") == "Approve");
    CHECK(message.at("actions").at(0).at("style") == "good");
    CHECK(message.at("actions").at(0).at("path") == "/msteams/open");
    all.teams.fill();
    CHECK(all.teams.conversations.size() == 1);
    CHECK(all.teams.conversations[0].messages.empty());
}
