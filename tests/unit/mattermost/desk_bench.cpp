#include "desk_bench.hpp"

#include "services/mattermost/messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <exception>

namespace hallpass::test {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view base = "https://mm.example/api/v4/";

class lapsed final : public ports::alarm {
public:
    explicit lapsed(asio::io_context& context) : context_(context) {}

    asio::awaitable<bool> wait(std::chrono::milliseconds) override {
        co_await asio::post(context_, asio::use_awaitable);
        co_return true;
    }

    void wake() override {}

private:
    asio::io_context& context_;
};

} // namespace

scripted_desk::scripted_desk(asio::io_context& context)
    : context_(context), gate_(context, asio::steady_timer::time_point::max()) {
    ports::shown_request shown{sample_request(), approver_card(sample_request())};
    found = std::optional<ports::shown_request>(std::move(shown));
}

asio::awaitable<result<std::optional<ports::shown_request>>> scripted_desk::look_up(std::string) {
    co_return found;
}

asio::awaitable<access::decision_outcome> scripted_desk::decide(access::decision asked) {
    decisions.push_back(std::move(asked));
    while (held_) {
        boost::system::error_code ended;
        co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
    co_return outcome;
}

void scripted_desk::spawn(std::string, asio::awaitable<void> work) {
    asio::co_spawn(context_, std::move(work), [](const std::exception_ptr& thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
}

void scripted_desk::listen(std::string name, asio::awaitable<void> work) {
    spawn(std::move(name), std::move(work));
}

void scripted_desk::release() {
    held_ = false;
    gate_.cancel();
}

std::unique_ptr<ports::alarm> short_clock::make_alarm() {
    if (is_short) {
        return std::make_unique<lapsed>(context_);
    }
    return patient_.make_alarm();
}

std::string trigger_for(std::string_view user, instant issued) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(issued.time_since_epoch()).count();
    const std::string data =
        "clientclientclientclient01:" + std::string(user) + ':' + std::to_string(ms) + ":c2ln";
    std::string out(4 * ((data.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(data.data()),
        static_cast<int>(data.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return out;
}

ports::service_environment desk_bench::environment(desk_bench& all, std::chrono::seconds later) {
    all.time.time += later;
    ports::service_environment made{all.around.http, all.time, all.around.log};
    made.public_addr = "https://hallpass.example";
    return made;
}

desk_bench::desk_bench(std::chrono::seconds later)
    : time(around.context),
      desk(around.context),
      mattermost(bench::config(std::nullopt), environment(*this, later)),
      routes(mattermost.take_decisions(desk)) {
    desk.outcome.what = access::decision_result::accepted;
    desk.outcome.state = access::request_state::approved;
}

json::object desk_bench::posted_card() {
    around.http.script.emplace_front(answer(R"({"id":"postpostpostpostpostpost01"})", 201));
    const auto sent = around.run([&] {
        auto request = sample_request();
        // The sample's times are of 2026.
        request.request_expires = time.time + std::chrono::hours(1);
        return mattermost.post(
            access::address(channel_id), approver_card(request), access::delivery_key(request.id, "card")
        );
    });
    json::object posted = around.body_of(around.http.asked.size() - 1);
    around.http.asked.pop_back();
    return posted;
}

json::object desk_bench::click_on(std::string_view action, std::string_view user) {
    const json::object card = posted_card();
    const json::array& actions = card.at("props").at("attachments").at(0).at("actions").as_array();
    const auto found = std::find_if(actions.begin(), actions.end(), [&](const json::value& one) {
        return one.at("id").as_string() == action;
    });
    return {
        {"user_id", user},
        {"channel_id", channel_id},
        {"team_id", "team"},
        {"post_id", post_id},
        {"type", "button"},
        {"trigger_id", trigger_for(user, time.time)},
        {"context", found->at("integration").at("context")}};
}

json::object desk_bench::form_of(std::string_view user, json::object values) {
    for (auto it = around.http.asked.rbegin(); it != around.http.asked.rend(); ++it) {
        if (it->url.ends_with("actions/dialogs/open")) {
            const json::value opened = json::parse(it->body);
            return {
                {"type", "dialog_submission"},
                {"callback_id", opened.at("dialog").at("callback_id")},
                {"state", opened.at("dialog").at("state")},
                {"user_id", user},
                {"channel_id", channel_id},
                {"submission", std::move(values)},
                {"cancelled", false}};
        }
    }
    throw std::runtime_error("no form was opened");
}

ports::callback_response desk_bench::post(std::size_t route, std::string body) {
    ports::callback_request request;
    request.body = std::move(body);
    const result<ports::callback_response> answered =
        around.run([&]() -> asio::awaitable<result<ports::callback_response>> {
            ports::callback_response made = co_await routes.at(route).answer(request);
            co_return made;
        });
    return *answered;
}

ports::callback_response desk_bench::click(const json::object& body) {
    return post(0, json::serialize(body));
}

ports::callback_response desk_bench::submit(const json::object& body) {
    return post(1, json::serialize(body));
}

void desk_bench::expect_click() {
    around.http.script.emplace_back(answer(R"({"id":"botbotbotbotbotbotbotbot01"})"));
    const json::object post{
        {"id", post_id},
        {"user_id", bot_id},
        {"channel_id", channel_id},
        {"props", {{"hallpass", {{"request", sample_request().id}, {"part", "card"}}}}}};
    around.http.script.emplace_back(answer(json::serialize(post)));
    around.http.script.emplace_back(answer(R"({"status":"OK"})"));
}

void desk_bench::expect_account(std::string_view user, std::string more) {
    const std::string id(user);
    around.http.script.emplace_back(answer(R"({"id":")" + id + R"(",)" + more + "}"));
    around.http.script.emplace_back(answer(R"({"id":"c","team_id":"teamteamteamteamteamteam01"})"));
    around.http.script.emplace_back(answer(R"({"user_id":")" + id + R"(","delete_at":0})"));
}

void desk_bench::settle() {
    around.context.restart();
    around.context.poll();
}

std::vector<std::string> desk_bench::calls() const {
    std::vector<std::string> all;
    for (const ports::http_request& request : around.http.asked) {
        all.push_back(std::string(ports::to_string(request.method)) + ' ' + request.url.substr(base.size()));
    }
    return all;
}

} // namespace hallpass::test
