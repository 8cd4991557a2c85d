#include "services/msteams/package.hpp"

#include "services/msteams/crc32.hpp"

#include <boost/json/array.hpp>

#include <cstdint>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

// As ZIP has numbers (APPNOTE 4.4).
void add_little(std::string& to, std::uint32_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        to += static_cast<char>((number >> (8U * static_cast<unsigned>(i))) & 0xFFU);
    }
}

std::uint32_t size_of(const std::string& text) {
    return static_cast<std::uint32_t>(text.size());
}

// What the member's two headers share: version, flags, method, time, sizes.
std::string common_header(const std::string& name, const std::string& content) {
    std::string out;
    add_little(out, 20, 2);
    add_little(out, 0, 2);
    add_little(out, 0, 2); // stored
    add_little(out, 0, 2);
    add_little(out, 0x21, 2); // 1980-01-01: the same for each run
    add_little(out, crc32_of(content), 4);
    add_little(out, size_of(content), 4);
    add_little(out, size_of(content), 4);
    add_little(out, size_of(name), 2);
    add_little(out, 0, 2);
    return out;
}

} // namespace

json::object manifest_of(const package_ids& ids) {
    const json::object developer{
        {"name", "hallpass"},
        {"websiteUrl", "https://example.com"},
        {"privacyUrl", "https://example.com"},
        {"termsOfUseUrl", "https://example.com"}};
    const json::object bot{
        {"botId", ids.app_id},
        {"scopes", json::array{"personal", "team"}},
        {"isNotificationOnly", false}, // it takes decisions
        {"supportsFiles", false}};
    return json::object{
        {"$schema", "https://developer.microsoft.com/json-schemas/teams/v1.16/MicrosoftTeams.schema.json"},
        {"manifestVersion", "1.16"},
        {"version", "1.0.0"},
        {"id", ids.teams_app_id},
        {"packageName", "invalid.hallpass.teams"},
        {"developer", developer},
        {"name", json::object{{"short", "hallpass"}, {"full", "hallpass: Teleport Access Requests"}}},
        {"description",
         json::object{
             {"short", "Tells of Teleport Access Requests, and takes decisions on them."},
             {"full", "Tells the people who decide of Teleport Access Requests, and takes their decisions to "
                      "Teleport."}}},
        {"icons", json::object{{"color", "color.png"}, {"outline", "outline.png"}}},
        {"accentColor", "#2B4A8B"},
        {"bots", json::array{bot}},
        {"permissions", json::array{"identity", "messageTeamMembers"}},
        {"validDomains", json::array{}},
        // Without it Graph lists no installations (api-messaging 4.3).
        {"webApplicationInfo", json::object{{"id", ids.app_id}, {"resource", "https://inapplicable"}}}};
}

std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out;
    std::string directory;
    for (const auto& [name, content] : members) {
        const std::string header = common_header(name, content);
        const std::uint32_t offset = size_of(out);
        out.append("PK\x03\x04", 4).append(header).append(name).append(content);
        directory.append("PK\x01\x02", 4);
        add_little(directory, 20, 2); // made by
        directory.append(header);
        add_little(directory, 0, 2); // comment
        add_little(directory, 0, 2); // disk
        add_little(directory, 0, 2); // attributes, inside and outside
        add_little(directory, 0, 4);
        add_little(directory, offset, 4);
        directory.append(name);
    }
    const std::uint32_t at = size_of(out);
    const auto count = static_cast<std::uint32_t>(members.size());
    out.append(directory).append("PK\x05\x06", 4);
    add_little(out, 0, 4); // disks
    add_little(out, count, 2);
    add_little(out, count, 2);
    add_little(out, size_of(directory), 4);
    add_little(out, at, 4);
    add_little(out, 0, 2);
    return out;
}

} // namespace hallpass::services::msteams
