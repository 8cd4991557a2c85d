#include "ticket_rig.hpp"

#include "support/eventually.hpp"
#include "support/process.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <stdexcept>
#include <utility>

namespace hallpass::test {

namespace json = boost::json;

ticket_rig::ticket_rig(std::string party) : party_(std::move(party)) {
    const std::filesystem::path folder = std::filesystem::path(rig.sandbox.ca_file()).parent_path();
    ready_ = json::parse(read_file((folder / "ready.json").string())).at(party_);
}

std::string ticket_rig::site(std::string_view key) const {
    return std::string(ready_.at(key).as_string());
}

void ticket_rig::configure(const std::string& sections) {
    rig.configure_with(
        "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
        "\"\nidentity = \"" + rig.sandbox.identity_file() + "\"\n" + sections +
        "[log]\noutput = \"stderr\"\nseverity = \"debug\"\n"
    );
}

void ticket_rig::start() {
    hallpass = rig.start_watching();
}

void ticket_rig::open_webhooks(std::string_view path, std::string_view as) {
    hallpass->wait_for_event("listening");
    const std::string key = "listening address=";
    const std::string log = hallpass->log();
    const std::size_t begin = log.rfind(key) + key.size();
    const std::string address = log.substr(begin, log.find(' ', begin) - begin);
    command(as, {{"url", "http://" + address + std::string(path)}});
}

std::string ticket_rig::new_request(std::string_view reason) {
    const json::object wanted{{"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", reason}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

std::string ticket_rig::new_request(const json::object& annotations) {
    json::object wanted{
        {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
    wanted["annotations"] = annotations;
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void ticket_rig::review(const std::string& id, std::string_view author, std::string_view state) {
    const json::object given{{"author", author}, {"state", state}, {"reason", "seen and judged"}};
    rig.sandbox.control().post("/requests/" + id + "/review", given);
}

json::value ticket_rig::request(const std::string& id) const {
    const json::value listed = rig.sandbox.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return one;
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

std::size_t ticket_rig::reviews_of(const std::string& id) const {
    return request(id).at("reviews").as_array().size();
}

std::string ticket_rig::approval_of(const std::string& id) const {
    eventually("the request is approved", [&] { return request(id).at("state") == "APPROVED"; });
    return std::string(request(id).at("reviews").at(0).at("reason").as_string());
}

void ticket_rig::wait_until_kept(std::string_view ticket) const {
    eventually("the ticket is in Teleport's data", [&] {
        return has(json::serialize(rig.sandbox.control().get("/plugin-data")), ticket);
    });
}

json::value ticket_rig::command(std::string_view what, const json::object& body) const {
    return rig.sandbox.control().post('/' + party_ + '/' + std::string(what), body);
}

json::value ticket_rig::everything() const {
    return rig.sandbox.control().get('/' + party_);
}

json::array ticket_rig::tickets(std::string_view list, const std::string& id) const {
    json::array found;
    const json::value all = everything();
    for (const json::value& one : all.at(list).as_array()) {
        if (has(json::serialize(one), id)) {
            found.push_back(one);
        }
    }
    return found;
}

json::value ticket_rig::ticket_that(
    std::string_view what,
    std::string_view list,
    const std::string& id,
    const std::function<bool(const json::value&)>& condition
) const {
    json::value seen;
    eventually(std::string(what), [&] {
        const json::array found = tickets(list, id);
        if (found.empty()) {
            return false;
        }
        seen = found.front();
        return found.size() == 1 && condition(seen);
    });
    return seen;
}

std::string ticket_rig::check() const {
    process checking(
        {HALLPASS_PROGRAM, "check", "-c", rig.config_file()}, {{"SSL_CERT_FILE", rig.sandbox.ca_file()}}
    );
    const int status = checking.wait();
    return std::to_string(status) + ' ' + checking.standard_output();
}

unsigned ticket_rig::calls(std::string_view method) const {
    const json::value all = rig.sandbox.control().get("/calls");
    const json::value* counted = all.as_object().if_contains(party_ + ' ' + std::string(method));
    return counted ? counted->to_number<unsigned>() : 0;
}

} // namespace hallpass::test
