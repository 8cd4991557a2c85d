#include "services/discord/account.hpp"

#include "services/discord/snowflake.hpp"
#include "services/json_members.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hallpass::services::discord {

namespace json = boost::json;

namespace {

constexpr std::int64_t guest_flag = 1 << 4; // of a member: invited to one voice channel
constexpr std::int64_t in_guild = 0;
constexpr std::int64_t in_direct_message = 1;

// A member that Discord leaves out where it is false.
bool may_be_false(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found == nullptr || (found->is_bool() && !found->get_bool());
}

bool is_number(const json::object& from, std::string_view name, std::int64_t wanted) {
    const json::value* found = from.if_contains(name);
    const std::int64_t* number = found ? found->if_int64() : nullptr;
    return number && *number == wanted;
}

bool is_guest(const json::object& member) {
    const json::value* flags = member.if_contains("flags");
    const std::int64_t* bits = flags ? flags->if_int64() : nullptr;
    return flags != nullptr && (bits == nullptr || (*bits & guest_flag) != 0);
}

} // namespace

std::optional<access::account> read_account(const json::object& payload) {
    const bool of_member = payload.contains("member");
    if (of_member == payload.contains("user")) {
        return std::nullopt;
    }
    const json::object& member = object_of(payload, "member");
    const json::object& user = object_of(of_member ? member : payload, "user");
    const std::string_view id = text_of(user, "id");
    if (!is_snowflake(id)) {
        return std::nullopt;
    }
    const bool guild = of_member && is_snowflake(text_of(payload, "guild_id"));
    access::account_facts facts;
    facts.bot = !may_be_false(user, "bot") || !may_be_false(user, "system");
    facts.active = !of_member || may_be_false(member, "pending");
    facts.guest = of_member && is_guest(member);
    // Anywhere but in a server with the bot and in the bot's direct messages, who came there is not known.
    const bool known_place =
        of_member ? guild && (!payload.contains("context") || is_number(payload, "context", in_guild))
                  : is_number(payload, "context", in_direct_message);
    facts.foreign = !known_place;
    access::account found;
    found.service = "discord";
    found.id = id;
    found.facts = std::move(facts);
    return found;
}

} // namespace hallpass::services::discord
