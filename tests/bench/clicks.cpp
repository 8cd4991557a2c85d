// What a click costs, and how quick the person is told: the real program between the simulated cluster and
// the simulated Slack, which clicks over HTTPS. Prints; judges nothing but that nothing is lost.
#include "click_stage.hpp"
#include "figures.hpp"
#include "net/http_client.hpp"
#include "sandbox/slack_callback.hpp"
#include "sandbox/slack_payloads.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace hallpass;
using namespace hallpass::bench;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// Clicks as Slack signs and posts them.
class stage {
public:
    explicit stage(std::size_t requests) : on_(requests, clicks_by::https) {
        net::client_options client;
        client.extra_authorities_pem = {on_.authority_pem()};
        client.max_connections_per_host = 64;
        client.max_attempts = 1;
        client.idle_timeout = 1s; // a run ends when no connection is left
        client_ = net::make_http_client(context_.get_executor(), std::move(client), on_.log());
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
        made.user = *slack().user_by_id(bob);
        made.channel.id = channel_id;
        made.message = on_.messages().at(message % on_.messages().size());
        made.button = *sandbox::find_button(made.message.blocks, "approve");
        made.trigger_id = slack().dialogs().issue_trigger(bob);
        made.action_ts = sandbox::slack_now();
        return made;
    }

    json::object click_payload(const sandbox::slack_click_event& event) {
        return sandbox::block_actions_payload(event, slack().bot());
    }

    json::object submission(const sandbox::slack_view& view) {
        const auto values = sandbox::filled_values(view.shown, {{"reason", "fine"}, {"confirm", true}});
        return sandbox::view_submission_payload(
            view, *values, *slack().user_by_id(bob), slack().dialogs().issue_trigger(bob), slack().bot()
        );
    }

    std::optional<sandbox::slack_view> opened_by(const std::string& trigger) {
        return slack().dialogs().view(slack().dialogs().opened_by(trigger));
    }

    asio::awaitable<result<ports::http_response>> post(json::object payload, std::string secret) {
        ports::http_request request(ports::http_method::post, on_.url());
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

    std::size_t approved() { return on_.approved(); }

private:
    sandbox::slack_state& slack() { return on_.world().slack(); }

    click_stage on_;
    asio::io_context context_;
    std::unique_ptr<net::client> client_;
};

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
