#include "bench.hpp"
#include "services/msteams/directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::msteams;
using namespace hallpass::test;
using namespace std::chrono_literals;

namespace {

const std::string graph = "https://graph.example/v1.0/";
const std::string of_bob = graph + "users/" + bob_id + "/teamwork/installedApps";

struct directory_bench : bench {
    directory_bench() { token("graph-token"); }

    api calls{http, time, sample_config()};
    directory tenant{calls, time};

    result<std::optional<std::string>> user(const std::string& wanted) {
        return run([&] { return tenant.user(wanted); });
    }

    result<std::string> chat() {
        return run([&] { return tenant.chat_with(bob_id); });
    }
};

std::string user_list(const std::string& ids) {
    return "{\"value\":[" + ids + "]}";
}

std::string one_user(const char* id) {
    return "{\"id\":\"" + std::string(id) + "\"}";
}

} // namespace

TEST_CASE("people are found by e-mail or principal name, with the text escaped into the filter") {
    directory_bench all;
    all.says(user_list(one_user(bob_id)));
    const auto found = all.user("o'neil@example.com");
    REQUIRE(found.has_value());
    CHECK(found->value() == bob_id);
    const auto& asked = all.http.asked.at(1);
    CHECK(
        asked.url ==
        graph + "users?$filter=mail%20eq%20%27o%27%27neil%40example.com%27%20or%20userPrincipalName%20eq"
                "%20%27o%27%27neil%40example.com%27&$select=id,mail,userPrincipalName,accountEnabled,"
                "userType&$top=3"
    );
    CHECK(ports::find_header(asked.headers, "Authorization") == "Bearer graph-token");
    CHECK(asked.repeatable);
}

TEST_CASE("people are found by their object id, and nobody and several are told apart") {
    directory_bench all;
    all.says(user_list(one_user(bob_id)));
    all.says(user_list(""));
    all.says(user_list(one_user(bob_id) + "," + one_user(alice_id)));
    all.says(user_list("{\"id\":\"../x\"}"));
    CHECK(all.user(bob_id)->value() == bob_id);
    CHECK(all.http.asked.at(1).url.find("$filter=id%20eq%20%27" + std::string(bob_id)) != std::string::npos);
    CHECK_FALSE(all.user("nobody@example.com")->has_value());
    CHECK(all.user("two@example.com").error().kind() == fault_kind::permanent);
    CHECK(all.user("odd@example.com").error().kind() == fault_kind::transient);
}

TEST_CASE("the app is looked for, installed where it is missing, and its chat is remembered for an hour") {
    directory_bench all;
    all.catalogue();
    all.says(user_list(""));
    all.says("", 201);
    all.says(user_list("{\"id\":\"in=stall\"}"));
    all.says(R"({"id":"19:chat@unq.gbl.spaces"})");
    CHECK(*all.chat() == "19:chat@unq.gbl.spaces");
    CHECK(*all.chat() == "19:chat@unq.gbl.spaces");
    REQUIRE(all.http.asked.size() == 6);
    CHECK(
        all.http.asked[1].url ==
        graph + "appCatalogs/teamsApps?$filter=externalId%20eq%20%273a41fe57-0000-4000-8000-000000000001%27"
    );
    CHECK(all.http.asked[2].url == of_bob + "?$expand=teamsApp&$filter=teamsApp/id%20eq%20%27ca7a1000%27");
    CHECK(all.http.asked[3].method == ports::http_method::post);
    CHECK(
        all.body_of(3).at("teamsApp@odata.bind") ==
        "https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/ca7a1000"
    );
    CHECK(all.http.asked[5].url == of_bob + "/in%3Dstall/chat");
    all.time.time += 61min;
    all.token("another");
    all.says(user_list("{\"id\":\"i\"}"));
    all.says(R"({"id":"19:new@unq.gbl.spaces"})");
    CHECK(*all.chat() == "19:new@unq.gbl.spaces");
    all.check_secret_is_kept();
}

TEST_CASE("an app that somebody else has installed meanwhile is there") {
    directory_bench all;
    all.catalogue();
    all.says(user_list(""));
    all.says(R"({"error":{"code":"Conflict","message":"already"}})", 409);
    all.says(user_list("{\"id\":\"i\"}"));
    all.says(R"({"id":"19:chat@unq.gbl.spaces"})");
    CHECK(all.chat().has_value());
}

TEST_CASE("an app that stays unlisted after its installation is told with the most likely mistake") {
    directory_bench all;
    all.catalogue();
    all.says(user_list(""));
    all.says("", 201);
    all.says(user_list(""));
    const auto chat = all.chat();
    REQUIRE(chat.has_error());
    CHECK(chat.error().kind() == fault_kind::transient);
    CHECK(chat.error().text().find("webApplicationInfo") != std::string::npos);
}

TEST_CASE("where Graph knows no chat the connector makes the conversation") {
    directory_bench all;
    all.catalogue();
    all.says(user_list("{\"id\":\"i\"}"));
    all.says(R"({"error":{"code":"NotFound","message":"no chat"}})", 404);
    all.token("bot-token");
    all.says(R"({"id":"a:made"})", 201);
    CHECK(*all.chat() == "a:made");
    const auto& asked = all.http.asked.back();
    CHECK(asked.url == "https://bot.example/emea/v3/conversations");
    CHECK(ports::find_header(asked.headers, "Authorization") == "Bearer bot-token");
    const auto body = all.body_of(all.http.asked.size() - 1);
    CHECK(body.at("members").at(0).at("id") == bob_id);
    CHECK(body.at("tenantId") == tenant_id);
    CHECK(body.at("bot").at("id").as_string() == "28:" + std::string(app_id));
}

TEST_CASE("of many who want the same chat, one opens it") {
    directory_bench all;
    all.catalogue();
    all.says(user_list("{\"id\":\"i\"}"));
    all.says(R"({"id":"19:chat@unq.gbl.spaces"})");
    int got = 0;
    for (int i = 0; i < 4; ++i) {
        boost::asio::co_spawn(
            all.context,
            [&]() -> boost::asio::awaitable<void> {
                const result<std::string> chat = co_await all.tenant.chat_with(bob_id);
                got += chat.has_value() ? 1 : 0;
            },
            boost::asio::detached
        );
    }
    all.context.poll();
    CHECK(got == 4);
    CHECK(all.http.asked.size() == 4);
}

TEST_CASE("an app that the catalogue hasn't is told with the mend") {
    directory_bench all;
    all.says(user_list(""));
    const auto chat = all.chat();
    REQUIRE(chat.has_error());
    CHECK(chat.error().kind() == fault_kind::permanent);
    CHECK(chat.error().text().find("upload the app") != std::string::npos);
}

TEST_CASE("a token that was withdrawn is replaced once, and then the refusal stands") {
    directory_bench all;
    const std::string refusal = R"({"error":{"code":"InvalidAuthenticationToken","message":"no"}})";
    all.says(refusal, 401);
    all.token("second");
    all.says(user_list(one_user(bob_id)));
    CHECK(all.user("bob@example.com").has_value());
    CHECK(ports::find_header(all.http.asked.back().headers, "Authorization") == "Bearer second");
    all.says(refusal, 401);
    all.token("third");
    all.says(refusal, 401);
    const auto refused = all.user("bob@example.com");
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind() == fault_kind::unauthorised);
}

TEST_CASE("the app is taken away from who has it, and from nobody else") {
    directory_bench all;
    all.catalogue();
    all.says(user_list("{\"id\":\"i\"}"));
    all.says("", 204);
    all.says(user_list(""));
    CHECK(*all.run([&] { return all.tenant.uninstall(bob_id); }));
    CHECK(all.http.asked.back().method == ports::http_method::delete_);
    CHECK(all.http.asked.back().url == of_bob + "/i");
    CHECK_FALSE(*all.run([&] { return all.tenant.uninstall(bob_id); }));
}
