#include "ticket_pass.hpp"

#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

namespace hallpass::interop {

namespace json = boost::json;

namespace {

// What the sandbox calls the service: the successor is where Opsgenie is.
std::string party_of(const std::string& service) {
    return service == "jsm" ? "opsgenie" : service;
}

const char* list_of(const std::string& party) {
    return party == "jira" ? "issues" : party == "opsgenie" ? "alerts" : "incidents";
}

bool is_at_its_end(const std::string& party, const json::object& ticket) {
    if (party == "opsgenie") {
        return ticket.at("closed") == true;
    }
    if (party == "servicenow") {
        return ticket.at("state") == "6" || ticket.at("state") == "7";
    }
    if (party == "jira") {
        return ticket.at("status") != "Pending" && ticket.at("comments").as_array().size() >= 2;
    }
    return ticket.at(party == "pagerduty" ? "status" : "state") == "resolved";
}

// An id is not of the call's name.
std::string name_of(const json::object& exchange) {
    std::string name(exchange.at("method").as_string());
    name += ' ';
    const std::string_view path = exchange.at("path").as_string();
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin + 1), path.size());
        const std::string_view part = path.substr(begin, end - begin);
        const bool word = std::all_of(part.begin() + 1, part.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        });
        const bool version = part == "/v1" || part == "/v2" || part == "/2" || part == "/3";
        name += word || version ? part : "/*";
        begin = end;
    }
    return name;
}

} // namespace

ticket_pass::ticket_pass(const std::vector<std::string>& services, std::string sections)
    : services_(services), recorder_(begin_asking("exchanges.py", recorder_arguments())) {
    test::eventually("calls can be recorded", [&] {
        if (recorder_.exit_status()) {
            throw std::runtime_error("exchanges.py ended: " + recorder_.standard_error());
        }
        return std::filesystem::exists(exchanges_.file("port"));
    });
    const std::string config = folder_.write(
        "hallpass.toml", "[teleport]\naddr = \"" + sandbox.auth_address() + "\"\nidentity = \"" +
                             sandbox.identity_file() + "\"\n" + filled(std::move(sections)) +
                             "[log]\nseverity = \"debug\"\n"
    );
    hallpass.emplace(config, std::map<std::string, std::string>{{"SSL_CERT_FILE", sandbox.ca_file()}});
    hallpass->wait_for_event("watching");
    if (test::read_file(config).find("[http]") != std::string::npos) {
        open_webhooks();
    }
}

std::vector<std::string> ticket_pass::recorder_arguments() const {
    std::vector<std::string> words{sandbox.ca_file(), exchanges_.path().string()};
    for (const std::string& one : services_) {
        words.push_back(one + "=" + std::string(sandbox.ready().at(party_of(one)).at("url").as_string()));
    }
    return words;
}

std::string ticket_pass::filled(std::string text) const {
    const std::string base = "http://127.0.0.1:" + test::read_file(exchanges_.file("port")) + '/';
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{')) {
        const std::size_t end = text.find('}', at);
        const std::string name = text.substr(at + 1, end - at - 1);
        const std::size_t dot = name.find('.');
        const std::string value =
            dot == std::string::npos
                ? base + name + '/'
                : std::string(sandbox.ready().at(name.substr(0, dot)).at(name.substr(dot + 1)).as_string());
        text.replace(at, end + 1 - at, value);
    }
    return text;
}

void ticket_pass::open_webhooks() {
    hallpass->wait_for_event("listening");
    const std::string key = "listening address=";
    const std::string log = hallpass->log();
    const std::size_t begin = log.rfind(key) + key.size();
    const std::string address = "http://" + log.substr(begin, log.find(' ', begin) - begin);
    sandbox.control().post("/jira/callback", json::object{{"url", address + "/jira"}});
    sandbox.control().post("/pagerduty/webhook", json::object{{"url", address + "/pagerduty"}});
    sandbox.control().post("/servicenow/callback", json::object{{"url", address + "/servicenow"}});
}

// Says what hallpass did where it never comes true.
void ticket_pass::wait_for(std::string_view what, const std::function<bool()>& condition) {
    try {
        test::eventually(what, condition);
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(std::string(late.what()) + "\nhallpass's log:\n" + hallpass->log());
    }
}

std::vector<json::object> ticket_pass::exchanges(std::string_view service) const {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(exchanges_.path())) {
        if (entry.path().filename().string().starts_with(std::string(service) + '-')) {
            files.insert(entry.path().string());
        }
    }
    std::vector<json::object> found;
    for (const std::string& file : files) {
        found.push_back(json::parse(test::read_file(file)).as_object());
    }
    return found;
}

json::object ticket_pass::exchange(std::string_view service, std::string_view call) const {
    std::string seen;
    for (json::object& one : exchanges(service)) {
        if (name_of(one) == call && one.contains("status")) {
            return std::move(one);
        }
        seen += '\n' + name_of(one);
    }
    throw std::runtime_error("no " + std::string(call) + " among" + seen);
}

std::string ticket_pass::request(const json::object& annotations) {
    json::object wanted{
        {"user", "alice@example.com"},
        {"roles", json::array{"dba"}},
        {"reason", "the *nightly* job {html} <b>fails</b>\n@all https://example.com"}};
    wanted["annotations"] = annotations;
    const json::value made = sandbox.control().post("/requests", wanted);
    std::string id(made.at("ids").at(0).as_string());
    wait_for("a ticket in every service", [&] {
        return std::all_of(services_.begin(), services_.end(), [&](const std::string& one) {
            return ticket(one, id).has_value();
        });
    });
    return id;
}

void ticket_pass::wait_until_kept(std::string_view ticket) {
    wait_for("the ticket is in Teleport's data", [&] {
        return json::serialize(sandbox.control().get("/plugin-data")).find(ticket) != std::string::npos;
    });
}

void ticket_pass::wait_until_ended(const std::string& id, std::string_view state) {
    wait_for("Teleport has the decision", [&] {
        const json::value listed = sandbox.control().get("/requests");
        return std::any_of(listed.as_array().begin(), listed.as_array().end(), [&](const json::value& one) {
            return one.at("id").as_string() == id && one.at("state").as_string() == state;
        });
    });
    for (const std::string& service : services_) {
        wait_for("the ticket in " + service + " is at its end", [&] {
            const auto now = ticket(service, id);
            return now && is_at_its_end(party_of(service), *now);
        });
    }
}

std::optional<json::object> ticket_pass::ticket(const std::string& service, const std::string& id) const {
    const std::string party = party_of(service);
    const json::value all = sandbox.control().get('/' + party);
    for (const json::value& one : all.at(list_of(party)).as_array()) {
        if (json::serialize(one).find(id) != std::string::npos) {
            return one.as_object();
        }
    }
    return std::nullopt;
}

void ticket_pass::lose(std::string_view service, std::string_view method) {
    sandbox.control().post("/lose", json::object{{"side", service}, {"method", method}, {"n", 1}});
}

namespace {

constexpr const char* five_services = R"(
[jira]
url = "{jira}"
username = "{jira.username}"
api_token = "{jira.token}"
project = "ACCESS"
webhook_secret = "{jira.webhook_secret}"
[pagerduty]
api_url = "{pagerduty}"
api_key = "{pagerduty.api_key}"
user_email = "{pagerduty.user_email}"
service_id = "PSVCDB01"
urgency = "low"
webhook_secret = "{pagerduty.webhook_secret}"
[pagerduty.users]
PCAROL01 = "carol@example.com"
[opsgenie]
api_url = "{opsgenie}"
api_key = "{opsgenie.api_key}"
default_schedules = ["Database"]
default_teams = ["DBA"]
priority = "P2"
[servicenow]
api_url = "{servicenow}"
username = "{servicenow.username}"
api_token = "{servicenow.password}"
webhook_secret = "{servicenow.webhook_secret}"
approve_on_call = true
[datadog]
api_endpoint = "{datadog}"
api_key = "{datadog.api_key}"
application_key = "{datadog.application_key}"
severity = "SEV-3"
approve_on_call = true
[datadog.role_to_recipients]
"*" = ["oncall@example.com", "databases"]
[http]
listen_addr = "127.0.0.1:0"
insecure = true
[review]
enabled = true
jira_user_id_trait = "jira_user_id"
servicenow_user_id_trait = "servicenow_user_id"
)";

constexpr const char* successor = R"(
[jsm]
api_url = "{jsm}"
site_url = "{jsm}"
api_key = "{opsgenie.api_key}"
cloud_id = "{opsgenie.cloud_id}"
user_email = "{opsgenie.user_email}"
api_token = "{opsgenie.api_token}"
default_schedules = ["Database"]
)";

// Alice is on call nowhere, so that somebody has to decide.
void put_others_on_call(const ticket_pass& pass) {
    const test::http_peer& control = pass.sandbox.control();
    control.post("/datadog/on_call", json::object{{"team", "databases"}, {"user", "bob@example.com"}});
    control.post("/servicenow/on_call", json::object{{"rota", "databases"}, {"user", "bob@example.com"}});
    control.post("/pagerduty/on_call", json::object{{"user", "PBOB0001"}, {"on", true}});
}

const json::object who_is_on_call{
    {"pagerduty_services", json::array{"Database"}},
    {"teleport.dev/schedules", json::array{"Database", "databases"}}};

// Every service loses the answer to one new ticket and to one note, so that hallpass looks for them.
void lose_answers(ticket_pass& pass) {
    for (const char* method : {"POST issue", "POST issue/comment"}) {
        pass.lose("jira", method);
    }
    for (const char* method : {"POST /incidents", "POST /incidents/{id}/notes"}) {
        pass.lose("pagerduty", method);
    }
    for (const char* method : {"POST alerts", "POST alerts/{id}/notes"}) {
        pass.lose("opsgenie", method);
    }
    for (const char* method : {"POST incident", "PATCH incident"}) {
        pass.lose("servicenow", method);
    }
    pass.lose("datadog", "POST incidents");
}

void go_through_five(ticket_pass& pass) {
    const test::http_peer& control = pass.sandbox.control();
    put_others_on_call(pass);
    lose_answers(pass);
    const std::string moved = pass.request(who_is_on_call);
    const std::string issue(pass.ticket("jira", moved)->at("key").as_string());
    pass.wait_until_kept(issue);
    control.post("/jira/move", json::object{{"issue", issue}, {"user", "557058:bob"}, {"to", "Approved"}});
    pass.wait_until_ended(moved, "APPROVED");

    const std::string noted = pass.request({});
    const std::string incident(pass.ticket("pagerduty", noted)->at("id").as_string());
    pass.wait_until_kept(incident);
    control.post(
        "/pagerduty/note",
        json::object{{"user", "PCAROL01"}, {"incident", incident}, {"content", "deny: use the replica"}}
    );
    pass.wait_until_ended(noted, "DENIED");

    const std::string approved = pass.request({});
    const std::string number(pass.ticket("servicenow", approved)->at("number").as_string());
    pass.wait_until_kept(number);
    control.post("/servicenow/approve", json::object{{"incident", number}, {"user", "bob@example.com"}});
    pass.wait_until_ended(approved, "APPROVED");
}

} // namespace

const ticket_pass& the_pass() {
    static ticket_pass pass({"jira", "pagerduty", "opsgenie", "servicenow", "datadog"}, five_services);
    static const bool gone = (go_through_five(pass), true);
    static_cast<void>(gone);
    return pass;
}

const ticket_pass& the_successors_pass() {
    static ticket_pass pass({"jsm"}, successor);
    static const bool gone = [] {
        for (const char* method : {"POST alerts", "POST alerts/{id}/notes"}) {
            pass.lose("opsgenie", method);
        }
        const std::string id = pass.request(who_is_on_call);
        pass.sandbox.control().post(
            "/requests/" + id + "/review",
            json::object{{"author", "bob@example.com"}, {"state", "DENIED"}, {"reason", "use the replica"}}
        );
        pass.wait_until_ended(id, "DENIED");
        return true;
    }();
    static_cast<void>(gone);
    return pass;
}

} // namespace hallpass::interop
