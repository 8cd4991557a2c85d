// Which Teleport user an account of a service is. Whoever is nobody has no power.
#pragma once

#include "access/decision.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::access {

using people = std::map<std::string, std::string>; // account id: Teleport user

struct identity_rules {
    std::map<std::string, people> users;       // by service
    std::map<std::string, std::string> traits; // service: the trait of a Teleport user that holds the id
    bool email_is_user_name = false;
    std::vector<std::string> email_domains; // in lower case; others' e-mails prove nothing
};

enum class identity_source { none, table, trait, email };

std::string_view to_string(identity_source source) noexcept;

struct identity {
    std::string user; // "" is nobody, and then `why` says why: one line, for the log
    identity_source source = identity_source::none;
    std::string why;

    bool known() const noexcept { return !user.empty(); }
};

identity nobody(std::string why);

// Says why, where no rule may give this account power: a bot, or one that is switched off.
std::optional<std::string> why_excluded(const account& who);

// The operator's word, which may name a guest as well.
std::optional<identity> identify_by_table(const identity_rules& rules, const account& who);

// The trait whose holders decide who the account is; "" where there is none for its service.
std::string trait_for(const identity_rules& rules, const account& who);

// Of the Teleport users whose trait has the account's id: nothing where there are none, nobody where there
// are several, because then none of them is proved, and where the account is a guest's, of another workspace,
// or the service doesn't say.
std::optional<identity> identify_by_trait(const account& who, const std::vector<std::string>& holders);

// The e-mail that names a Teleport user, if one of exactly this name exists; otherwise nobody, and why. Byte
// for byte: a spelling that only resembles the user's name is no proof.
identity identify_by_email(const identity_rules& rules, const account& who);

} // namespace hallpass::access
