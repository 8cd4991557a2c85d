#include "base/text.hpp"
#include "config/sections.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace hallpass::config {

namespace {

constexpr std::int64_t most_approvals = 100;

// The sections that say something for one service, the one that counts more before the other.
class layers {
public:
    layers(std::optional<settings> own, std::optional<settings> common) {
        if (own) {
            all_.push_back(std::move(*own));
        }
        if (common) {
            all_.push_back(std::move(*common));
        }
    }

    bool empty() const noexcept { return all_.empty(); }

    // The section that says it; any where none does.
    settings& of(std::string_view key) {
        accept(key);
        const auto says =
            std::find_if(all_.begin(), all_.end(), [&](const settings& one) { return one.names(key); });
        return says == all_.end() ? all_.back() : *says;
    }

    void accept(std::string_view key) {
        for (settings& one : all_) {
            one.accept(key);
        }
    }

private:
    std::vector<settings> all_;
};

template <class T, std::size_t Size>
T read_choice(
    layers& sections,
    std::string_view key,
    const std::array<std::pair<std::string_view, T>, Size>& names,
    std::string_view wanted,
    T otherwise
) {
    settings& own = sections.of(key);
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

access::review_as read_as(layers& sections) {
    constexpr std::array<std::pair<std::string_view, access::review_as>, 3> names{{
        {"person", access::review_as::person},
        {"plugin", access::review_as::plugin},
        {"state", access::review_as::state},
    }};
    return read_choice(sections, "as", names, R"("person", "plugin" or "state")", access::review_as::person);
}

access::reason_rule read_reason(layers& sections) {
    constexpr std::array<std::pair<std::string_view, access::reason_rule>, 3> names{{
        {"never", access::reason_rule::optional},
        {"deny", access::reason_rule::for_denial},
        {"always", access::reason_rule::always},
    }};
    return read_choice(
        sections, "require_reason", names, R"("never", "deny" or "always")", access::reason_rule::optional
    );
}

bool is_domain(std::string_view text) noexcept {
    return !text.starts_with('.') && !text.ends_with('.') &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

void read_email(layers& sections, access::identity_rules& into) {
    constexpr std::string_view switch_key = "allow_email_username_match";
    constexpr std::string_view domains_key = "email_domains";
    into.email_is_user_name = sections.of(switch_key).flag(switch_key).value_or(false);
    settings& listing = sections.of(domains_key);
    for (const std::string& written : listing.texts(domains_key).value_or(std::vector<std::string>())) {
        std::string domain = lower_case(written);
        if (is_domain(domain)) {
            into.email_domains.push_back(std::move(domain));
        } else {
            listing.error(
                domains_key, "must be domains such as \"example.com\", found \"" + one_line(written, 60) + '"'
            );
        }
    }
    if (into.email_is_user_name && into.email_domains.empty() && !listing.names(domains_key)) {
        sections.of(switch_key)
            .warning(
                switch_key, "trusts no e-mail until email_domains lists the domains to trust, such as "
                            "email_domains = [\"example.com\"]"
            );
    }
}

// Upstream's spelling in the common section, and a shorter one in the service's own.
void read_trait(layers& sections, const std::string& service, access::identity_rules& into) {
    const std::string long_key = service + "_user_id_trait";
    constexpr std::string_view short_key = "user_id_trait";
    auto trait = sections.of(long_key).text(long_key);
    if (auto own = sections.of(short_key).text(short_key)) {
        trait = std::move(own);
    }
    if (trait) {
        into.traits.emplace(service, std::move(*trait));
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

void warn_of_consequences(layers& sections, const access::review_rules& read) {
    settings& own = sections.of("as");
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

access::review_rules
read_review(std::optional<settings> common, settings& service, const std::string& service_name) {
    access::review_rules read;
    layers sections(service.table("review"), std::move(common));
    if (sections.empty()) {
        return read;
    }
    read.enabled = sections.of("enabled").flag("enabled").value_or(false);
    sections.accept("app_token"); // Slack's, where it is used
    read.as = read_as(sections);
    read.reason = read_reason(sections);
    constexpr std::string_view confirm_key = "confirm_roles";
    const auto roles = sections.of(confirm_key).texts(confirm_key).value_or(std::vector<std::string>());
    read.confirm_roles.insert(roles.begin(), roles.end());
    read_email(sections, read.identities);
    read_trait(sections, service_name, read.identities);
    settings& judging = sections.of("state");
    if (auto state = judging.table("state")) {
        read.state = read_state(*state);
        if (read.as != access::review_as::state) {
            judging.warning("state", "has no effect without as = \"state\"");
        }
    }
    if (read.enabled) {
        warn_of_consequences(sections, read);
    }
    return read;
}

void read_decide(settings& service, access::review_rules& into) {
    constexpr std::string_view key = "decide";
    const auto written = service.text(key);
    if (!written || *written == "review") {
        return;
    }
    if (*written == "no") {
        into.enabled = false;
        return;
    }
    if (*written != "state") {
        service.error(key, R"(must be "review", "state" or "no", found ")" + one_line(*written, 60) + '"');
        return;
    }
    into.as = access::review_as::anyone;
    service.warning(
        key,
        into.enabled
            ? "\"state\": whoever may move a ticket decides, whoever that is in Teleport. Its thresholds "
              "and review rights don't count, and nobody who isn't mapped is known; \"review\" is safe"
            : "\"state\" has no effect without enabled = true in [review]"
    );
}

} // namespace hallpass::config
