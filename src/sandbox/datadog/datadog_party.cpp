#include "sandbox/datadog/datadog_party.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/decode_view.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace hallpass::sandbox::datadog {

namespace json = boost::json;
using boost::asio::awaitable;
using command_answer = outcome<json::value>;
using std::chrono::system_clock;

namespace {

constexpr const char* json_type = "application/json";
constexpr const char* our_api_key = "datadog-sandbox-api-key";
constexpr const char* our_application_key = "datadog-sandbox-application-key";

net::server_response answered(int status, const json::value& body) {
    return net::server_response(status, json::serialize(body), json_type);
}

net::server_response refused(int status, std::string_view said) {
    return answered(status, json::object{{"errors", json::array{said}}});
}

std::string parameter(const std::string& query, std::string_view key) {
    for (const std::string& part : split(query, '&')) {
        boost::urls::encoding_opts form;
        form.space_as_plus = true;
        const boost::urls::decode_view decoded(part, form);
        const std::string text(decoded.begin(), decoded.end());
        if (text.starts_with(key) && text.size() > key.size() && text[key.size()] == '=') {
            return text.substr(key.size() + 1);
        }
    }
    return "";
}

std::size_t number(const std::string& text, std::size_t otherwise) {
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

const json::object& object_in(const json::object& from, std::string_view name) {
    static const json::object none;
    const json::value* found = from.if_contains(name);
    return found && found->is_object() ? found->get_object() : none;
}

struct incident {
    std::string id;
    unsigned number = 0;
    std::string title;
    json::object fields;
    json::array handles;
    json::array cells;
    std::vector<std::string> earlier; // summaries, oldest first
    system_clock::time_point created;
};

std::string value_of(const incident& one, std::string_view field) {
    return text_of(object_in(one.fields, field), "value");
}

json::object to_json(const incident& one) {
    json::object attributes{
        {"title", one.title},
        {"public_id", one.number},
        {"state", value_of(one, "state")},
        {"created", to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(one.created))},
        {"fields", one.fields},
        {"notification_handles", one.handles}};
    return {{"id", one.id}, {"type", "incidents"}, {"attributes", std::move(attributes)}};
}

class datadog_party final : public third_party {
public:
    explicit datadog_party(third_party_environment environment) : environment_(environment) {}

    void listening_at(const std::string& url) override { url_ = url; }

    awaitable<net::server_response> answer(net::server_request request) override;
    std::string method_of(const net::server_request& request) const override;
    net::server_response refuse(const fault_rule& rule) const override;
    net::server_response limit_rate(std::chrono::seconds wait) const override;
    json::object ready() const override;
    awaitable<command_answer> command(control_command asked) override;
    json::object view() const override;

    void reset() override {
        incidents_.clear();
        on_call_.clear();
        timeline_ = true;
        restricted_ = false;
        lag_ = {};
    }

    awaitable<void> close() override { co_return; }

private:
    net::server_response route(const net::server_request& request, const std::vector<std::string>& path);
    net::server_response create(const json::object& data);
    net::server_response change(incident& one, const json::object& data);
    net::server_response list(const std::string& query) const;
    net::server_response search(const std::string& query) const;
    net::server_response list_teams(const std::string& keyword) const;
    net::server_response who_is_on_call(const std::string& team) const;
    incident* find(const std::string& id);

    third_party_environment environment_;
    std::vector<incident> incidents_;
    std::map<std::string, std::set<std::string>> on_call_; // team's handle: e-mails
    bool timeline_ = true;
    bool restricted_ = false;
    std::chrono::milliseconds lag_{0};
    std::string url_;
};

// "POST incidents", "GET incidents/search", "POST incidents/timeline".
std::string datadog_party::method_of(const net::server_request& request) const {
    const std::vector<std::string> path = split(request.path.substr(1), '/');
    std::string name;
    for (std::size_t i = 2; i < path.size(); ++i) {
        if (!is_uuid(path[i])) {
            name += (name.empty() ? "" : "/") + path[i];
        }
    }
    return request.method + ' ' + name;
}

net::server_response datadog_party::refuse(const fault_rule& rule) const {
    return refused(rule.status != 0 ? rule.status : 500, rule.code.empty() ? "told to refuse" : rule.code);
}

net::server_response datadog_party::limit_rate(std::chrono::seconds wait) const {
    net::server_response response = refused(429, "Rate limit exceeded");
    response.headers.emplace_back("X-RateLimit-Reset", std::to_string(wait.count()));
    return response;
}

awaitable<net::server_response> datadog_party::answer(net::server_request request) {
    const std::vector<std::string> path = split(request.path.substr(1), '/');
    if (path.size() < 3 || path[0] != "api" || path[1] != "v2") {
        co_return refused(404, "Not Found");
    }
    if (request.header("dd-api-key") != our_api_key) {
        co_return refused(401, "Unauthorized");
    }
    if (request.header("dd-application-key") != our_application_key) {
        co_return refused(403, "Forbidden");
    }
    net::server_response made = route(request, path);
    if (request.method != "GET") {
        environment_.changes.changed();
    }
    co_return made;
}

net::server_response
datadog_party::route(const net::server_request& request, const std::vector<std::string>& path) {
    const bool gets = request.method == "GET";
    if (gets && path[2] == "permissions") {
        const json::object attributes{{"name", "incident_write"}, {"restricted", restricted_}};
        const json::object one{{"type", "permissions"}, {"attributes", attributes}};
        return answered(200, json::object{{"data", json::array{json::value(one)}}});
    }
    if (gets && path[2] == "team") {
        return list_teams(parameter(request.query, "filter[keyword]"));
    }
    if (gets && path.size() == 6 && path[2] == "on-call") {
        return who_is_on_call(path[4]);
    }
    if (path[2] != "incidents") {
        return refused(404, "Not Found");
    }
    if (gets && path.size() == 3) {
        return list(request.query);
    }
    if (gets && path.size() == 4 && path[3] == "search") {
        return search(request.query);
    }
    if (gets && path.size() == 4) {
        const incident* one = find(path[3]);
        return one ? answered(200, json::object{{"data", to_json(*one)}}) : refused(404, "Not Found");
    }
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error || !body.is_object()) {
        return refused(400, "Invalid JSON");
    }
    const json::object& data = object_in(body.get_object(), "data");
    if (request.method == "POST" && path.size() == 3) {
        return create(data);
    }
    incident* one = path.size() >= 4 ? find(path[3]) : nullptr;
    if (!one || (path.size() == 5 && !timeline_)) {
        return refused(404, "Not Found");
    }
    if (request.method == "POST" && path.size() == 5 && path[4] == "timeline") {
        one->cells.push_back(
            json::value(text_of(object_in(object_in(data, "attributes"), "content"), "content"))
        );
        return answered(201, json::object{{"data", json::object{{"id", random_uuid()}}}});
    }
    return request.method == "PATCH" && path.size() == 4 ? change(*one, data)
                                                         : refused(405, "Method Not Allowed");
}

net::server_response datadog_party::create(const json::object& data) {
    const json::object& attributes = object_in(data, "attributes");
    const json::value* impacted = attributes.if_contains("customer_impacted");
    if (text_of(data, "type") != "incidents" || text_of(attributes, "title").empty() || !impacted ||
        !impacted->is_bool()) {
        return refused(400, "title and customer_impacted are required");
    }
    incident made;
    made.id = random_uuid();
    made.number = static_cast<unsigned>(incidents_.size() + 1);
    made.title = text_of(attributes, "title");
    made.fields = object_in(attributes, "fields");
    if (const json::value* handles = attributes.if_contains("notification_handles");
        handles && handles->is_array()) {
        made.handles = handles->get_array();
    }
    made.created = system_clock::now();
    incidents_.push_back(std::move(made));
    return answered(201, json::object{{"data", to_json(incidents_.back())}});
}

net::server_response datadog_party::change(incident& one, const json::object& data) {
    if (text_of(data, "id") != one.id || text_of(data, "type") != "incidents") {
        return refused(400, "data needs id and type");
    }
    for (const auto& [name, value] : object_in(object_in(data, "attributes"), "fields")) {
        if (name == "summary") {
            one.earlier.push_back(value_of(one, "summary"));
        }
        one.fields[name] = value;
    }
    return answered(200, json::object{{"data", to_json(one)}});
}

net::server_response datadog_party::list(const std::string& query) const {
    const std::size_t most = std::min<std::size_t>(number(parameter(query, "page[size]"), 10), 100);
    json::array shown;
    for (const incident& one : incidents_) {
        if (shown.size() < most) {
            shown.push_back(to_json(one));
        }
    }
    return answered(200, json::object{{"data", std::move(shown)}});
}

net::server_response datadog_party::search(const std::string& query) const {
    const std::size_t most = std::min<std::size_t>(number(parameter(query, "page[size]"), 10), 100);
    std::size_t skip = number(parameter(query, "page[offset]"), 0);
    json::array found;
    for (auto one = incidents_.rbegin(); one != incidents_.rend() && found.size() < most; ++one) {
        if (one->created + lag_ > system_clock::now()) {
            continue;
        }
        if (skip > 0) {
            --skip;
            continue;
        }
        found.push_back(json::object{{"data", to_json(*one)}});
    }
    const json::object attributes{
        {"facets", json::object()}, {"total", incidents_.size()}, {"incidents", std::move(found)}};
    return answered(
        200,
        json::object{{"data", json::object{{"type", "incidents_search_results"}, {"attributes", attributes}}}}
    );
}

net::server_response datadog_party::list_teams(const std::string& keyword) const {
    json::array teams;
    for (const auto& [handle, people] : on_call_) {
        if (handle.find(keyword) != std::string::npos) {
            const json::object attributes{{"handle", handle}, {"name", "The team " + handle}};
            teams.push_back(json::object{
                {"id", "team-" + handle}, {"type", "team"}, {"attributes", attributes}});
        }
    }
    return answered(200, json::object{{"data", std::move(teams)}});
}

net::server_response datadog_party::who_is_on_call(const std::string& team) const {
    json::array responders;
    json::array included;
    for (const auto& [handle, people] : on_call_) {
        for (const std::string& email : people) {
            if ("team-" + handle == team) {
                responders.push_back(json::object{{"id", email}, {"type", "users"}});
                included.push_back(json::object{
                    {"id", email}, {"type", "users"}, {"attributes", json::object{{"email", email}}}});
            }
        }
    }
    json::object related{{"responders", json::object{{"data", std::move(responders)}}}};
    return answered(
        200,
        json::object{
            {"data",
             json::object{
                 {"id", team}, {"type", "team_oncall_responders"}, {"relationships", std::move(related)}}},
            {"included", std::move(included)}}
    );
}

incident* datadog_party::find(const std::string& id) {
    const auto found = std::ranges::find(incidents_, id, &incident::id);
    return found == incidents_.end() ? nullptr : &*found;
}

json::object datadog_party::ready() const {
    return {{"url", url_}, {"api_key", our_api_key}, {"application_key", our_application_key}};
}

awaitable<command_answer> datadog_party::command(control_command asked) {
    const std::string what = asked.path.empty() ? std::string() : asked.path[0];
    if (asked.method == "GET") {
        json::array all;
        for (const incident& one : incidents_) {
            json::object shown = to_json(one);
            shown["cells"] = one.cells;
            shown["state"] = value_of(one, "state");
            shown["summary"] = value_of(one, "summary");
            all.push_back(std::move(shown));
        }
        co_return json::value(json::object{{"site", ready()}, {"incidents", std::move(all)}});
    }
    if (what == "site") {
        timeline_ = flag_of(asked.body, "timeline", timeline_);
        restricted_ = flag_of(asked.body, "restricted", restricted_);
        lag_ = std::chrono::milliseconds(static_cast<long>(number_of(asked.body, "lag_ms", 0)));
        co_return json::value(json::object{{"ok", true}});
    }
    if (what == "on_call") {
        on_call_[text_of(asked.body, "team")].insert(text_of(asked.body, "user"));
        co_return json::value(json::object{{"ok", true}});
    }
    co_return refusal{refusal_code::not_found, "no such command on Datadog"};
}

json::object datadog_party::view() const {
    json::array messages;
    for (const incident& one : incidents_) {
        json::array replies;
        for (const json::value& cell : one.cells) {
            replies.push_back(json::object{
                {"id", std::to_string(replies.size())}, {"from", "hallpass"}, {"text", cell}});
        }
        messages.push_back(json::object{
            {"id", "IR-" + std::to_string(one.number)},
            {"from", "hallpass"},
            {"text", one.title + '\n' + value_of(one, "summary")},
            {"fields",
             json::array{
                 json::array{"State", value_of(one, "state")},
                 json::array{"Severity", value_of(one, "severity")}}},
            {"replies", std::move(replies)},
            {"edited", !one.earlier.empty()},
            {"actions", json::array()}});
    }
    json::array conversations;
    conversations.push_back(json::object{
        {"id", "incidents"}, {"name", "Incidents"}, {"messages", std::move(messages)}});
    return view_of("Datadog", {}, std::move(conversations));
}

std::unique_ptr<third_party> make_datadog(third_party_environment environment) {
    return std::make_unique<datadog_party>(environment);
}

} // namespace

const third_party_kind datadog_kind{"datadog", make_datadog};

} // namespace hallpass::sandbox::datadog
