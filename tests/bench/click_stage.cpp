#include "click_stage.hpp"

#include "figures.hpp"
#include "sandbox/slack_callback.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hallpass::bench {

using namespace std::chrono_literals;

click_stage::click_stage(std::size_t requests, clicks_by way) {
    sandbox::sandbox_options options;
    options.directory = folder_.file("sandbox");
    auto started = sandbox::simulated_services::start(std::move(options), log_);
    if (!started) {
        throw std::runtime_error(started.error().text());
    }
    world_ = std::move(*started);
    program_ = std::make_unique<test::process>(
        std::vector<std::string>{HALLPASS_PROGRAM, "start", "-c", configure(way)},
        std::map<std::string, std::string>{
            {"SSL_CERT_FILE", world_->directory() + "/ca.pem"}, {"STATE_DIRECTORY", folder_.file("state")}}
    );
    if (way == clicks_by::https) {
        const std::string at = said("listening address=");
        url_ = "https://" + at.substr(0, at.find(' ')) + "/slack/interactivity";
    } else if (way == clicks_by::socket_mode) {
        wait_for_connections();
    } else {
        said(" discord_gateway_open");
    }
    said(" watching ");
    create(requests, way);
    if (way == clicks_by::https) {
        // Signatures of the second of hallpass's start are refused.
        std::this_thread::sleep_for(1s);
    }
}

std::string click_stage::configure(clicks_by way) {
    const std::string teleport = "[teleport]\naddr = \"" + world_->addresses().auth + "\"\nidentity = \"" +
                                 world_->directory() + "/identity\"\n";
    if (way == clicks_by::gateway) {
        const sandbox::discord_bot bot = world_->discord().bot();
        return folder_.write(
            "hallpass.toml", teleport + "[discord]\ntoken = \"" + bot.token +
                                 "\"\ngateway = true\napplication_id = \"" + bot.application_id +
                                 "\"\napi_url = \"" + world_->addresses().discord +
                                 "\"\n[role_to_recipients]\n\"*\" = \"" + discord::channel_id +
                                 "\"\n[review]\nenabled = true\ndiscord_user_id_trait = \"discord_user_id\"\n"
        );
    }
    std::string listener;
    std::string slack_lines;
    std::string review_lines;
    if (way == clicks_by::https) {
        const net::server_identity identity = authority_.issue("IP:127.0.0.1");
        const std::string certificate = folder_.write("tls.crt", identity.certificate_chain_pem);
        const std::string key = folder_.write("tls.key", identity.private_key_pem.reveal());
        slack_lines = "signing_secret = \"" + std::string(sandbox::sandbox_signing_secret) + "\"\n";
        listener = "[http]\nlisten_addr = \"127.0.0.1:0\"\nhttps_cert_file = \"" + certificate +
                   "\"\nhttps_key_file = \"" + key + "\"\n";
    } else {
        review_lines = "app_token = \"" + world_->slack().bot().app_token + "\"\n";
    }
    return folder_.write(
        "hallpass.toml", teleport + "[slack]\ntoken = \"" + world_->slack().bot().token + "\"\napi_url = \"" +
                             world_->addresses().slack + "\"\n" + slack_lines +
                             "[role_to_recipients]\n\"*\" = \"access-requests\"\n" + listener +
                             "[review]\nenabled = true\nslack_user_id_trait = \"slack_user_id\"\n" +
                             review_lines
    );
}

std::size_t click_stage::approved() {
    std::size_t count = 0;
    for (const auto& recorded : world_->cluster().requests({})) {
        count += recorded.request.state == access::request_state::approved ? 1U : 0U;
    }
    return count;
}

std::string click_stage::said(const std::string& words) {
    const auto until = clock_type::now() + 20s;
    while (clock_type::now() < until) {
        const std::string log = program_->standard_error();
        if (const auto at = log.find(words); at != std::string::npos) {
            return log.substr(at + words.size(), 200);
        }
        std::this_thread::yield();
    }
    throw std::runtime_error("hallpass doesn't say \"" + words + "\": " + program_->standard_error());
}

void click_stage::wait_for_connections() {
    test::eventually("hallpass is connected", [this] {
        const auto sockets = world_->use_slack("socket", {});
        return sockets && sockets->at("connections") == 2;
    });
}

void click_stage::create(std::size_t count, clicks_by way) {
    for (std::size_t i = 0; i < count; ++i) {
        sandbox::new_request wanted;
        wanted.user = "alice@example.com";
        wanted.roles = {"dba"};
        wanted.reason = "the nightly job fails";
        if (!world_->cluster().create(std::move(wanted))) {
            throw std::runtime_error("the cluster takes no request");
        }
    }
    const auto posted = [&] { return find_messages(way) == count; };
    if (!world_->changes().wait_for(posted, 120s)) {
        throw std::runtime_error("hallpass doesn't post every request: " + program_->standard_error());
    }
}

std::size_t click_stage::find_messages(clicks_by way) {
    if (way == clicks_by::gateway) {
        discord_messages_.clear();
        const auto channel = world_->discord().channel(discord::channel_id);
        for (const auto& message : channel.value().messages) {
            discord_messages_.push_back(message.id);
        }
        return discord_messages_.size();
    }
    messages_.clear();
    world_->slack().read_channel(channel_id, [&](const sandbox::slack_channel& channel) {
        for (const auto& message : channel.messages) {
            if (message.thread_ts.empty() || message.thread_ts == message.ts) {
                messages_.push_back(message);
            }
        }
    });
    return messages_.size();
}

} // namespace hallpass::bench
