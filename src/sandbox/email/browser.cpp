#include "sandbox/email/browser.hpp"

#include "base/text.hpp"
#include "sandbox/email/oidc_provider.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::sandbox {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr int most_steps = 6;

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const std::size_t at = text.find(begin);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t from = at + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

std::string origin_of(const std::string& url) {
    const std::size_t host = url.find("://") + 3;
    return url.substr(0, url.find('/', host));
}

} // namespace

awaitable<posted_answer> browser::go(ports::http_request request) {
    std::string cookies;
    for (const auto& [name, value] : cookies_) {
        cookies += (cookies.empty() ? "" : "; ") + name + '=' + value;
    }
    if (!cookies.empty()) {
        request.headers.emplace_back("Cookie", cookies);
    }
    const std::string where = request.url.substr(0, request.url.find('?'));
    posted_answer answer = co_await calls_.post(std::move(request));
    json::array step;
    step.emplace_back(where);
    step.emplace_back(answer.status);
    told_["steps"].as_array().push_back(std::move(step));
    for (const auto& [name, value] : answer.headers) {
        const std::size_t sign = value.find('=');
        if (lower_case(name) == "set-cookie" && sign != std::string::npos) {
            cookies_[value.substr(0, sign)] = value.substr(sign + 1, value.find(';') - sign - 1);
        }
    }
    co_return answer;
}

awaitable<json::object>
browser::follow(std::string link, std::string user, std::map<std::string, std::string> values) {
    told_ = json::object{{"steps", json::array()}};
    const std::string home = origin_of(link);
    posted_answer answer;
    std::string url = std::move(link);
    for (int step = 0; step < most_steps; ++step) {
        ports::http_request request(ports::http_method::get, url);
        answer = co_await go(std::move(request));
        const std::string location(ports::find_header(answer.headers, "Location"));
        if (location.empty() || answer.status < 300 || answer.status > 399) {
            break;
        }
        const bool at_provider = location.find("/oidc/authorize?") != std::string::npos;
        url = at_provider ? location + "&sandbox_user=" + form_escaped(user) : location;
    }
    const std::string form = between(answer.body, "name=\"form\" value=\"", "\"");
    if (!form.empty()) {
        ports::http_request request(ports::http_method::post, home + between(answer.body, "action=\"", "\""));
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.headers.emplace_back("Sec-Fetch-Site", "same-origin");
        request.body = "form=" + form_escaped(form);
        for (const auto& [name, value] : values) {
            request.body += '&' + form_escaped(name) + '=' + form_escaped(value);
        }
        answer = co_await go(std::move(request));
    }
    told_["status"] = answer.status;
    told_["page"] = answer.body;
    co_return std::move(told_);
}

} // namespace hallpass::sandbox
