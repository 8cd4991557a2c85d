#include "services/discord/review_callbacks.hpp"

#include "services/discord/review_ids.hpp"

#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::callback_response;

namespace {

callback_response json_answer(const json::object& body) {
    callback_response made;
    made.status = 200;
    made.headers.emplace_back("Content-Type", "application/json");
    made.body = json::serialize(body);
    return made;
}

} // namespace

review_callbacks::review_callbacks(
    std::string public_key, interaction_answers& answers, ports::clock& time, ports::log& out
)
    : signature_(std::move(public_key), time.now()), answers_(answers), time_(time), out_(out) {}

ports::callback_route review_callbacks::route() {
    ports::callback_route made;
    made.path = interactions_path;
    made.answer = [this](ports::callback_request request) { return answer(std::move(request)); };
    return made;
}

awaitable<callback_response> review_callbacks::answer(ports::callback_request request) {
    if (request.body.size() > largest_callback) {
        out_.debug("callback_refused", {{"reason", "its body is too large"}});
        co_return ports::refused_callback();
    }
    // Discord sends bad ones on purpose, to see whether they are refused.
    if (const auto why = signature_.refuse(request, time_.now())) {
        out_.debug("callback_refused", {{"reason", std::string(*why)}});
        co_return ports::refused_callback();
    }
    auto payload = read_payload(request.body);
    if (!payload) {
        out_.warning("callback_refused", {{"reason", "its body is no JSON object"}});
        co_return ports::refused_callback();
    }
    const std::optional<json::object> made = co_await answers_.answer(*std::move(payload));
    co_return made ? json_answer(*made) : ports::refused_callback();
}

} // namespace hallpass::services::discord
