#include "services/msteams/configure.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/msteams/ids.hpp"
#include "services/msteams/package.hpp"

#include <boost/json/serialize.hpp>
#include <openssl/rand.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace hallpass::services::msteams {

namespace {

constexpr std::size_t largest_manifest = std::size_t{256} * 1024;

struct wanted_package {
    std::string folder;
    std::string app_id;
    std::string tenant_id;
    std::string region = "emea";
};

fault misused(const std::string& why) {
    return fault(
        fault_kind::permanent,
        why + "; hallpass configure msteams DIR --app-id ID [--tenant-id ID] [--region WORD]"
    );
}

result<wanted_package> read_arguments(const std::vector<std::string>& arguments) {
    wanted_package wanted;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (!word.starts_with("--")) {
            if (!wanted.folder.empty()) {
                return misused("two directories: " + one_line(wanted.folder) + " and " + one_line(word));
            }
            wanted.folder = word;
            continue;
        }
        std::string* into = word == "--app-id"      ? &wanted.app_id
                            : word == "--tenant-id" ? &wanted.tenant_id
                            : word == "--region"    ? &wanted.region
                                                    : nullptr;
        if (into == nullptr || i + 1 == arguments.size()) {
            return misused((into == nullptr ? "no such option: " : "nothing behind ") + one_line(word));
        }
        *into = arguments[++i];
        if (word != "--region" && !is_guid(*into)) {
            return misused(word + " must be an id such as 0b1f6f0e-2a52-4d0f-9b8e-2d1f4a6b7c01");
        }
    }
    if (wanted.folder.empty()) {
        return misused("a directory is missing");
    }
    if (wanted.region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
        return misused("--region must be one word, such as emea");
    }
    return wanted;
}

std::string random_guid() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return "";
    }
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
    const std::string hex = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) +
           '-' + hex.substr(20);
}

// What an earlier run, or upstream's configure, has left; both "" where there is none.
package_ids read_manifest(const std::string& path) {
    package_ids found;
    const result<std::string> text = read_small_file(path, largest_manifest);
    const auto parsed = text ? parse_foreign(*text) : std::nullopt;
    if (!parsed || !parsed->is_object()) {
        return found;
    }
    const boost::json::object& manifest = parsed->get_object();
    found.teams_app_id = lower_case(text_of(manifest, "id"));
    found.app_id = lower_case(text_of(object_of(manifest, "webApplicationInfo"), "id"));
    return found;
}

result<void> write(const std::string& path, std::string_view content) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    if (!file) {
        return fault(fault_kind::permanent, "can't write " + path + "; check the path and its permissions");
    }
    return {};
}

std::string configuration_of(const wanted_package& wanted, const package_ids& ids) {
    const std::string tenant =
        wanted.tenant_id.empty() ? "the directory (tenant) id" : lower_case(wanted.tenant_id);
    return R"(# hallpass for Microsoft Teams. Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true

[msapi]
app_id = ")" +
           ids.app_id + "\"\ntenant_id = \"" + tenant + "\"\nteams_app_id = \"" + ids.teams_app_id +
           "\"\nregion = \"" + wanted.region + R"("
# A client secret of the registration, or the absolute path of a file that holds it and nothing else.
app_secret = "/etc/hallpass/teams-app-secret"

# Who is told of a request for a role: e-mail addresses and object ids of people, and channels by their links.
[role_to_recipients]
"*" = ["alice@example.com"]

[log]
output = "stderr"
severity = "info"
)";
}

// What hallpass does in Teleport for the cards (docs/deciding.md has the rules of the buttons).
constexpr std::string_view role = R"(kind: role
version: v7
metadata:
  name: hallpass-msteams
spec:
  allow:
    rules:
      - resources: ['access_request']
        verbs: ['list', 'read']
      - resources: ['access_plugin_data']
        verbs: ['update']
)";

} // namespace

result<std::string> configure_msteams(const std::vector<std::string>& arguments) {
    const result<wanted_package> wanted = read_arguments(arguments);
    if (!wanted) {
        return wanted.error();
    }
    std::error_code failed;
    std::filesystem::create_directories(wanted->folder, failed);
    if (failed) {
        return fault(fault_kind::permanent, "can't make " + wanted->folder + ": " + failed.message());
    }
    const auto file = [&](std::string_view name) { return wanted->folder + '/' + std::string(name); };
    package_ids ids = read_manifest(file("manifest.json"));
    if (!wanted->app_id.empty()) {
        ids.app_id = lower_case(wanted->app_id);
    }
    if (!is_guid(ids.app_id)) {
        return misused("--app-id is missing");
    }
    const bool kept = is_guid(ids.teams_app_id);
    if (!kept) {
        ids.teams_app_id = random_guid();
    }
    const std::string manifest = boost::json::serialize(manifest_of(ids)) + '\n';
    std::vector<std::pair<std::string, std::string>> files{
        {"manifest.json", manifest}, {"color.png", color_icon()}, {"outline.png", outline_icon()}};
    const std::string archive = stored_zip(files);
    files.emplace_back("app.zip", archive);
    files.emplace_back("teleport-role.yaml", role);
    const bool has_configuration = std::filesystem::exists(file("hallpass.toml"), failed);
    if (!has_configuration) {
        files.emplace_back("hallpass.toml", configuration_of(*wanted, ids));
    }
    for (const auto& [name, content] : files) {
        if (const result<void> written = write(file(name), content); !written) {
            return written.error();
        }
    }
    return "teams_app_id = \"" + ids.teams_app_id + "\"" + (kept ? " (kept)" : "") + "\nUpload " +
           file("app.zip") + " in the Teams admin center, under \"Manage apps\".\n" + file("hallpass.toml") +
           (has_configuration ? " was there, and is left as it is.\n" : " is to be completed.\n");
}

} // namespace hallpass::services::msteams
