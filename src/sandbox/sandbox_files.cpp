#include "sandbox/sandbox_files.hpp"

#include "sandbox/party_configuration.hpp"
#include "sandbox/slack_callback.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <system_error>

namespace hallpass::sandbox {

namespace {

// A TOML basic string is spelled like a JSON text.
std::string quoted(const std::string& text) {
    return boost::json::serialize(boost::json::value(text));
}

std::string discord_configuration(const sandbox_addresses& addresses, const discord_app& app) {
    return "\n[discord]\n"
           "token = " +
           quoted(app.token) + "\napi_url = " + quoted(addresses.discord) +
           "\napplication_id = " + quoted(app.application_id) + "\npublic_key = " + quoted(app.public_key) +
           "\n"
           "\n[discord.role_to_recipients]\n"
           "\"*\" = \"1100000000000000001\"\n";
}

// On loopback, where nobody is between, clicks come without TLS.
std::string review_configuration(const std::string& listen) {
    return "\n[http]\n"
           "listen_addr = " +
           quoted(listen) + "\npublic_addr = " + quoted("http://" + listen) +
           "\n"
           "insecure = true\n"
           "\n[review]\n"
           "enabled = true\n"
           "slack_user_id_trait = \"slack_user_id\"\n"
           "discord_user_id_trait = \"discord_user_id\"\n" +
           std::string(party_review_keys()) +
           "require_reason = \"deny\"\n"
           "confirm_roles = [\"prod-admin\"]\n";
}

} // namespace

result<void> make_directory_if_missing(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
        return fault(
            fault_kind::permanent,
            "creating the directory " + path + ": " + error.message() + "; choose another --dir"
        );
    }
    return {};
}

std::string example_configuration(
    const sandbox_options& options,
    const sandbox_addresses& addresses,
    const slack_bot& bot,
    const discord_app& app,
    const third_parties& parties
) {
    return "# Reaches the sandbox; start it with SSL_CERT_FILE=" + options.directory +
           "/ca.pem in the environment.\n"
           "state_dir = " +
           quoted(options.directory + "/state") +
           "\n"
           "\n[teleport]\n"
           "addr = " +
           quoted(addresses.auth) +
           "\n"
           "identity = " +
           quoted(options.directory + "/identity") +
           "\n"
           "refresh_identity = true\n"
           "\n[slack]\n"
           "token = " +
           quoted(bot.token) + "\n" +
           (options.hallpass_listen.empty() ? "" : "signing_secret = " + quoted(sandbox_signing_secret) + "\n"
           ) +
           "api_url = " + quoted(addresses.slack) +
           "\n"
           "\n[slack.role_to_recipients]\n"
           "\"*\" = \"access-requests\"\n"
           "\"dba\" = [\"dba-requests\"]\n"
           "\"prod-admin\" = [\"prod-requests\", \"carol@example.com\"]\n" +
           (options.hallpass_listen.empty()
                ? ""
                : discord_configuration(addresses, app) + party_configuration(parties) +
                      review_configuration(options.hallpass_listen)) +
           "\n[log]\n"
           "output = \"stderr\"\n"
           "severity = \"INFO\"\n";
}

std::string ready_json(
    const sandbox_options& options,
    const sandbox_addresses& addresses,
    const discord_app& app,
    const third_parties& parties
) {
    boost::json::object ready{
        {"page", addresses.page},
        {"control", addresses.page},
        {"grpc", addresses.auth},
        {"slack", addresses.slack},
        {"slack_token", slack_bot().token},
        {"slack_signing_secret", sandbox_signing_secret},
        {"slack_app_token", slack_bot().app_token},
        {"discord", addresses.discord},
        {"discord_token", app.token},
        {"discord_application_id", app.application_id},
        {"discord_public_key", app.public_key},
        {"cluster", options.cluster},
        {"identity", options.directory + "/identity"},
        {"ca", options.directory + "/ca.pem"},
        {"listener_certificate", options.directory + "/listener.crt"},
        {"listener_key", options.directory + "/listener.key"},
        {"config", options.directory + "/hallpass.toml"}};
    for (const auto& one : parties.all()) {
        ready[one->name] = one->party->ready();
    }
    return boost::json::serialize(ready) + '\n';
}

} // namespace hallpass::sandbox
