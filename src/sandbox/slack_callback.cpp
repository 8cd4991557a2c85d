#include "sandbox/slack_callback.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <utility>

namespace hallpass::sandbox {

namespace {

std::string timestamp_before(std::chrono::seconds age) {
    const auto at = std::chrono::system_clock::now() - age;
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch());
    return std::to_string(since.count());
}

ports::http_request signed_request(const std::string& url, const callback_request& wanted) {
    ports::http_request request(ports::http_method::post, url);
    request.body = "payload=" +
                   boost::urls::encode(boost::json::serialize(wanted.payload), boost::urls::unreserved_chars);
    const std::string timestamp = timestamp_before(wanted.age);
    request.headers = {
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"},
        {"X-Slack-Request-Timestamp", timestamp},
        {"X-Slack-Signature", slack_signature(wanted.secret, timestamp, request.body)}};
    request.deadline = wanted.deadline;
    return request;
}

} // namespace

std::string
slack_signature(const std::string& secret, const std::string& timestamp, const std::string& body) {
    return "v0=" + to_hex(hmac_sha256(secret, "v0:" + timestamp + ':' + body));
}

slack_callback::slack_callback(boost::asio::any_io_executor executor, slack_sockets& sockets, ports::log& out)
    : sockets_(sockets), poster_(std::move(executor), out) {}

void slack_callback::set_target(std::string url, const std::string& authorities_pem) {
    url_ = std::move(url);
    poster_.trust(authorities_pem);
}

boost::asio::awaitable<callback_answer> slack_callback::send(callback_request request) {
    return sockets_.is_used(!url_.empty()) ? sockets_.send(std::move(request)) : post(std::move(request));
}

boost::asio::awaitable<callback_answer> slack_callback::post(callback_request request) {
    callback_answer answer;
    if (url_.empty()) {
        answer.problem =
            "nobody is connected and no callback is set; use --slack-callback or POST /slack/callback";
        co_return answer;
    }
    ports::http_request call = signed_request(url_, request);
    posted_answer given = co_await poster_.post(std::move(call));
    answer.status = given.status;
    answer.body = std::move(given.body);
    answer.problem = std::move(given.problem);
    answer.took = given.took;
    co_return answer;
}

} // namespace hallpass::sandbox
