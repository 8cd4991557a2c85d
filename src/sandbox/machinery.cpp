#include "sandbox/machinery.hpp"

#include "sandbox/control_front.hpp"
#include "sandbox/discord_commands.hpp"
#include "sandbox/discord_front.hpp"
#include "sandbox/sandbox_files.hpp"
#include "sandbox/slack_commands.hpp"
#include "sandbox/slack_front.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/array.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <utility>

namespace hallpass::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr auto expiry_interval = 100ms;

cluster_settings settings_of(const sandbox_options& options) {
    cluster_settings settings;
    settings.name = options.cluster;
    return settings;
}

} // namespace

simulated_services::machinery::machinery(sandbox_options given, ports::log& out)
    : options(std::move(given)),
      cluster(settings_of(options), changes),
      slack(changes),
      discord(changes),
      auth_faults(options.seed),
      slack_faults(options.seed + 1),
      discord_faults(options.seed + 2),
      out_(out),
      sockets_(context_.get_executor(), out),
      callback_(context_.get_executor(), sockets_, out),
      gateway_(context_.get_executor(), discord.bot(), out),
      discord_clicks_(context_.get_executor(), gateway_, out) {
    if (!options.slack_callback.empty()) {
        callback_.set_target(options.slack_callback);
    }
    if (!options.discord_callback.empty()) {
        discord_clicks_.set_target(options.discord_callback);
    }
}

simulated_services::machinery::~machinery() {
    stop();
}

result<void> simulated_services::machinery::start() {
    if (auto made = make_directory_if_missing(options.directory); !made) {
        return made;
    }
    auto pki = cluster_pki::make(options.cluster, options.identity_lifetime);
    if (!pki) {
        return pki.error();
    }
    pki_ = std::move(*pki);
    auto auth = auth_server::start(options.auth_listen, *pki_, cluster, auth_faults);
    if (!auth) {
        return auth.error();
    }
    auth_ = std::move(*auth);
    if (auto up = start_services(); !up) {
        return up;
    }
    if (auto up = start_control(); !up) {
        return up;
    }
    addresses.auth = auth_->address();
    addresses.slack = "https://" + slack_server_->address() + "/api/";
    addresses.discord = "https://" + discord_server_->address() + "/api/";
    addresses.page = "http://" + control_server_->address() + "/";
    watch_for_changes();
    alive_.emplace(context_.get_executor());
    thread_ = std::thread([this] { context_.run(); });
    return write_files();
}

result<std::unique_ptr<local_server>>
simulated_services::machinery::start_service(const std::string& listen, net::request_handler handler) {
    auto certificate = pki_->loopback_certificate();
    if (!certificate) {
        return certificate.error();
    }
    net::server_options served;
    served.listen = listen;
    served.tls = net::server_identity{
        std::move(certificate->certificate_pem), std::move(certificate->private_key_pem)};
    auto server =
        std::make_unique<local_server>(context_.get_executor(), std::move(served), std::move(handler), out_);
    if (auto up = server->come_up(); !up) {
        return up.error();
    }
    return server;
}

result<void> simulated_services::machinery::start_services() {
    auto for_slack =
        start_service(options.slack_listen, make_slack_handler(slack, sockets_, slack_faults, delays_));
    if (!for_slack) {
        return for_slack.error();
    }
    slack_server_ = std::move(*for_slack);
    auto for_discord = start_service(
        options.discord_listen, make_discord_handler(discord, gateway_, discord_faults, delays_)
    );
    if (!for_discord) {
        return for_discord.error();
    }
    discord_server_ = std::move(*for_discord);
    const third_party_environment around{context_.get_executor(), out_,      changes, pollers_,
                                         options.directory,       pki_.get()};
    return parties_.start(around, delays_, options.seed + 3, [this](net::request_handler handler) {
        return start_service("127.0.0.1:0", std::move(handler));
    });
}

control_parts simulated_services::machinery::parts_to_control() {
    control_parts parts{cluster,     slack,        discord,
                        auth_faults, slack_faults, discord_faults,
                        changes,     callback_,    discord_clicks_,
                        pollers_,    parties_,     {},
                        {},          {},           {},
                        {},          {},           {}};
    parts.state_directory = options.directory + "/state";
    parts.rotate = [this] { return rotate(); };
    parts.switch_auth = [this](bool up) { return switch_auth(up); };
    parts.switch_slack = [this](bool up) { return switch_slack(up); };
    parts.switch_discord = [this](bool up) { return switch_discord(up); };
    parts.is_auth_up = [this] { return auth_->is_up(); };
    parts.is_slack_up = [this] { return slack_server_->is_up(); };
    return parts;
}

result<void> simulated_services::machinery::start_control() {
    control_ = std::make_shared<const control_parts>(parts_to_control());
    net::server_options served;
    served.listen = options.listen;
    control_server_ = std::make_unique<local_server>(
        context_.get_executor(), std::move(served), make_control_handler(control_), out_
    );
    return control_server_->come_up();
}

result<void> simulated_services::machinery::write_files() {
    const std::string& directory = options.directory;
    const auto identity = pki_->make_identity();
    if (!identity) {
        return identity.error();
    }
    const discord_app of_discord{
        discord.bot().token, discord.bot().application_id, discord_clicks_.public_key()};
    const auto listener = pki_->loopback_certificate();
    if (!listener) {
        return listener.error();
    }
    const std::pair<const char*, std::string> files[] = {
        {"/listener.crt", listener->certificate_pem},
        {"/listener.key", std::string(listener->private_key_pem.reveal())},
        {"/identity", std::string(identity->reveal())},
        {"/ca.pem", pki_->authority_pem()},
        {"/hallpass.toml", example_configuration(options, addresses, slack.bot(), of_discord, parties_)},
        {"/ready.json", ready_json(options, addresses, of_discord, parties_)},
    };
    for (const auto& [name, content] : files) {
        if (auto written = write_private_file(directory + name, content); !written) {
            return written;
        }
    }
    return {};
}

// A burst of changes wakes the pollers once.
void simulated_services::machinery::watch_for_changes() {
    changes.set_listener([this] {
        if (!wake_posted_.exchange(true)) {
            boost::asio::post(context_, [this] {
                wake_posted_ = false;
                pollers_.cut_short();
            });
        }
    });
    boost::asio::co_spawn(context_, expire_until_closed(), [this](std::exception_ptr error) {
        if (error) {
            out_.error("sandbox_expiry_failed");
        }
    });
}

boost::asio::awaitable<void> simulated_services::machinery::expire_until_closed() {
    while (!delays_.is_closed()) {
        cluster.expire();
        co_await delays_.wait_for(expiry_interval);
    }
}

result<void> simulated_services::machinery::rotate() {
    const auto identity = pki_->rotate();
    if (!identity) {
        return identity.error();
    }
    return write_private_file(options.directory + "/identity", identity->reveal());
}

result<void> simulated_services::machinery::switch_auth(bool up) {
    if (up) {
        return auth_->come_up();
    }
    auth_->go_down();
    return {};
}

result<void> simulated_services::machinery::switch_slack(bool up) {
    if (up) {
        return slack_server_->come_up();
    }
    slack_server_->go_down();
    sockets_.cut();
    return {};
}

result<void> simulated_services::machinery::switch_discord(bool up) {
    if (up) {
        return discord_server_->come_up();
    }
    discord_server_->go_down();
    gateway_.cut();
    return {};
}

result<void> simulated_services::machinery::on_server_thread(std::function<result<void>()> act) {
    std::promise<result<void>> promise;
    auto ended = promise.get_future();
    boost::asio::post(context_, [&] { promise.set_value(act()); });
    return ended.get();
}

outcome<boost::json::value> simulated_services::machinery::use_slack(control_command command) {
    return boost::asio::co_spawn(
               context_, run_slack_use(control_, std::move(command)), boost::asio::use_future
    )
        .get();
}

outcome<boost::json::value> simulated_services::machinery::use_discord(control_command command) {
    return boost::asio::co_spawn(
               context_, run_discord_use(control_, std::move(command)), boost::asio::use_future
    )
        .get();
}

outcome<boost::json::value>
simulated_services::machinery::use_party(std::string_view name, control_command command) {
    hosted_party* party = parties_.find(name);
    if (party == nullptr) {
        return refusal{refusal_code::not_found, "there is no party " + std::string(name)};
    }
    return boost::asio::co_spawn(context_, party->party->command(std::move(command)), boost::asio::use_future)
        .get();
}

bool simulated_services::machinery::all_parties_have_messages() {
    bool all = true;
    const auto looked = on_server_thread([&]() -> result<void> {
        for (const auto& one : parties_.all()) {
            const boost::json::object shown = one->party->view();
            const boost::json::array& places = shown.at("conversations").as_array();
            all = all && std::any_of(places.begin(), places.end(), [](const auto& place) {
                      return !place.at("messages").as_array().empty();
                  });
        }
        return {};
    });
    return looked.has_value() && all;
}

void simulated_services::machinery::stop() {
    changes.set_listener({});
    if (thread_.joinable()) {
        boost::asio::post(context_, [this] {
            pollers_.close();
            delays_.close();
            control_server_->go_down();
            slack_server_->go_down();
            discord_server_->go_down();
            parties_.go_down();
            sockets_.close();
            gateway_.close();
            alive_.reset();
            const auto told = [this](const std::exception_ptr& error) {
                if (error) {
                    out_.error("sandbox_callback_failed");
                }
            };
            boost::asio::co_spawn(context_, callback_.close(), told);
            boost::asio::co_spawn(context_, discord_clicks_.close(), told);
            boost::asio::co_spawn(context_, parties_.close(), told);
        });
        thread_.join();
    }
    // Last: until here that thread could still be asked whether it is up.
    if (auth_) {
        auth_->go_down();
    }
}

} // namespace hallpass::sandbox
