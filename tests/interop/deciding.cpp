#include "deciding.hpp"

#include "support/eventually.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <stdexcept>

namespace hallpass::interop {

namespace json = boost::json;

namespace {

constexpr const char* channel = "access-requests";
constexpr const char* channel_id = "C0ACCESS01";

// Signatures are timed in seconds, and those of the second in which hallpass was started may be replays.
void wait_for_the_next_second() {
    const auto now = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    const auto begun = now();
    test::eventually("the next second has begun", [&] { return now() > begun; });
}

bool mentions(const json::value& message, const std::string& id) {
    return json::serialize(message).find(id) != std::string::npos;
}

json::object as_sent(const json::value& version, const json::value& message) {
    json::object sent{{"text", version.at("text")}, {"blocks", version.at("blocks")}};
    const json::value& metadata = message.at("metadata");
    if (metadata.is_object() && !metadata.get_object().empty()) {
        sent["metadata"] = metadata;
    }
    return sent;
}

} // namespace

deciding::deciding() {
    configure();
    hallpass_.emplace(
        folder_.file("hallpass.toml"), std::map<std::string, std::string>{{"SSL_CERT_FILE", slack.ca_file()}}
    );
    hallpass_->wait_for_event("watching");
    hallpass_->wait_for_event("listening");
    wait_for_the_next_second();
    const std::string key = "listening address=";
    const std::string log = hallpass_->log();
    const std::size_t begin = log.rfind(key) + key.size();
    address_ = log.substr(begin, log.find(' ', begin) - begin);
    slack.post_clicks_to(url(), ca_file());
}

void deciding::configure() {
    test::authority authority;
    const net::server_identity own = authority.issue("IP:127.0.0.1");
    folder_.write("ca.pem", authority.certificate_pem());
    const std::string certificate = folder_.write("tls.crt", own.certificate_chain_pem);
    const std::string key = folder_.write("tls.key", own.private_key_pem.reveal());
    folder_.write(
        "hallpass.toml",
        "[teleport]\naddr = \"" + slack.auth_address() + "\"\nidentity = \"" + slack.identity_file() +
            "\"\n[slack]\ntoken = \"xoxb-sandbox-token\"\nsigning_secret = \"" + slack.signing_secret() +
            "\"\napi_url = \"" + slack.slack_url() + "\"\n[role_to_recipients]\n\"*\" = [\"" + channel +
            "\"]\n[http]\nlisten_addr = \"127.0.0.1:0\"\nhttps_cert_file = \"" + certificate +
            "\"\nhttps_key_file = \"" + key +
            "\"\n[review]\nenabled = true\nslack_user_id_trait = \"slack_user_id\"\n"
            "confirm_roles = [\"dba\"]\n[log]\nseverity = \"debug\"\n"
    );
}

std::string deciding::request(std::string_view role) {
    const json::object wanted{
        {"user", "alice@example.com"},
        {"roles", json::array{role}},
        {"reason", "the <!channel> job *fails*"}};
    const json::value made = slack.control().post("/requests", wanted);
    const std::string id(made.at("ids").at(0).as_string());
    test::eventually("the request is posted", [&] { return slack.posts(channel, id).size() == 1; });
    return id;
}

json::value deciding::click(const std::string& id, std::string_view action, const json::object& more) {
    return slack.click(bob, channel_id, slack.posts(channel, id).at(0).ts, action, more);
}

json::value deciding::submit(const json::value& clicked, bool confirm) {
    return slack.submit(clicked.at("view").at("id").as_string(), bob, "seen, and *fine*", confirm);
}

std::string deciding::state_of(const std::string& id) const {
    const json::value listed = slack.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return std::string(one.at("state").as_string());
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

json::array deciding::messages(const std::string& id) const {
    json::array found;
    const json::value all = slack.control().get("/slack");
    for (const json::value& one : all.at("channels").as_array()) {
        for (const json::value& message : one.at("messages").as_array()) {
            if (!mentions(message, id)) {
                continue;
            }
            for (const json::value& version : message.at("earlier").as_array()) {
                found.push_back(as_sent(version, message));
            }
            found.push_back(as_sent(message, message));
        }
    }
    return found;
}

} // namespace hallpass::interop
