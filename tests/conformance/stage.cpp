#include "stage.hpp"

#include "support/eventually.hpp"
#include "support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace hallpass::test::conformance {

namespace json = boost::json;

namespace {

constexpr std::size_t log_shown = 4000;

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// A port for hallpass, which keeps it over its restarts: none of those that connections get by themselves,
// nor of another part of the suite that runs beside this one.
std::string free_listener() {
    constexpr int lowest = 20'000;
    constexpr int ports_of_one = 16;
    constexpr int parts = 700;
    static int next = lowest + (static_cast<int>(::getpid()) % parts) * ports_of_one;
    const boost::asio::ip::address here = boost::asio::ip::make_address("127.0.0.1");
    while (true) {
        const auto port = static_cast<boost::asio::ip::port_type>(next++);
        boost::asio::io_context context;
        boost::asio::ip::tcp::acceptor taken(context, boost::asio::ip::tcp::v4());
        boost::system::error_code error;
        taken.bind({here, port}, error);
        if (!error) {
            return "127.0.0.1:" + std::to_string(port);
        }
    }
}

} // namespace

stage::stage(const service_row& of) : row(of), listener_(free_listener()) {
    configure(true);
    start_watching();
    if (!row.callback.empty()) {
        command(
            row.callback, {{"url", "http://" + listener_ + row.callback_path}, {"ca_file", sandbox.ca_file()}}
        );
    }
}

std::string stage::request(const audience& whom, json::object more) {
    json::object wanted{{"user", "dan"}, {"roles", {whom.role}}, {"reason", "the nightly job fails"}};
    wanted["annotations"] = whom.annotations;
    for (auto& [key, value] : more) {
        wanted[key] = std::move(value);
    }
    const json::value made = sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void stage::review(
    const std::string& id, std::string_view author, std::string_view state, std::string_view reason
) {
    json::object given{{"author", author}, {"state", state}, {"reason", reason}};
    if (state == "PROMOTED") {
        given["access_list"] = "auditors";
    }
    command("/requests/" + id + "/review", given);
}

json::value stage::in_teleport(const std::string& id) const {
    const json::value listed = sandbox.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return one;
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

std::string stage::state_of(const std::string& id) const {
    return std::string(in_teleport(id).at("state").as_string());
}

std::size_t stage::reviews_of(const std::string& id) const {
    return in_teleport(id).at("reviews").as_array().size();
}

std::vector<message> stage::messages(const std::string& id) const {
    std::vector<message> found = row.read(sandbox, row.side);
    std::erase_if(found, [&](const message& one) { return !has(one.text, id); });
    return found;
}

std::vector<message>
stage::wait_for(std::string_view what, const std::string& id, const condition& fulfilled) const {
    std::vector<message> there;
    try {
        eventually(what, [&] {
            there = messages(id);
            return fulfilled(there);
        });
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(late.what() + describe(there));
    }
    return there;
}

std::vector<message> stage::wait_until_told(const std::string& id, const audience& whom) const {
    return wait_for("one message in each place, and nowhere else", id, [&](const auto& there) {
        std::vector<std::string> places;
        for (const message& one : there) {
            places.push_back(one.place);
        }
        std::vector<std::string> wanted = whom.places;
        std::ranges::sort(places);
        std::ranges::sort(wanted);
        return places == wanted;
    });
}

std::vector<message>
stage::wait_for_end(const std::string& id, const audience& whom, std::string_view state) const {
    std::vector<message> theirs;
    wait_for("each message says " + std::string(state), id, [&](std::vector<message> there) {
        std::erase_if(there, [&](const message& one) {
            return std::ranges::find(whom.places, one.place) == whom.places.end();
        });
        theirs = std::move(there);
        return !theirs.empty() && std::ranges::all_of(theirs, [&](const message& one) {
            return has_ended(one, state) && one.edited == row.is_redrawn;
        });
    });
    return theirs;
}

bool stage::is_pending(const message& one) const {
    return row.ends.empty() || has(one.text, row.ends.find("PENDING")->second);
}

bool stage::has_ended(const message& one, std::string_view state) const {
    const bool in_text =
        row.ends.empty() || (has(one.text, row.ends.find(state)->second) && !is_pending(one));
    if (row.outcome.empty()) {
        return in_text && has(one.text, state);
    }
    return in_text && std::ranges::any_of(one.replies, [&](const std::string& reply) {
               return has(reply, row.outcome) && has(reply, state);
           });
}

void stage::wait_until_kept(const std::string& id) const {
    const std::string message_id = messages(id).at(0).id;
    eventually("the message " + message_id + " is in Teleport's data", [&] {
        return has(json::serialize(sandbox.control().get("/plugin-data")), message_id);
    });
}

std::size_t stage::logged(std::string_view text) const {
    const std::string log = hallpass->log();
    std::size_t count = 0;
    if (text.empty()) {
        return count;
    }
    for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + text.size())) {
        ++count;
    }
    return count;
}

void stage::wait_until_logged(const std::string& text, std::size_t more_than) const {
    try {
        eventually("hallpass logs " + text, [&] { return logged(text) > more_than; });
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(late.what() + describe({}));
    }
}

void stage::wait_until_met(const trouble& what, std::size_t logged_before) const {
    if (!what.logged.empty()) {
        wait_until_logged(what.logged, logged_before);
        return;
    }
    eventually("a call meets " + json::serialize(what.body), [&] {
        return sandbox.control().get("/faults").at(row.side).at("rules").as_array().empty();
    });
}

json::value stage::command(std::string_view path, const json::object& body) const {
    return sandbox.control().post(path, body);
}

void stage::configure(bool with_the_credential) {
    std::string text = "state_dir = \"" + folder_.file("state") + "\"\n[teleport]\naddr = \"" +
                       sandbox.auth_address() + "\"\nidentity = \"" + sandbox.identity_file() + "\"\n" +
                       filled(row.sections, with_the_credential);
    if (row.decide) {
        text += "[http]\nlisten_addr = \"" + listener_ + "\"\npublic_addr = \"http://" + listener_ +
                "\"\ninsecure = true\n[review]\nenabled = true\n" + row.review;
    }
    folder_.write("hallpass.toml", text + "[log]\nseverity = \"debug\"\n");
}

void stage::start() {
    hallpass = std::make_unique<running_hallpass>(
        folder_.file("hallpass.toml"),
        std::map<std::string, std::string>{{"SSL_CERT_FILE", sandbox.ca_file()}}
    );
    started_ = std::chrono::system_clock::now();
}

void stage::start_watching() {
    start();
    hallpass->wait_for_event("watching");
}

void stage::stop() {
    hallpass->program().send_signal(SIGTERM);
    hallpass->program().wait(std::chrono::seconds(15)); // what is under way is cut after 9
}

void stage::wait_until_callbacks_count() const {
    const auto second_of = [](std::chrono::system_clock::time_point at) {
        return std::chrono::floor<std::chrono::seconds>(at);
    };
    eventually("the second after hallpass's start", [&] {
        return second_of(std::chrono::system_clock::now()) > second_of(started_);
    });
}

void stage::mend() {
    if (!hallpass || hallpass->program().exit_status()) {
        configure(true);
        start_watching();
    }
}

std::pair<int, std::string> stage::check() const {
    process checking(
        {HALLPASS_PROGRAM, "check", "-c", folder_.file("hallpass.toml")},
        {{"SSL_CERT_FILE", sandbox.ca_file()}}
    );
    const int status = checking.wait();
    return {status, checking.standard_output() + checking.standard_error()};
}

std::string stage::filled(std::string text, bool with_the_credential) const {
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at)) {
        const std::size_t end = text.find('}', at);
        const std::string name = text.substr(at + 1, end - at - 1);
        const bool spoilt = name == row.credential && !with_the_credential;
        const std::string value = spoilt ? wrong_credential : value_of(name);
        text.replace(at, end - at + 1, value);
        at += value.size();
    }
    return text;
}

std::string stage::value_of(const std::string& name) const {
    const json::object& all = sandbox.ready();
    const json::value* own = all.if_contains(row.side);
    const json::value* found = own && own->is_object() ? own->get_object().if_contains(name) : nullptr;
    found = found ? found : all.if_contains(name);
    if (!found) {
        throw std::runtime_error("the sandbox tells no \"" + name + "\" for the row " + row.name);
    }
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

std::string stage::describe(const std::vector<message>& there) const {
    std::string text = "; there are " + std::to_string(there.size()) + " messages of it";
    for (const message& one : there) {
        text += "\n--- in " + one.place + (one.edited ? ", edited:\n" : ":\n") + one.text;
        for (const std::string& reply : one.replies) {
            text += "\n  - reply: " + reply;
        }
    }
    const std::string log = hallpass->log();
    return text + "\n--- hallpass's log ends with:\n" +
           log.substr(log.size() - std::min(log.size(), log_shown));
}

} // namespace hallpass::test::conformance
