// What discord-interactions says of what hallpass takes for Discord's.
#include "payloads.hpp"
#include "support/eventually.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/skip.hpp"
#include "unit/net/certificates.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

constexpr const char* script = "discord_signatures.py";
constexpr const char* channel_id = "1100000000000000001";
constexpr const char* bob = "1200000000000000002";

bool can_judge() {
    for (const judges* needed : {&python_judges(), &node_judges()}) {
        if (needed->path.empty()) {
            test::skip(needed->why);
            return false;
        }
    }
    return true;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// hallpass takes interactions over HTTPS, by the judge's key.
class interactions {
public:
    interactions() : certificate_(authority_.issue("IP:127.0.0.1")) {
        folder_.write("ca.pem", authority_.certificate_pem());
        hallpass_.emplace(
            folder_.write("hallpass.toml", configuration()),
            std::map<std::string, std::string>{{"SSL_CERT_FILE", discord.ca_file()}}
        );
        hallpass_->wait_for_event("watching");
        hallpass_->wait_for_event("listening");
        // What is signed in the second of the start may be a replay.
        const auto now = [] {
            return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        };
        const auto begun = now();
        test::eventually("the next second has begun", [&] { return now() > begun; });
        const std::string key = "listening address=";
        const std::string log = hallpass_->log();
        const std::size_t begin = log.rfind(key) + key.size();
        url_ = "https://" + log.substr(begin, log.find(' ', begin) - begin) + "/discord/interactions";
    }

    test::running_sandbox discord;

    const std::string& url() const noexcept { return url_; }

    const test::temp_dir& folder() const noexcept { return folder_; }

    std::string ca_file() const { return folder_.file("ca.pem"); }

    std::string signatures(const std::string& url) const {
        const judgement given = ask(script, {"table", url, ca_file(), discord.discord_application_id()});
        return given.said + "exit " + std::to_string(given.status);
    }

private:
    std::string configuration() {
        const std::string key = ask(script, {"key"}).said;
        return "[teleport]\naddr = \"" + discord.auth_address() + "\"\nidentity = \"" +
               discord.identity_file() +
               "\"\n[discord]\ntoken = \"discord-sandbox-token\"\napplication_id = \"" +
               discord.discord_application_id() + "\"\npublic_key = \"" + key.substr(0, key.find('\n')) +
               "\"\napi_url = \"" + discord.discord_url() + "\"\n[discord.users]\n" + bob +
               " = \"bob@example.com\"\n[role_to_recipients]\n\"*\" = \"" + channel_id +
               "\"\n[http]\nlisten_addr = \"127.0.0.1:0\"\nhttps_cert_file = \"" +
               folder_.write("tls.crt", certificate_.certificate_chain_pem) + "\"\nhttps_key_file = \"" +
               folder_.write("tls.key", certificate_.private_key_pem.reveal()) +
               "\"\n[review]\nenabled = true\n[log]\nseverity = \"debug\"\n";
    }

    test::temp_dir folder_;
    test::authority authority_;
    net::server_identity certificate_;
    std::optional<test::running_hallpass> hallpass_;
    std::string url_;
};

} // namespace

TEST_CASE("hallpass takes a PING that PyNaCl signed, and none that discord-interactions refuses") {
    if (!can_judge()) {
        return;
    }
    const interactions rig;
    const std::string answered = rig.signatures(rig.url());
    CHECK_MESSAGE(has(answered, "exit 0"), answered);
    MESSAGE("variations of a PING:\n", answered);
    // The judge itself: of a listener that takes all, and of one that takes nothing.
    const std::string all = rig.signatures("200");
    CHECK_MESSAGE(has(all, "WRONG     the group's order added: "), all);
    CHECK_MESSAGE(has(all, "exit 1"), all);
    const std::string none = rig.signatures("401");
    CHECK_MESSAGE(has(none, "WRONG     signed now: "), none);
    CHECK_MESSAGE(has(none, "exit 1"), none);
}

TEST_CASE("a click that PyNaCl signed opens a form that @discordjs/builders builds alike") {
    if (!can_judge()) {
        return;
    }
    interactions rig;
    const std::string ready = test::read_file(
        (std::filesystem::path(rig.discord.identity_file()).parent_path() / "ready.json").string()
    );
    const std::string public_key(json::parse(ready).at("discord_public_key").as_string());
    test::process relay =
        begin_asking(script, {"relay", rig.url(), rig.ca_file(), public_key, rig.folder().path().string()});
    test::eventually("the relay listens", [&] {
        REQUIRE_MESSAGE(!relay.exit_status(), relay.standard_error());
        return std::filesystem::exists(rig.folder().file("port"));
    });
    const test::http_peer& control = rig.discord.control();
    const std::string address = "http://127.0.0.1:" + test::read_file(rig.folder().file("port"));
    control.post("/discord/callback", json::object{{"url", address + "/discord/interactions"}});
    control.post("/requests", json::object{{"user", "alice@example.com"}, {"roles", json::array{"dba"}}});
    std::vector<test::discord_post> there;
    test::eventually("the request is posted", [&] {
        there = rig.discord.discord_posts("access-requests");
        return there.size() == 1;
    });
    const json::value clicked = control.post(
        "/discord/click",
        json::object{{"user", bob}, {"channel", channel_id}, {"message", there[0].id}, {"action", "deny"}}
    );
    REQUIRE_MESSAGE(clicked.at("status") == 200, json::serialize(clicked), relay.standard_error());
    const json::value modals = control.get("/discord/modals");
    REQUIRE(modals.as_array().size() == 1);
    json::object form;
    for (const char* name : {"custom_id", "title", "components"}) {
        form[name] = modals.at(0).at("shown").at(name);
    }
    payloads sent;
    sent.keep("modal", form);
    const judgement given = sent.judged_by("discord_messages.cjs");
    CHECK_MESSAGE(given.said == sent.all_accepted(), given.said);
}
