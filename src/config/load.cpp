#include "config/load.hpp"

#include "base/small_file.hpp"
#include "config/sections.hpp"
#include "config/toml.hpp"

#include <algorithm>

namespace hallpass::config {

namespace {

constexpr std::size_t file_bytes = std::size_t{1024} * 1024;
constexpr std::string_view recipients_key = "role_to_recipients";

// Every section that configures a service.
std::vector<std::string> sections_of(std::span<const ports::service_kind* const> kinds) {
    std::vector<std::string> names;
    for (const ports::service_kind* kind : kinds) {
        names.emplace_back(kind->main_section());
        names.insert(names.end(), kind->more_sections.begin(), kind->more_sections.end());
    }
    return names;
}

bool is_configured(const settings& all, const ports::service_kind& kind) {
    return all.names(kind.main_section()) ||
           std::any_of(kind.more_sections.begin(), kind.more_sections.end(), [&](std::string_view section) {
               return all.names(section);
           });
}

std::string as_sections(const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& name : names) {
        all += (all.empty() ? "[" : ", [") + name + "]";
    }
    return all;
}

access::routing_table read_routing(settings& owner) {
    access::routing_table read;
    auto own = owner.table(recipients_key);
    if (!own) {
        return read;
    }
    read.role_to_recipients = own->texts_by_key();
    const auto everybody = read.role_to_recipients.find("*");
    const bool empty = everybody != read.role_to_recipients.end() && everybody->second.empty();
    if (empty || !own->names("*")) {
        own->error(
            "*", "must name at least one recipient: who is told of roles that have no line of their own; add "
                 "\"*\" = "
                 "[\"recipient\"]"
        );
    }
    return read;
}

std::string read_state_dir(settings& all) {
    constexpr std::string_view key = "state_dir";
    std::string path = all.text(key).value_or("");
    if (!path.empty() && !path.starts_with('/')) {
        all.error(key, "must be an absolute path, such as /var/lib/hallpass");
    }
    return path;
}

// A section that nobody knows is most likely a service that would silently not be served.
void refuse_unknown_sections(settings& all, const std::vector<std::string>& services) {
    std::vector<std::string> known{"teleport", "log", "review", "http", std::string(recipients_key)};
    known.insert(known.end(), services.begin(), services.end());
    for (const std::string& key : all.keys()) {
        if (!all.is_table(key) || std::find(known.begin(), known.end(), key) != known.end()) {
            continue;
        }
        all.accept(key);
        const std::string meant = nearest(key, known);
        all.error(
            key, meant.empty() ? "no such service; this version has " + as_sections(services)
                               : "no such section or service; did you mean [" + meant + "]?"
        );
    }
}

void read_services(configuration& into, std::span<const ports::service_kind* const> kinds) {
    settings& all = into.all;
    const std::vector<std::string> names = sections_of(kinds);
    refuse_unknown_sections(all, names);
    bool any = false;
    for (const ports::service_kind* kind : kinds) {
        any = any || is_configured(all, *kind);
    }
    if (!any) {
        all.error("", "no service is configured; add the section of one: " + as_sections(names));
    }
    into.review = all.table("review");
    const bool shared = all.names(recipients_key);
    const access::routing_table shared_routing = shared ? read_routing(all) : access::routing_table{};
    for (const ports::service_kind* kind : kinds) {
        const std::string_view main = kind->main_section();
        if (!is_configured(all, *kind) || (all.names(main) && !all.table(main))) {
            continue;
        }
        settings own = all.table_or_empty(kind->main_section());
        access::routing_table routing = shared_routing;
        if (own.names(recipients_key)) {
            routing = read_routing(own);
        } else if (!shared && !kind->has_own_recipients) {
            own.error("", "nobody to tell; add [role_to_recipients] with \"*\" = [\"recipient\"]");
        }
        access::review_rules review = read_review(into.review, own, std::string(kind->name));
        if (kind->may_take_anyone) {
            read_decide(own, review);
        }
        people_section people = read_people(own, kind->people_by_address);
        if (auto all_people = everybody(people)) {
            review.identities.users[std::string(kind->name)] = std::move(*all_people);
        }
        into.services.push_back(
            {kind, std::move(own), std::move(routing), std::move(review), std::move(people)}
        );
    }
}

} // namespace

loaded load(const std::string& path, std::span<const ports::service_kind* const> kinds) {
    loaded made{std::nullopt, std::make_shared<problems>()};
    const auto text = read_small_file(path, file_bytes);
    if (text.has_error()) {
        made.found->push_back({problem_level::error, text.error().text()});
        return made;
    }
    auto table = parse_toml(path, *text, *made.found);
    if (!table) {
        return made;
    }
    configuration read{
        {}, {}, uncertain_policy::resend, {}, {}, {}, {}, settings(path, std::move(table), made.found)};
    read.teleport = read_teleport(read.all);
    read.log = read_log(read.all);
    read.on_uncertain = read_on_uncertain(read.all);
    read.state_dir = read_state_dir(read.all);
    read.http = read_http(read.all);
    // Upstream's Teams plugin looks its recipients up at its start with it; here that never holds a start up.
    read.all.accept("preload");
    read_services(read, kinds);
    made.value = std::move(read);
    return made;
}

} // namespace hallpass::config
