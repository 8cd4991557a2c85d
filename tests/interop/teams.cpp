#include "teams.hpp"

#include "support/eventually.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace hallpass::interop {

namespace json = boost::json;

namespace {

json::value card_in(const json::value& activity) {
    return activity.at("attachments").at(0).at("content");
}

} // namespace

void teams::start(const std::string& login_url) {
    if (!login_url.empty()) {
        all.ready["bot_login_url"] = login_url;
    }
    all.rig.configure_with(
        "state_dir = \"" + all.rig.state() + "\"\n" +
        all.upstreams_file("[\"" + all.text("channel_link") + "\", \"carol@example.com\"]") +
        "[http]\nlisten_addr = \"127.0.0.1:0\"\ninsecure = true\n[review]\nenabled = true\n"
        "msteams_user_id_trait = \"msteams_user_id\"\nrequire_reason = \"deny\"\n"
        "confirm_roles = [\"prod-admin\"]\n"
    );
    hallpass_ = all.rig.start_watching();
    hallpass_->wait_for_event("listening");
    const std::string key = "listening address=";
    const std::string log = hallpass_->log();
    const std::size_t begin = log.rfind(key) + key.size();
    address_ = log.substr(begin, log.find(' ', begin) - begin);
    post_clicks_to(url());
}

void teams::post_clicks_to(const std::string& url) {
    all.rig.command("/msteams/callback", {{"url", url}, {"ca_file", all.rig.sandbox.ca_file()}});
}

std::string teams::request(std::string_view role, std::string_view reason) {
    const json::object wanted{
        {"user", "alice@example.com"}, {"roles", json::array{role}}, {"reason", reason}};
    const json::value made = all.rig.sandbox.control().post("/requests", wanted);
    std::string id(made.at("ids").at(0).as_string());
    all.wait_for(all.text("channel"), "the card", [&](const auto& there) {
        return !there.empty() && test::has(there.back().card, id);
    });
    return id;
}

json::object teams::press(const std::string& id, std::string_view action, json::object more) {
    for (const test::teams_message& one : all.messages_in(all.text("channel"))) {
        if (one.below.empty() && test::has(one.card, id)) {
            more["user"] = "bob";
            more["activity"] = one.id;
            more["action"] = action;
            return all.rig.sandbox.control().post("/msteams/click", more).as_object();
        }
    }
    throw std::runtime_error("there is no card of " + id);
}

std::string teams::state_of(const std::string& id) const {
    const json::value listed = all.rig.sandbox.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return std::string(one.at("state").as_string());
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

json::array teams::cards() const {
    json::array found;
    const json::value there = all.rig.sandbox.control().get("/msteams");
    for (const json::value& conversation : there.at("conversations").as_array()) {
        for (const json::value& message : conversation.at("messages").as_array()) {
            for (const json::value& version : message.at("earlier").as_array()) {
                found.push_back(card_in(version));
            }
            found.push_back(card_in(message.at("activity")));
        }
    }
    return found;
}

} // namespace hallpass::interop
