#include "services/slack/app_manifest.hpp"

#include "services/slack/review_ids.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <sstream>
#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;

namespace {

json::array scopes() {
    return {
        "chat:write",       // messages
        "users:read",       // who clicked
        "users:read.email", // recipients by e-mail
        "im:write",         // direct messages
        // Whether a message was sent, after a lost answer:
        "channels:read",
        "groups:read",
        "channels:history",
        "groups:history",
        "im:history",
    };
}

// Boost.JSON writes one line, and people read this.
void write(std::ostringstream& out, const json::value& value, const std::string& indent) {
    const std::string deeper = indent + "  ";
    if (const json::object* object = value.if_object()) {
        const char* before = "{\n";
        for (const auto& [key, member] : *object) {
            out << before << deeper << json::serialize(json::value(key)) << ": ";
            write(out, member, deeper);
            before = ",\n";
        }
        out << '\n' << indent << '}';
    } else if (const json::array* array = value.if_array()) {
        const char* before = "[\n";
        for (const json::value& element : *array) {
            out << before << deeper;
            write(out, element, deeper);
            before = ",\n";
        }
        out << '\n' << indent << ']';
    } else {
        out << json::serialize(value);
    }
}

} // namespace

std::string app_manifest(std::string_view public_addr) {
    const bool over_https = !public_addr.empty();
    json::object interactivity{{"is_enabled", true}};
    if (over_https) {
        interactivity["request_url"] = std::string(public_addr) + std::string(interactivity_path);
    }
    const json::object manifest{
        {"display_information",
         json::object{
             {"name", "hallpass"},
             {"description", "Carries Teleport Access Requests to the people who decide"}}},
        {"features", json::object{{"bot_user", json::object{{"display_name", "hallpass"}}}}},
        {"oauth_config", json::object{{"scopes", json::object{{"bot", scopes()}}}}},
        {"settings", json::object{
                         {"interactivity", std::move(interactivity)},
                         {"org_deploy_enabled", false},
                         {"socket_mode_enabled", !over_https},
                         {"token_rotation_enabled", false}}}};
    std::ostringstream out;
    write(out, manifest, "");
    out << '\n';
    return out.str();
}

result<std::string> configure(const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments[0] != "--manifest" || arguments.size() > 2) {
        return fault(
            fault_kind::permanent, "configure slack takes --manifest, and where clicks come over HTTPS, the "
                                   "listener's address behind "
                                   "it: hallpass configure slack --manifest https://hallpass.example.com"
        );
    }
    std::string_view address = arguments.size() == 2 ? std::string_view(arguments[1]) : std::string_view();
    while (address.ends_with('/')) {
        address.remove_suffix(1);
    }
    const bool odd = !address.starts_with("https://") || address.find(' ') != std::string_view::npos;
    if (!address.empty() && odd) {
        return fault(
            fault_kind::permanent, "configure slack --manifest takes an address that begins with https://, "
                                   "as Slack reaches the listener"
        );
    }
    return app_manifest(address);
}

} // namespace hallpass::services::slack
