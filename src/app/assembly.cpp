#include "app/assembly.hpp"

#include "app/services.hpp"
#include "config/load.hpp"
#include "mail/mail_client.hpp"
#include "net/websocket_client.hpp"
#include "ops/instance_slot.hpp"
#include "ops/log.hpp"
#include "ports/service_kind.hpp"

#include <random>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

ops::log_options log_options_of(const config::log_section& section, bool debug) {
    ops::log_options options;
    switch (section.output) {
    case config::log_output::standard_error:
        options.output = ops::log_output::standard_error;
        break;
    case config::log_output::standard_output:
        options.output = ops::log_output::standard_output;
        break;
    case config::log_output::journal:
        options.output = ops::log_output::journal;
        break;
    case config::log_output::file:
        options.output = ops::log_output::file;
        break;
    }
    options.path = section.path;
    options.least = debug ? ports::severity::debug : section.severity;
    options.format =
        section.format == config::log_format::json ? ops::log_format::json : ops::log_format::text;
    return options;
}

// As Go's ParseBool has it: upstream's charts set the variable so.
bool is_true(const std::string& text) {
    return text == "1" || text == "t" || text == "T" || text == "true" || text == "True" || text == "TRUE";
}

teleport::teleport_config teleport_config_of(const config::teleport_section& section) {
    teleport::teleport_config config;
    config.addr = section.addr;
    config.identity_file = section.identity;
    config.client_key = section.client_key;
    config.client_crt = section.client_crt;
    config.root_cas = section.root_cas;
    config.refresh_identity = section.refresh_identity;
    config.refresh_identity_interval = section.refresh_identity_interval;
    config.fail_fast = is_true(net::process_environment("TELEPORT_PLUGIN_FAIL_FAST").value_or(""));
    return config;
}

std::string state_dir_of(const config::configuration& configuration) {
    return configuration.state_dir.empty() ? ops::default_state_directory() : configuration.state_dir;
}

workflow::uncertain_policy policy_of(config::uncertain_policy policy) {
    return policy == config::uncertain_policy::skip ? workflow::uncertain_policy::skip
                                                    : workflow::uncertain_policy::resend;
}

void make_services(assembly& whole, config::configuration& configuration) {
    process& owner = *whole.owner;
    for (config::service_section& section : configuration.services) {
        carried_service carried;
        carried.review = std::make_unique<access::review_rules>(std::move(section.review));
        carried.people = std::move(section.people);
        ports::service_environment environment{*whole.http, owner.clock, owner.log};
        environment.sockets = whole.sockets.get();
        environment.mail = whole.mail.get();
        environment.review = configuration.review ? &*configuration.review : nullptr;
        environment.people = &carried.review->identities.users[std::string(section.kind->name)];
        environment.public_addr = configuration.http.public_addr;
        environment.routing = section.routing.role_to_recipients.empty() ? nullptr : &section.routing;
        environment.file = &configuration.all;
        carried.service = section.kind->make(section.own, environment);
        if (!carried.service) {
            continue; // its problems are in the list
        }
        carried.routing = std::move(section.routing);
        whole.services.push_back(std::move(carried));
    }
}

// Buttons and the ways in which they are answered, where the operator has switched reviews on.
void open_desks(assembly& whole, settings& all) {
    bool wanted = false;
    bool taken = false;
    for (carried_service& carried : whole.services) {
        carried.decisions = std::make_unique<desk>(*whole.owner, *whole.teleport, *carried.review);
        if (carried.review->enabled) {
            wanted = true;
            carried.decisions->add(carried.service->take_decisions(*carried.decisions));
            taken = taken || carried.decisions->takes_decisions();
        }
    }
    if (wanted && !taken) {
        all.warning(
            "review",
            "enabled, but no service is configured for decisions, so there are no buttons; see "
            "docs/deciding.md: Slack needs app_token here, or signing_secret in [slack] and [http]; "
            "Discord application_id and gateway or public_key; Mattermost public_addr in [http]; mail "
            "[email.oidc]"
        );
    }
    const std::string_view why = whole.callbacks.why_unusable();
    if (!whole.routes().empty() && !why.empty()) {
        all.error("http", why);
    }
}

void take_problems(const problems& found, assembled& into) {
    for (const problem& one : found) {
        (one.level == problem_level::error ? into.errors : into.warnings).push_back(one.text);
    }
}

} // namespace

std::vector<ports::callback_route> assembly::routes() const {
    std::vector<ports::callback_route> all;
    for (const carried_service& carried : services) {
        const std::vector<ports::callback_route>& own = carried.decisions->routes();
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

void assembly::make_dispatchers(const std::string& instance) {
    const auto seed = std::random_device{}();
    for (carried_service& carried : services) {
        workflow::workflow_options options;
        options.instance = instance;
        options.on_uncertain = on_uncertain;
        workflow::environment shared{
            owner->context.get_executor(),
            teleport->gateway(),
            *carried.service,
            owner->clock,
            owner->log,
            carried.routing,
            std::move(options),
            jitter(seed),
            {}};
        if (carried.review->enabled && carried.review->as == access::review_as::state) {
            shared.judged_by = &carried.review->state;
        }
        carried.dispatcher = std::make_unique<workflow::dispatcher>(std::move(shared));
        if (carried.service->approves_on_call()) {
            carried.on_call = std::make_unique<workflow::on_call_approver>(workflow::on_call_environment{
                owner->context.get_executor(), *carried.service, teleport->gateway(), teleport->reviews(),
                owner->clock, owner->log, jitter(seed)});
        }
    }
}

asio::awaitable<void> assembly::close() {
    co_await teleport->close();
    co_await http->close();
    mail.reset(
    ); // says goodbye to mail servers: a connection kept for the next letter would keep the process
}

assembled assemble(process& owner, const std::string& config_path, bool debug) {
    assembled made;
    config::loaded loaded = config::load(config_path, service_kinds());
    if (!loaded.value) {
        take_problems(*loaded.found, made);
        return made;
    }
    result<std::unique_ptr<ports::log>> log = ops::make_log(log_options_of(loaded.value->log, debug));
    if (!log) {
        take_problems(*loaded.found, made);
        made.errors.push_back(loaded.value->all.file() + ": " + log.error().text());
        return made;
    }
    auto whole = std::make_unique<assembly>(owner);
    whole->log = std::move(*log);
    whole->state_dir = state_dir_of(*loaded.value);
    whole->on_uncertain = policy_of(loaded.value->on_uncertain);
    result<net::proxy_settings> proxies = net::read_proxy_settings(net::process_environment);
    if (!proxies) {
        made.errors.push_back(proxies.error().text());
        return made;
    }
    net::client_options http_options;
    http_options.proxies = std::move(*proxies);
    whole->sockets = net::make_websocket_client(owner.context.get_executor(), http_options);
    whole->mail = mail::make_mail_client(owner.context.get_executor(), mail::client_options(), owner.log);
    whole->http = net::make_http_client(owner.context.get_executor(), std::move(http_options), owner.log);
    whole->teleport = std::make_unique<teleport::teleport_client>(
        owner.context, teleport_config_of(loaded.value->teleport), owner.clock, owner.log
    );
    whole->callbacks = loaded.value->http;
    make_services(*whole, *loaded.value);
    open_desks(*whole, loaded.value->all);
    loaded.value->all.warn_of_unknown_keys();
    take_problems(*loaded.found, made);
    if (made.errors.empty()) {
        made.whole = std::move(whole);
    }
    return made;
}

} // namespace hallpass::app
