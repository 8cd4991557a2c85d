#include "every_callback_rig.hpp"

#include "support/eventually.hpp"

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace hallpass::test {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr const char* letters_to = "root@example.com";

std::string text_at(const json::object& in, std::string_view key) {
    return std::string(in.at(key).as_string());
}

std::string line(std::string_view key, std::string_view value) {
    return std::string(key) + " = \"" + std::string(value) + "\"\n";
}

std::string bytes_of(const raw_call& call) {
    std::string text = call.method + ' ' + call.path + " HTTP/1.1\r\nHost: hallpass\r\nConnection: close\r\n";
    for (const auto& [name, value] : call.headers) {
        text += name + ": " + value + "\r\n";
    }
    if (!call.chunked) {
        return text + "Content-Length: " + std::to_string(call.body.size()) + "\r\n\r\n" + call.body;
    }
    text += "Transfer-Encoding: chunked\r\n\r\n";
    for (const char one : call.body) {
        text += std::string("1\r\n") + one + "\r\n";
    }
    return text + "0\r\n\r\n";
}

std::string without_date(const std::string& answer) {
    const std::size_t begin = answer.find("Date: ");
    if (begin == std::string::npos) {
        return answer;
    }
    return answer.substr(0, begin) + answer.substr(answer.find("\r\n", begin) + 2);
}

} // namespace

raw_answer exchange(const std::string& address, const raw_call& call) {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    const std::size_t colon = address.rfind(':');
    socket.connect(
        {asio::ip::make_address(address.substr(0, colon)),
         static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))}
    );
    const std::string sent = bytes_of(call);
    boost::system::error_code ended; // who is refused early is cut
    asio::write(socket, asio::buffer(sent), ended);
    std::string got;
    asio::read(socket, asio::dynamic_buffer(got), ended);
    if (got.size() < 12 || !got.starts_with("HTTP/1.1 ")) {
        throw std::runtime_error("no HTTP answer to " + call.path + ": " + got);
    }
    return {std::stoi(got.substr(9, 3)), without_date(got)};
}

std::string hmac_of(std::string_view key, std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(
        EVP_sha256(), key.data(), static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size
    );
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[digest.at(i) >> 4U];
        text += digits[digest.at(i) & 15U];
    }
    return text;
}

every_callback_rig::every_callback_rig() {
    for (std::size_t i = 0; i < addresses_.size(); ++i) {
        addresses_.at(i) = "127.0.0.1:" + std::to_string(free_port());
        start(i);
    }
}

void every_callback_rig::start(std::size_t instance) {
    rig.configure_with(configuration(addresses_.at(instance)));
    running_.at(instance) = rig.start_watching();
    running_.at(instance)->wait_for_event("listening");
}

void every_callback_rig::stop(std::size_t instance) {
    running_.at(instance).reset();
}

std::string every_callback_rig::site(std::string_view party, std::string_view key) const {
    const json::object view = rig.sandbox.control().get("/" + std::string(party)).as_object();
    return text_at(view.at("site").as_object(), key);
}

std::string every_callback_rig::configuration(const std::string& address) const {
    const json::object& ready = rig.sandbox.ready();
    const json::object& mail = ready.at("email").as_object();
    const json::object& teams = ready.at("msteams").as_object();
    const json::object& mattermost = ready.at("mattermost").as_object();
    const json::object& pagerduty = ready.at("pagerduty").as_object();
    std::string text = line("state_dir", rig.state());
    text += "[teleport]\n" + line("addr", rig.sandbox.auth_address()) +
            line("identity", rig.sandbox.identity_file());
    text += "[http]\n" + line("listen_addr", address) + line("public_addr", "http://" + address) +
            "insecure = true\n";
    text += "[review]\nenabled = true\n";
    for (const std::string name : {"slack", "discord", "mattermost", "msteams", "jira", "servicenow"}) {
        text += line(name + "_user_id_trait", name + "_user_id");
    }
    text += "[slack]\n" + line("token", "xoxb-sandbox-token") + line("api_url", rig.sandbox.slack_url()) +
            line("signing_secret", rig.sandbox.signing_secret()) +
            "[slack.role_to_recipients]\n\"*\" = [\"access-requests\"]\n";
    text += "[discord]\n" + line("token", "discord-sandbox-token") +
            line("application_id", rig.sandbox.discord_application_id()) +
            line("public_key", rig.sandbox.discord_public_key()) +
            line("api_url", rig.sandbox.discord_url()) +
            "[discord.role_to_recipients]\n\"*\" = [\"1100000000000000001\"]\n";
    text += "[mattermost]\n" + line("url", text_at(mattermost, "url")) +
            line("token", text_at(mattermost, "token")) + "recipients = [\"example-team/access-requests\"]\n";
    text += "[msapi]\n";
    for (const char* key :
         {"app_id", "app_secret", "tenant_id", "teams_app_id", "login_url", "graph_url", "bot_url",
          "bot_login_url"}) {
        text += line(key, text_at(teams, key));
    }
    text += "[msapi.role_to_recipients]\n\"*\" = [\"" + text_at(teams, "channel_link") + "\"]\n";
    text += "[smtp]\nhost = \"127.0.0.1\"\nport = " + std::to_string(mail.at("port").to_number<int>()) +
            "\n" + line("username", text_at(mail, "username")) + line("password", text_at(mail, "password")) +
            "[delivery]\nsender = \"noreply@example.com\"\nrecipients = [\"" + letters_to + "\"]\n[email]\n" +
            line("link_secret", "0123456789abcdef0123456789abcdef") +
            "[email.users]\n\"bob@example.com\" = \"bob@example.com\"\n[email.oidc]\n" +
            line("issuer", text_at(mail, "issuer")) + line("client_id", text_at(mail, "client_id")) +
            line("client_secret", text_at(mail, "client_secret"));
    text += "[jira]\n" + line("url", site("jira", "url")) + line("username", site("jira", "username")) +
            line("api_token", site("jira", "token")) + line("project", "ACCESS") +
            line("webhook_secret", site("jira", "webhook_secret"));
    text += "[pagerduty]\n" + line("api_key", text_at(pagerduty, "api_key")) +
            line("user_email", text_at(pagerduty, "user_email")) +
            line("api_url", text_at(pagerduty, "url")) + line("service_id", "PSVCDB01") +
            line("webhook_secret", "pagerduty-sandbox-webhook-secret") +
            "[pagerduty.users]\nPBOB0001 = \"bob@example.com\"\n";
    text += "[servicenow]\n" + line("api_url", site("servicenow", "url")) +
            line("username", site("servicenow", "username")) +
            line("api_token", site("servicenow", "password")) +
            line("webhook_secret", site("servicenow", "webhook_secret"));
    return text + "[log]\nseverity = \"debug\"\n";
}

json::object every_callback_rig::command(const std::string& path, const json::object& body) const {
    return rig.sandbox.control().post(path, body).as_object();
}

json::object
every_callback_rig::ticket(const std::string& party, std::string_view list, const std::string& id) const {
    const json::object all = rig.sandbox.control().get("/" + party).as_object();
    for (const json::value& one : all.at(list).as_array()) {
        if (has(json::serialize(one), id)) {
            return one.as_object();
        }
    }
    throw std::runtime_error(party + " has nothing of " + id);
}

json::object every_callback_rig::mattermost_card(const std::string& id) const {
    const json::value posts = rig.sandbox.control().get("/mattermost/posts/access-requests");
    for (const json::value& one : posts.as_array()) {
        if (has(json::serialize(one), id) && has(json::serialize(one), "integration")) {
            return one.as_object();
        }
    }
    throw std::runtime_error("Mattermost has no card of " + id);
}

std::string every_callback_rig::teams_card(const std::string& id) const {
    const json::object all = rig.sandbox.control().get("/msteams").as_object();
    for (const json::value& conversation : all.at("conversations").as_array()) {
        for (const json::value& message : conversation.at("messages").as_array()) {
            const std::string card = json::serialize(message.at("activity"));
            if (has(card, id) && has(card, "Action.Execute")) {
                return text_at(message.as_object(), "id");
            }
        }
    }
    throw std::runtime_error("Teams has no card of " + id);
}

bool every_callback_rig::is_announced(const std::string& id) const {
    try {
        mattermost_card(id);
        teams_card(id);
        const std::string kept = json::serialize(rig.sandbox.control().get("/plugin-data"));
        const std::string letters = json::serialize(rig.sandbox.control().get("/email/letters"));
        return has(letters, id) && has(kept, text_at(ticket("jira", "issues", id), "key")) &&
               has(kept, text_at(ticket("pagerduty", "incidents", id), "id")) &&
               has(kept, text_at(ticket("servicenow", "incidents", id), "number"));
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::string every_callback_rig::announced_request() {
    const json::object wanted{
        {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
    const json::object made = command("/requests", wanted);
    std::string id(made.at("ids").at(0).as_string());
    eventually("the request is announced everywhere", [&] { return is_announced(id); });
    return id;
}

json::value every_callback_rig::request(const std::string& id) const {
    const json::value listed = rig.sandbox.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return one;
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

std::size_t every_callback_rig::reviews_of(const std::string& id) const {
    return request(id).at("reviews").as_array().size();
}

void every_callback_rig::wait_until_approved(const std::string& id) const {
    eventually("the request is approved", [&] { return request(id).at("state") == "APPROVED"; });
}

raw_call every_callback_rig::jira_call(std::string body) const {
    const std::string signature = "sha256=" + hmac_of(site("jira", "webhook_secret"), body);
    return {"/jira", std::move(body), {{"X-Hub-Signature", signature}}};
}

raw_call every_callback_rig::pagerduty_call(std::string body) const {
    const std::string signature = "v1=" + hmac_of("pagerduty-sandbox-webhook-secret", body);
    return {"/pagerduty", std::move(body), {{"X-PagerDuty-Signature", signature}}};
}

raw_call every_callback_rig::servicenow_call(std::string body) const {
    return {"/servicenow", std::move(body), {{"X-Hallpass-Secret", site("servicenow", "webhook_secret")}}};
}

raw_call every_callback_rig::jira_move(const std::string& id, const std::string& user) const {
    const std::string issue = text_at(ticket("jira", "issues", id), "key");
    const json::object moved = command(
        "/jira/move", {{"issue", issue}, {"user", "557058:" + user}, {"to", "Approved"}, {"silent", true}}
    );
    return jira_call(text_at(moved, "hook"));
}

raw_call every_callback_rig::pagerduty_note(const std::string& id, const std::string& user) const {
    const std::string incident = text_at(ticket("pagerduty", "incidents", id), "id");
    const json::object written = command(
        "/pagerduty/note",
        {{"incident", incident}, {"user", user}, {"content", "approve: seen"}, {"deliver", false}}
    );
    return pagerduty_call(text_at(written, "body"));
}

raw_call every_callback_rig::servicenow_approval(const std::string& id, const std::string& user) const {
    const std::string incident = text_at(ticket("servicenow", "incidents", id), "number");
    const json::object given =
        command("/servicenow/approve", {{"incident", incident}, {"user", user}, {"silent", true}});
    return servicenow_call(json::serialize(json::object{{"approval", given.at("approval")}}));
}

raw_call every_callback_rig::mattermost_form(const std::string& id) const {
    const json::object card = mattermost_card(id);
    const std::string bob = "bob" + std::string(22, '0') + "1";
    const json::object clicked =
        command("/mattermost/click", {{"user", bob}, {"post", card.at("id")}, {"action", "approve"}});
    if (!clicked.at("dialog").is_object()) {
        throw std::runtime_error("no form was opened: " + json::serialize(clicked));
    }
    const json::object& shown = clicked.at("dialog").at("dialog").as_object();
    const json::object body{
        {"type", "dialog_submission"},
        {"state", shown.at("state")},
        {"user_id", bob},
        {"submission", {{"reason", "seen"}}},
        {"cancelled", false}};
    return {"/mattermost/dialog", json::serialize(body), {{"Content-Type", "application/json"}}};
}

json::object
every_callback_rig::teams_press(const std::string& id, std::size_t instance, std::string activity_id) {
    const std::string card = teams_card(id);
    command("/msteams/callback", {{"url", "http://" + address(instance) + "/msteams/messages"}});
    return command(
        "/msteams/click", {{"user", "bob"},
                           {"activity", card},
                           {"action", "approve"},
                           {"activity_id", std::move(activity_id)},
                           {"values", json::object{{"reason", "seen"}}}}
    );
}

json::object every_callback_rig::email_decision(std::size_t instance) const {
    std::string link;
    const json::value letters = rig.sandbox.control().get("/email/letters");
    for (const json::value& one : letters.as_array()) {
        constexpr std::string_view path = "/review/";
        const std::string text = text_at(one.as_object(), "text");
        const std::size_t at = text.find(path);
        if (at != std::string::npos) {
            link = "http://" + address(instance) + text.substr(at, text.find("\r\n", at) - at);
        }
    }
    return command(
        "/email/decide",
        {{"link", link}, {"user", "bob@example.com"}, {"verdict", "approve"}, {"reason", "seen"}}
    );
}

} // namespace hallpass::test
