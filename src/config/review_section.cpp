#include "base/text.hpp"
#include "config/sections.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace hallpass::config {

namespace {

constexpr std::int64_t most_approvals = 100;

template <class T, std::size_t Size>
T read_choice(
    settings& own,
    std::string_view key,
    const std::array<std::pair<std::string_view, T>, Size>& names,
    std::string_view wanted,
    T otherwise
) {
    const auto written = own.text(key);
    if (!written) {
        return otherwise;
    }
    for (const auto& [name, value] : names) {
        if (name == *written) {
            return value;
        }
    }
    own.error(key, "must be " + std::string(wanted) + ", found \"" + one_line(*written, 60) + '"');
    return otherwise;
}

access::review_as read_as(settings& own) {
    constexpr std::array<std::pair<std::string_view, access::review_as>, 3> names{{
        {"person", access::review_as::person},
        {"plugin", access::review_as::plugin},
        {"state", access::review_as::state},
    }};
    return read_choice(own, "as", names, R"("person", "plugin" or "state")", access::review_as::person);
}

access::reason_rule read_reason(settings& own) {
    constexpr std::array<std::pair<std::string_view, access::reason_rule>, 3> names{{
        {"never", access::reason_rule::optional},
        {"deny", access::reason_rule::for_denial},
        {"always", access::reason_rule::always},
    }};
    return read_choice(
        own, "require_reason", names, R"("never", "deny" or "always")", access::reason_rule::optional
    );
}

bool is_domain(std::string_view text) noexcept {
    return !text.starts_with('.') && !text.ends_with('.') &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

void read_email(settings& own, access::identity_rules& into) {
    constexpr std::string_view switch_key = "allow_email_username_match";
    constexpr std::string_view domains_key = "email_domains";
    into.email_is_user_name = own.flag(switch_key).value_or(false);
    for (const std::string& written : own.texts(domains_key).value_or(std::vector<std::string>())) {
        std::string domain = lower_case(written);
        if (is_domain(domain)) {
            into.email_domains.push_back(std::move(domain));
        } else {
            own.error(
                domains_key, "must be domains such as \"example.com\", found \"" + one_line(written, 60) + '"'
            );
        }
    }
    if (into.email_is_user_name && into.email_domains.empty() && !own.names(domains_key)) {
        own.warning(
            switch_key, "trusts no e-mail until email_domains lists the domains to trust, such as "
                        "email_domains = [\"example.com\"]"
        );
    }
}

// The table's key names a service; where it doesn't, it may be a slip of the pen.
bool is_service(settings& own, const std::string& key, const std::vector<std::string>& services) {
    if (std::find(services.begin(), services.end(), key) != services.end()) {
        return true;
    }
    const std::string meant = nearest(key, services);
    own.error(key, meant.empty() ? "no such service" : "no such service; did you mean \"" + meant + "\"?");
    return false;
}

void read_users(settings& own, const std::vector<std::string>& services, access::identity_rules& into) {
    auto all = own.table("users");
    if (!all) {
        return;
    }
    for (const std::string& service : all->keys()) {
        all->accept(service);
        auto people = is_service(*all, service, services) ? all->table(service) : std::nullopt;
        if (!people) {
            continue;
        }
        for (const std::string& id : people->keys()) {
            if (auto user = people->text(id)) {
                into.users[service].emplace(id, std::move(*user));
            } else if (!people->has(id)) {
                people->error(id, "must name a Teleport user; fill it in or take it out");
            }
        }
    }
}

void read_traits(settings& own, const std::vector<std::string>& services, access::identity_rules& into) {
    for (const std::string& service : services) {
        if (auto trait = own.text(service + "_user_id_trait")) {
            into.traits.emplace(service, std::move(*trait));
        }
    }
}

std::optional<unsigned> read_count(settings& own, std::string_view key) {
    const auto count = own.number(key);
    if (count && (*count < 1 || *count > most_approvals)) {
        own.error(key, "must be from 1 to " + std::to_string(most_approvals));
        return std::nullopt;
    }
    return count ? std::optional(static_cast<unsigned>(*count)) : std::nullopt;
}

void read_approvals(settings& own, access::state_rules& into) {
    constexpr std::string_view key = "approvals";
    if (!own.is_table(key)) {
        if (const auto count = read_count(own, key)) {
            into.approvals["*"] = *count;
        }
        return;
    }
    auto by_role = own.table(key);
    for (const std::string& role : by_role->keys()) {
        if (const auto count = read_count(*by_role, role)) {
            into.approvals[role] = *count;
        }
    }
}

access::state_rules read_state(settings& own) {
    access::state_rules read;
    if (auto table = own.table("approvers")) {
        for (auto& [role, users] : table->texts_by_key()) {
            read.approvers[role] = std::set<std::string>(users.begin(), users.end());
        }
    }
    read_approvals(own, read);
    return read;
}

void warn_of_consequences(settings& own, const access::review_rules& read) {
    if (read.as == access::review_as::plugin) {
        own.warning(
            "as", "\"plugin\": Teleport sees one reviewer, hallpass, whoever decides. It can't tell who may "
                  "review, "
                  "and several people count as one: everybody who is mapped to a Teleport user decides"
        );
    }
    if (read.as == access::review_as::state) {
        own.warning(
            "as", "\"state\": Teleport judges no decision. Its thresholds and review rights don't count; "
                  "[review.state] alone says who decides"
        );
        if (read.state.approvers.empty()) {
            own.warning("as", "\"state\" without [review.state.approvers]: nobody can decide");
        }
    }
}

} // namespace

access::review_rules read_review(settings& all, const std::vector<std::string>& services) {
    access::review_rules read;
    auto own = all.table("review");
    if (!own) {
        return read;
    }
    read.enabled = own->flag("enabled").value_or(false);
    own->accept("app_token"); // Slack's, where it is used
    read.as = read_as(*own);
    read.reason = read_reason(*own);
    const auto roles = own->texts("confirm_roles").value_or(std::vector<std::string>());
    read.confirm_roles.insert(roles.begin(), roles.end());
    read_email(*own, read.identities);
    read_users(*own, services, read.identities);
    read_traits(*own, services, read.identities);
    if (auto state = own->table("state")) {
        read.state = read_state(*state);
        if (read.as != access::review_as::state) {
            own->warning("state", "has no effect without as = \"state\"");
        }
    }
    if (read.enabled && own->has("app_token")) {
        own->warning(
            "app_token",
            "has no effect: this version has no Socket Mode; buttons need signing_secret in [slack], "
            "and [http]"
        );
    }
    if (read.enabled) {
        warn_of_consequences(*own, read);
    }
    return read;
}

} // namespace hallpass::config
