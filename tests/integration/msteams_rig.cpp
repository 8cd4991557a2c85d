#include "msteams_rig.hpp"

#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::test {

namespace json = boost::json;

teams_rig::teams_rig() : ready(rig.sandbox.ready().at("msteams").as_object()) {}

std::string teams_rig::text(std::string_view key) const {
    return std::string(ready.at(key).as_string());
}

std::string teams_rig::upstreams_file(const std::string& recipients, const std::string& further_keys) const {
    std::string file = "preload = true\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
                       "\"\nidentity = \"" + rig.sandbox.identity_file() +
                       "\"\nrefresh_identity = true\n\n[msapi]\n";
    for (const char* key :
         {"app_id", "app_secret", "tenant_id", "teams_app_id", "login_url", "graph_url", "bot_url",
          "bot_login_url"}) {
        file += std::string(key) + " = \"" + text(key) + "\"\n";
    }
    return file + further_keys + "\n[role_to_recipients]\n\"*\" = " + recipients +
           "\n\n[log]\noutput = \"stderr\"\nseverity = \"INFO\"\n";
}

std::string teams_rig::new_request(std::string_view user, std::string_view role) {
    const json::object wanted{
        {"user", user}, {"roles", json::array{role}}, {"reason", "the *nightly* job {{DATE(1)}} fails"}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void teams_rig::review(const std::string& id, std::string_view author, std::string_view state) {
    const json::object given{{"author", author}, {"state", state}, {"reason", "seen and judged"}};
    rig.sandbox.control().post("/requests/" + id + "/review", given);
}

std::vector<teams_message> teams_rig::messages_in(const std::string& conversation) const {
    std::vector<teams_message> found;
    const json::value all = rig.sandbox.control().get("/msteams");
    for (const json::value& one : all.at("conversations").as_array()) {
        if (one.at("id").as_string() != conversation && one.at("name").as_string() != conversation) {
            continue;
        }
        for (const json::value& message : one.at("messages").as_array()) {
            found.push_back(
                {std::string(message.at("id").as_string()), std::string(message.at("below").as_string()),
                 json::serialize(message.at("activity")), message.at("earlier").as_array().size() + 1}
            );
        }
    }
    return found;
}

std::vector<teams_message> teams_rig::wait_for(
    const std::string& conversation,
    const std::string& what,
    const std::function<bool(const std::vector<teams_message>&)>& condition
) {
    std::vector<teams_message> there;
    eventually(what, [&] {
        there = messages_in(conversation);
        return condition(there);
    });
    return there;
}

} // namespace hallpass::test
