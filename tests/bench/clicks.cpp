// What a click costs, and how quick the person is told: the real program between the simulated cluster and
// the simulated Slack, which clicks over HTTPS. Prints; judges nothing but that nothing is lost.
#include "../unit/net/certificates.hpp"
#include "ports/log.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/slack_callback.hpp"
#include "sandbox/slack_payloads.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace hallpass;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

using clock_type = std::chrono::steady_clock;

constexpr const char* channel_id = "C0ACCESS01";
constexpr const char* bob = "U0BOB00001";

class quiet_log final : public ports::log {
public:
    bool enabled(ports::severity level) const noexcept override { return level >= ports::severity::warning; }

    void write(ports::severity, std::string_view event, std::span<const ports::log_field>) override {
        std::fprintf(stderr, "bench: %.*s\n", static_cast<int>(event.size()), event.data());
    }
};

struct figures {
    std::vector<double> ms;
    std::size_t lost = 0;

    void add(clock_type::duration took) {
        ms.push_back(std::chrono::duration<double, std::milli>(took).count());
    }

    double percentile(double share) {
        if (ms.empty()) {
            return 0;
        }
        std::sort(ms.begin(), ms.end());
        return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
    }

    void print(const char* what) {
        std::printf(
            "| %s | %zu | %.2f ms | %.2f ms | %.2f ms | %zu |\n", what, ms.size(), percentile(0.5),
            percentile(0.99), percentile(1), lost
        );
        std::fflush(stdout);
    }
};

// The cluster, Slack, and hallpass with a public listener.
class stage {
public:
    explicit stage(std::size_t requests) {
        sandbox::sandbox_options options;
        options.directory = folder_.file("sandbox");
        auto started = sandbox::simulated_services::start(std::move(options), log_);
        if (!started) {
            throw std::runtime_error(started.error().text());
        }
        world_ = std::move(*started);
        const net::server_identity identity = authority_.issue("IP:127.0.0.1");
        const std::string certificate = folder_.write("tls.crt", identity.certificate_chain_pem);
        const std::string key = folder_.write("tls.key", identity.private_key_pem.reveal());
        const std::string config = folder_.write(
            "hallpass.toml",
            "[teleport]\naddr = \"" + world_->addresses().auth + "\"\nidentity = \"" + world_->directory() +
                "/identity\"\n[slack]\ntoken = \"" + world_->slack().bot().token + "\"\nsigning_secret = \"" +
                sandbox::sandbox_signing_secret + "\"\napi_url = \"" + world_->addresses().slack +
                "\"\n[role_to_recipients]\n\"*\" = \"access-requests\"\n[http]\nlisten_addr = "
                "\"127.0.0.1:0\"\nhttps_cert_file = \"" +
                certificate + "\"\nhttps_key_file = \"" + key +
                "\"\n[review]\nenabled = true\nslack_user_id_trait = \"slack_user_id\"\n"
        );
        program_ = std::make_unique<test::process>(
            std::vector<std::string>{HALLPASS_PROGRAM, "start", "-c", config},
            std::map<std::string, std::string>{
                {"SSL_CERT_FILE", world_->directory() + "/ca.pem"},
                {"STATE_DIRECTORY", folder_.file("state")}}
        );
        const std::string at = said("listening address=");
        url_ = "https://" + at.substr(0, at.find(' ')) + "/slack/interactivity";
        said(" watching ");
        create(requests);
        net::client_options client;
        client.extra_authorities_pem = {authority_.certificate_pem()};
        client.max_connections_per_host = 64;
        client.max_attempts = 1;
        client.idle_timeout = 1s; // a run ends when no connection is left
        client_ = net::make_http_client(context_.get_executor(), std::move(client), log_);
        // Signatures of the second of hallpass's start are refused.
        std::this_thread::sleep_for(1s);
    }

    ~stage() {
        asio::co_spawn(context_, client_->close(), [](const std::exception_ptr&) {});
        context_.restart();
        context_.run();
    }

    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;

    sandbox::slack_click_event event(std::size_t message) {
        sandbox::slack_click_event made;
        made.user = *world_->slack().user_by_id(bob);
        made.channel.id = channel_id;
        made.message = messages_.at(message % messages_.size());
        made.button = *sandbox::find_button(made.message.blocks, "approve");
        made.trigger_id = world_->slack().dialogs().issue_trigger(bob);
        made.action_ts = sandbox::slack_now();
        return made;
    }

    json::object click_payload(const sandbox::slack_click_event& event) {
        return sandbox::block_actions_payload(event, world_->slack().bot());
    }

    json::object submission(const sandbox::slack_view& view) {
        const auto values = sandbox::filled_values(view.shown, {{"reason", "fine"}, {"confirm", true}});
        return sandbox::view_submission_payload(
            view, *values, *world_->slack().user_by_id(bob), world_->slack().dialogs().issue_trigger(bob),
            world_->slack().bot()
        );
    }

    std::optional<sandbox::slack_view> opened_by(const std::string& trigger) {
        return world_->slack().dialogs().view(world_->slack().dialogs().opened_by(trigger));
    }

    asio::awaitable<result<ports::http_response>> post(json::object payload, std::string secret) {
        ports::http_request request(ports::http_method::post, url_);
        request.body =
            "payload=" + boost::urls::encode(json::serialize(payload), boost::urls::unreserved_chars);
        const std::string timestamp = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                                                         std::chrono::system_clock::now().time_since_epoch()
        )
                                                         .count());
        request.headers = {
            {"Content-Type", "application/x-www-form-urlencoded"},
            {"X-Slack-Request-Timestamp", timestamp},
            {"X-Slack-Signature", sandbox::slack_signature(secret, timestamp, request.body)}};
        request.deadline = 10s;
        auto answered = co_await client_->send(std::move(request));
        co_return answered;
    }

    void run(std::function<asio::awaitable<void>()> act) {
        asio::co_spawn(context_, act, [](const std::exception_ptr& thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
        context_.restart();
        context_.run();
    }

    asio::io_context& context() { return context_; }

    std::size_t approved() {
        std::size_t count = 0;
        for (const auto& recorded : world_->cluster().requests({})) {
            count += recorded.request.state == access::request_state::approved ? 1U : 0U;
        }
        return count;
    }

private:
    // What stands behind the words in the program's log, once they are there.
    std::string said(const std::string& words) {
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

    void create(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            sandbox::new_request wanted;
            wanted.user = "alice@example.com";
            wanted.roles = {"dba"};
            wanted.reason = "the nightly job fails";
            REQUIRE(world_->cluster().create(std::move(wanted)).has_value());
        }
        const auto posted = [&] {
            messages_.clear();
            world_->slack().read_channel(channel_id, [&](const sandbox::slack_channel& channel) {
                for (const auto& message : channel.messages) {
                    if (message.thread_ts.empty() || message.thread_ts == message.ts) {
                        messages_.push_back(message);
                    }
                }
            });
            return messages_.size() == count;
        };
        REQUIRE(world_->changes().wait_for(posted, 120s));
    }

    test::temp_dir folder_;
    quiet_log log_;
    test::authority authority_;
    std::unique_ptr<sandbox::simulated_services> world_;
    std::unique_ptr<test::process> program_;
    std::string url_;
    std::vector<sandbox::slack_message> messages_;
    asio::io_context context_;
    std::unique_ptr<net::client> client_;
};

void print_head() {
    std::printf("| | times | p50 | p99 | longest | lost |\n|---|---|---|---|---|---|\n");
}

} // namespace

TEST_CASE("from a click to the person who is told, one after another") {
    constexpr std::size_t decisions = 500;
    stage on(decisions);
    figures opened;
    figures told;
    on.run([&]() -> asio::awaitable<void> {
        for (std::size_t i = 0; i < decisions; ++i) {
            const sandbox::slack_click_event event = on.event(i);
            auto begin = clock_type::now();
            const auto clicked = co_await on.post(on.click_payload(event), sandbox::sandbox_signing_secret);
            opened.add(clock_type::now() - begin);
            const auto view = on.opened_by(event.trigger_id);
            if (!clicked || clicked->status != 200 || !view) {
                ++opened.lost;
                continue;
            }
            json::object payload = on.submission(*view);
            begin = clock_type::now();
            const auto sent = co_await on.post(std::move(payload), sandbox::sandbox_signing_secret);
            told.add(clock_type::now() - begin);
            told.lost += sent && sent->body.find("approved") != std::string::npos ? 0U : 1U;
        }
    });
    print_head();
    opened.print("click to form");
    told.print("form sent to review accepted and person told");
    CHECK(on.approved() == decisions);
}

TEST_CASE("a thousand clicks a second for ten seconds") {
    constexpr std::size_t clicks = 10'000;
    stage on(1000);
    figures opened;
    auto last = clock_type::now();
    const auto one = [&](std::size_t number) -> asio::awaitable<void> {
        const sandbox::slack_click_event event = on.event(number);
        const auto begin = clock_type::now();
        const auto clicked = co_await on.post(on.click_payload(event), sandbox::sandbox_signing_secret);
        last = clock_type::now();
        opened.add(last - begin);
        const bool fine = clicked && clicked->status == 200 && on.opened_by(event.trigger_id);
        opened.lost += fine ? 0U : 1U;
    };
    const auto begun = clock_type::now();
    on.run([&]() -> asio::awaitable<void> {
        asio::steady_timer next(on.context());
        for (std::size_t i = 0; i < clicks; ++i) {
            next.expires_at(begun + i * 1ms);
            boost::system::error_code ignored;
            co_await next.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            asio::co_spawn(on.context(), one(i), [](const std::exception_ptr& thrown) {
                if (thrown) {
                    std::rethrow_exception(thrown);
                }
            });
        }
    });
    const double seconds = std::chrono::duration<double>(last - begun).count();
    print_head();
    opened.print("click to form, 1,000 a second offered");
    std::printf("%.0f clicks a second answered\n", static_cast<double>(clicks) / seconds);
    CHECK(opened.lost == 0);
}

TEST_CASE("refusals of signatures that are not Slack's") {
    stage on(1);
    std::size_t refused = 0;
    std::size_t others = 0;
    const auto begun = clock_type::now();
    const sandbox::slack_click_event event = on.event(0);
    const auto knock = [&]() -> asio::awaitable<void> {
        while (clock_type::now() < begun + 5s) {
            const auto answered = co_await on.post(on.click_payload(event), "another secret");
            const bool is_refused = answered && answered->status == 401;
            ++(is_refused ? refused : others);
        }
    };
    on.run([&]() -> asio::awaitable<void> {
        for (int i = 0; i < 63; ++i) {
            asio::co_spawn(on.context(), knock(), [](const std::exception_ptr& thrown) {
                if (thrown) {
                    std::rethrow_exception(thrown);
                }
            });
        }
        co_await knock();
    });
    std::printf("%.0f refusals a second\n", static_cast<double>(refused) / 5);
    CHECK(others == 0);
}
