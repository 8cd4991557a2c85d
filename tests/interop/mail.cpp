#include "mail.hpp"

#include <boost/json/parse.hpp>

#include <sstream>
#include <stdexcept>

namespace hallpass::interop {

namespace json = boost::json;

std::string smuggled_letter(std::string_view line_end, std::string_view line_end_after_dot) {
    const std::string end(line_end);
    return "good" + end + "." + std::string(line_end_after_dot) + "MAIL FROM:<evil@example.com>" + end +
           "RCPT TO:<root@example.com>" + end + "DATA" + end + "From: evil@example.com" + end +
           "Subject: smuggled" + end + end + "approved" + end + "." + std::string(line_end_after_dot);
}

void mail::launch(std::uint16_t port, const std::vector<std::string>& names, const std::string& more) {
    std::string recipients;
    for (const std::string& name : names) {
        recipients.append(recipients.empty() ? "" : ", ").append('"' + name + "@example.com\"");
    }
    hallpass_.reset();
    rig.configure_with(
        "state_dir = \"" + rig.state() + std::to_string(++started_) + "\"\n[teleport]\naddr = \"" +
        rig.sandbox.auth_address() + "\"\nidentity = \"" + rig.sandbox.identity_file() +
        "\"\n[smtp]\nhost = \"127.0.0.1\"\nport = " + std::to_string(port) + "\n" + more +
        "[delivery]\nsender = \"Přístupy <noreply@example.com>\"\n[role_to_recipients]\n\"*\" = [" +
        recipients + "]\n"
    );
    hallpass_ = rig.start();
}

void mail::start(std::uint16_t port, const std::vector<std::string>& names, const std::string& more) {
    launch(port, names, more);
    hallpass_->wait_for_event("watching");
}

std::string mail::request(std::string_view reason, std::string_view role) {
    const json::object wanted{
        {"user", "alice@example.com"}, {"roles", json::array{role}}, {"reason", reason}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void mail::deny(const std::string& id, std::string_view reason) {
    const json::object given{{"author", "bob@example.com"}, {"state", "DENIED"}, {"reason", reason}};
    rig.command("/requests/" + id + "/review", given);
}

std::vector<json::object> letters_in(const std::string& folder) {
    const judgement given = ask("mail_letters.py", {folder});
    if (given.status != 0) {
        throw std::runtime_error("letters that can't be read: " + given.said);
    }
    std::vector<json::object> found;
    std::istringstream lines(given.said);
    for (std::string line; std::getline(lines, line);) {
        found.push_back(json::parse(line).as_object());
    }
    return found;
}

std::vector<json::object> letters_to(const std::string& folder, std::string_view name) {
    std::vector<json::object> found = letters_in(folder);
    std::erase_if(found, [&](const json::object& one) {
        return one.at("to").as_string() != std::string(name) + "@example.com";
    });
    return found;
}

} // namespace hallpass::interop
