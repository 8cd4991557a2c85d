#include "sandbox/email/mailgun_api.hpp"

#include "base/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <map>
#include <optional>
#include <string>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr const char* json_type = "application/json";
// base64 of "api:" and the key of mail_state.
constexpr std::string_view credentials = "Basic YXBpOm1haWxndW4tc2FuZGJveC1rZXk=";

net::server_response say(int status, const json::object& body) {
    return net::server_response(status, json::serialize(body), json_type);
}

net::server_response refuse(int status, std::string_view message) {
    return say(status, json::object{{"message", message}});
}

// The fields of a form by their names; nothing where it isn't one.
std::optional<std::multimap<std::string, std::string>> read_form(const net::server_request& request) {
    constexpr std::string_view type = "multipart/form-data; boundary=";
    const std::string_view written = request.header("Content-Type");
    if (!written.starts_with(type)) {
        return std::nullopt;
    }
    const std::string boundary = "--" + std::string(written.substr(type.size()));
    std::multimap<std::string, std::string> fields;
    std::string_view rest = request.body;
    while (rest.starts_with(boundary + "\r\n")) {
        rest.remove_prefix(boundary.size() + 2);
        const std::size_t end = rest.find("\r\n" + boundary);
        const std::size_t head = rest.find("\r\n\r\n");
        constexpr std::string_view name_is = "form-data; name=\"";
        const std::size_t name = rest.find(name_is);
        if (end == std::string_view::npos || head >= end || name >= head) {
            return std::nullopt;
        }
        const std::size_t begin = name + name_is.size();
        fields.emplace(
            std::string(rest.substr(begin, rest.find('"', begin) - begin)),
            std::string(rest.substr(head + 4, end - head - 4))
        );
        rest.remove_prefix(end + 2);
    }
    return rest.starts_with(boundary + "--") ? std::optional(std::move(fields)) : std::nullopt;
}

std::string one_of(const std::multimap<std::string, std::string>& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

net::server_response take_letter(mail_state& mail, const net::server_request& request) {
    const auto fields = read_form(request);
    if (!fields) {
        return refuse(400, "the form can't be read");
    }
    const std::string to = one_of(*fields, "to");
    if (to.find('@') == std::string::npos) {
        return refuse(400, "'to' parameter is not a valid address. please check documentation");
    }
    const std::string raw = one_of(*fields, "message");
    const auto read = read_letter_text(raw);
    if (!read || !mail.keep(read->header("From"), to, "mailgun", raw)) {
        return refuse(400, "message is not a letter");
    }
    return say(200, json::object{{"id", read->header("Message-ID")}, {"message", "Queued. Thank you."}});
}

} // namespace

net::server_response answer_mailgun(mail_state& mail, const net::server_request& request) {
    const std::string domain = mail_state::mailgun_domain;
    if (request.header("Authorization") != credentials) {
        return net::server_response(401, "Forbidden", "text/plain");
    }
    if (request.method == "GET" && request.path == "/v3/domains/" + domain) {
        return say(200, json::object{{"domain", json::object{{"name", domain}, {"state", "active"}}}});
    }
    if (request.method == "POST" && request.path == "/v3/" + domain + "/messages.mime") {
        return take_letter(mail, request);
    }
    return refuse(404, "Domain not found: see the sandbox's mail_state.hpp");
}

} // namespace hallpass::sandbox
