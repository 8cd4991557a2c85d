#include "access/identity.hpp"

#include "access/routing.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::access {

namespace {

bool is_listed(const std::vector<std::string>& domains, std::string_view email) {
    const std::string_view domain = email.substr(email.rfind('@') + 1);
    return std::find(domains.begin(), domains.end(), domain) != domains.end();
}

bool is_plain(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

std::string_view to_string(verdict what) noexcept {
    return what == verdict::approve ? "approve" : "deny";
}

std::string_view to_string(identity_source source) noexcept {
    switch (source) {
    case identity_source::none:
        break;
    case identity_source::table:
        return "table";
    case identity_source::trait:
        return "trait";
    case identity_source::email:
        return "email";
    }
    return "none";
}

identity nobody(std::string why) {
    identity made;
    made.why = std::move(why);
    return made;
}

std::optional<std::string> why_excluded(const account& who) {
    if (who.service.empty() || who.id.empty()) {
        return "the service did not say whose account it is";
    }
    if (who.facts && who.facts->bot) {
        return "the account is a bot's";
    }
    if (who.facts && !who.facts->active) {
        return "the account is not active";
    }
    return std::nullopt;
}

std::optional<identity> identify_by_table(const identity_rules& rules, const account& who) {
    const auto table = rules.users.find(who.service);
    if (table == rules.users.end()) {
        return std::nullopt;
    }
    const auto line = table->second.find(who.id);
    if (line == table->second.end() || line->second.empty()) {
        return std::nullopt;
    }
    return identity{line->second, identity_source::table, ""};
}

std::string trait_for(const identity_rules& rules, const account& who) {
    const auto found = rules.traits.find(who.service);
    return found == rules.traits.end() ? std::string() : found->second;
}

std::optional<identity> identify_by_trait(const account& who, const std::vector<std::string>& holders) {
    if (holders.empty()) {
        return std::nullopt;
    }
    if (holders.size() > 1) {
        return nobody(
            "the account's id is in the trait of " + std::to_string(holders.size()) + " Teleport users"
        );
    }
    if (holders.front().empty()) {
        return nobody("the Teleport user with that trait has no name");
    }
    if (!who.facts) {
        return nobody("the service did not say whether the account is a guest's");
    }
    if (who.facts->guest || who.facts->foreign) {
        return nobody("guests and people of other workspaces count by the table alone");
    }
    return identity{holders.front(), identity_source::trait, ""};
}

identity identify_by_email(const identity_rules& rules, const account& who) {
    if (!rules.email_is_user_name) {
        return nobody("no Teleport user is known for the account");
    }
    if (!who.facts) {
        return nobody("the service did not say what is needed to trust the account's e-mail");
    }
    const account_facts& facts = *who.facts;
    if (facts.guest || facts.bot || facts.foreign || !facts.active) {
        return nobody("e-mails of guests, bots, other workspaces and inactive accounts prove nothing");
    }
    if (!facts.email_verified) {
        return nobody("the service has not verified the account's e-mail");
    }
    if (!is_plain(facts.email) || !looks_like_email(facts.email)) {
        return nobody("the account has no plain e-mail address");
    }
    if (!is_listed(rules.email_domains, facts.email)) {
        return nobody("the e-mail's domain is not in email_domains");
    }
    return identity{facts.email, identity_source::email, ""};
}

} // namespace hallpass::access
