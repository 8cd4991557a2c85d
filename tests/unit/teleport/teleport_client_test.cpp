#include "unit/teleport/auth_server.hpp"
#include "unit/teleport/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using boost::asio::awaitable;
using hallpass::test::auth_behaviour;
using hallpass::test::auth_server;
using hallpass::test::pki;
using hallpass::test::world;
using lines = std::vector<std::string>;

namespace {

const std::string connected_line = "connected main https://teleport.example.com";

} // namespace

TEST_CASE("pending requests are listed, then changes and deletions followed") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        auth.create_request("r2");
        auth.approve("r1");
        auth.remove("r2");
        co_await here.events.count(5);
    });
    CHECK(
        here.events.lines ==
        lines{connected_line, "listed r1", "changed r2 PENDING", "changed r1 APPROVED", "deleted r2"}
    );
    CHECK(here.out.has("teleport_connected"));
    REQUIRE(here.ended.has_value());
    CHECK(here.ended->has_value());
    CHECK(here.out.errors == 0);
}

TEST_CASE("what happens during the listing comes after it, and nothing of it is lost") {
    const pki cluster("main");
    auth_server* self = nullptr;
    auth_behaviour behaviour;
    behaviour.while_listing = [&self] {
        if (self->calls("GetAccessRequestsV2") == 1) {
            self->approve("r1");
            self->create_request("r2");
        }
    };
    auth_server auth(cluster, behaviour);
    self = &auth;
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    here.play([&]() -> awaitable<void> { co_await here.events.count(4); });
    CHECK(
        here.events.lines == lines{connected_line, "listed r1", "changed r1 APPROVED", "changed r2 PENDING"}
    );
}

TEST_CASE("a watch that is dropped is made again, and what was missed is in the new listing") {
    const pki cluster("main");
    auth_server auth(cluster);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        auth.drop_watches();
        const std::function<bool()> none = [&auth] { return auth.watches() == 0; };
        co_await test::until("the end of the watch", none);
        auth.create_request("r1");
        co_await here.events.count(4);
    });
    CHECK(here.events.lines.at(3).starts_with("listed"));
    CHECK(here.out.has(
        "teleport_connection_lost reason=WatchEvents: " + auth.address() + " answered Unavailable"
    ));
    CHECK(auth.calls("Ping") == 2);
}

TEST_CASE("an Auth Service that is not there is tried again, and said so once") {
    const pki cluster("main");
    std::string address;
    {
        const auth_server gone(cluster);
        address = gone.address();
    }
    world here(address, cluster.identity_text("hallpass"));
    here.start();
    here.play([&]() -> awaitable<void> {
        const std::function<bool()> told = [&here] { return here.out.has("attempts=4"); };
        co_await test::until("four attempts", told);
    });
    CHECK(here.out.has(
        "teleport_not_connected reason=connecting to " + address + ": Connection refused attempts=1"
    ));
    CHECK(here.out.has("attempts=2"));
    CHECK_FALSE(here.out.has("attempts=3"));
}

TEST_CASE("plugin data of all requests is listed by one call") {
    const pki cluster("main");
    auth_server auth(cluster);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::vector<ports::stored_plugin_data> all;
    here.play([&]() -> awaitable<void> {
        for (const std::string id : {"r1", "r2"}) {
            ports::plugin_data_update update;
            update.request_id = id;
            update.plugin = "slack";
            update.set["k"] = id;
            const result<void> written = co_await here.client->gateway().update_plugin_data(update);
            static_cast<void>(written.value());
        }
        const result<std::vector<ports::stored_plugin_data>> read =
            co_await here.client->gateway().list_plugin_data("slack", {});
        all = read.value();
    });
    REQUIRE(all.size() == 2);
    CHECK(all[0].request_id == "r1");
    CHECK(all[1].data == ports::plugin_data{{"k", "r2"}});
    CHECK(auth.calls("GetPluginData") == 1);
}

TEST_CASE("plugin data is compared, swapped and read back") {
    const pki cluster("main");
    auth_server auth(cluster);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::vector<result<void>> updates;
    ports::plugin_data found;
    here.play([&]() -> awaitable<void> {
        ports::plugin_data_update update;
        update.request_id = "r1";
        update.plugin = "slack";
        update.set["k"] = "v";
        update.expect["k"] = "";
        updates.push_back(co_await here.client->gateway().update_plugin_data(update));
        updates.push_back(co_await here.client->gateway().update_plugin_data(update));
        result<ports::plugin_data> read = co_await here.client->gateway().read_plugin_data("r1", "slack");
        found = read.value();
    });
    REQUIRE(updates.size() == 2);
    CHECK(updates[0].has_value());
    REQUIRE_FALSE(updates[1].has_value());
    CHECK(updates[1].error().kind() == fault_kind::conflict);
    CHECK(found == ports::plugin_data{{"k", "v"}});
    CHECK(auth.plugin_data("r1", "slack", "k") == "v");
}

TEST_CASE("a request is read as it is now, and nothing where it is gone") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.create_request("r1", "bob");
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::string user;
    bool found_other = true;
    here.play([&]() -> awaitable<void> {
        const auto one = co_await here.client->gateway().read_request("r1");
        user = one.value().value().user;
        const auto other = co_await here.client->gateway().read_request("r2");
        found_other = other.value().has_value();
    });
    CHECK(user == "bob");
    CHECK_FALSE(found_other);
}

TEST_CASE("a request is enriched once, and then from memory") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.logins = {"ubuntu", "{{internal.logins}}", "-teleport-nologin-1"};
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    access::access_request request;
    request.user = "alice";
    request.roles = {"prod"};
    request.resources.push_back({"main", "node", "n-1", "", ""});
    request.resources.push_back({"leaf", "node", "n-1", "", ""});
    request.resources.push_back({"main", "db", "d-1", "", ""});
    access::access_request enriched;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        for (int i = 0; i < 3; ++i) {
            enriched = co_await here.client->gateway().enrich(request);
        }
    });
    CHECK(enriched.logins_by_role.at("prod") == lines{"alice", "ubuntu"});
    CHECK(to_string(enriched.resources.at(0)) == "node/db.example.com");
    CHECK(to_string(enriched.resources.at(1)) == "/leaf/node/n-1");
    CHECK(to_string(enriched.resources.at(2)) == "/main/db/d-1");
    CHECK(auth.calls("GetRole") == 1);
    CHECK(auth.calls("GetUser") == 1);
    CHECK(auth.calls("ListResources") == 1);
}

TEST_CASE("requests that come together ask for their role once") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.logins = {"root"};
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    int with_logins = 0;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        access::access_request request;
        request.roles = {"prod"};
        int over = 0;
        const auto note = [&](const std::exception_ptr&, const access::access_request& enriched) {
            ++over;
            with_logins += enriched.logins_by_role.contains("prod") ? 1 : 0;
        };
        for (int i = 0; i < 50; ++i) {
            boost::asio::co_spawn(here.context, here.client->gateway().enrich(request), note);
        }
        const std::function<bool()> all = [&over] { return over == 50; };
        co_await test::until("all fifty", all);
    });
    CHECK(with_logins == 50);
    CHECK(auth.calls("GetRole") == 1);
}

TEST_CASE("a refused look-up is neither made nor told again, and the request goes on without") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.knows_roles = false;
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    access::access_request enriched;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        access::access_request request;
        request.id = "r1";
        request.roles = {"a", "b"};
        enriched = co_await here.client->gateway().enrich(request);
        enriched = co_await here.client->gateway().enrich(request);
    });
    CHECK(enriched.id == "r1");
    CHECK(enriched.logins_by_role.empty());
    CHECK(auth.calls("GetRole") == 1);
    const auto told =
        std::count_if(here.out.lines.begin(), here.out.lines.end(), [](const std::string& line) {
            return line.starts_with("details_missing call=GetRole");
        });
    CHECK(told == 1);
}

TEST_CASE("probing says with what, and leaves nothing behind") {
    const pki cluster("main");
    auth_server auth(cluster);
    auth.create_request("r1");
    world here(auth.address(), cluster.identity_text("hallpass"));
    CHECK(
        here.probe() ==
        "ok: cluster main at " + auth.address() + ", Teleport 17.2.0, as hallpass, 1 pending requests"
    );
}

TEST_CASE("the client's key, certificate and CAs may come from three files") {
    const pki cluster("main");
    auth_server auth(cluster);
    const auto own = cluster.issue_client("hallpass");
    const test::temp_dir files;
    world here(auth.address(), "unused", [&](teleport::teleport_config& config) {
        config.identity_file.clear();
        config.client_key = files.write("key", own.key);
        config.client_crt = files.write("crt", own.certificate);
        config.root_cas = files.write("cas", cluster.ca_certificate());
    });
    CHECK(here.probe().starts_with("ok: cluster main"));
}
