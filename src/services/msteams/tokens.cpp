#include "services/msteams/tokens.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/msteams/ids.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds before_expiry = 5min;
constexpr std::int64_t usual_lifetime = 3600;
constexpr std::int64_t longest_lifetime = 86400;
constexpr std::size_t largest_reply = std::size_t{64} * 1024;

std::string scope_of(audience whom, const cloud& where) {
    return whom == audience::graph ? std::string(where.graph) + "/.default" : std::string(where.bot_scope);
}

struct refusal {
    std::string_view code;
    std::string_view mend;
};

// Entra's codes, which stand in error_description.
constexpr std::array<refusal, 7> refusals{{
    {"AADSTS7000215", "msapi.app_secret is wrong: it must be a secret's value, not its id"},
    {"AADSTS7000222", "msapi.app_secret has expired; make a new one under \"Certificates & secrets\""},
    {"AADSTS700016", "the tenant doesn't know msapi.app_id; a multi-tenant bot needs bot_tenant = "
                     "\"botframework.com\""},
    {"AADSTS90002", "there is no tenant msapi.tenant_id"},
    {"AADSTS900023", "msapi.tenant_id is no tenant"},
    {"AADSTS7000112", "the app's registration is switched off"},
    {"AADSTS53003", "a Conditional Access policy forbids it"},
}};

fault refused(const std::string& who, const json::object& body, int status) {
    const std::string_view why = text_of(body, "error_description");
    std::string text = who + "HTTP " + std::to_string(status) + ' ' + one_line(text_of(body, "error"), 60) +
                       ": " + one_line(why, 160);
    const auto known = std::find_if(refusals.begin(), refusals.end(), [why](const refusal& one) {
        const std::string_view after = why.substr(std::min(why.size(), one.code.size()));
        return why.starts_with(one.code) && (after.empty() || after[0] < '0' || after[0] > '9');
    });
    text += known == refusals.end() ? "; check app_id, app_secret and tenant_id in [msapi]"
                                    : "; " + std::string(known->mend);
    return fault(fault_kind::unauthorised, std::move(text));
}

result<std::pair<secret, std::chrono::seconds>>
read_answer(const std::string& who, const ports::http_response& response) {
    const auto parsed = parse_foreign(response.body, 8);
    const json::object* body = parsed ? parsed->if_object() : nullptr;
    if (response.status == 429) {
        return fault(fault_kind::rate_limited, who + "HTTP 429");
    }
    const bool refusing = response.status >= 400 && response.status < 500;
    if (refusing && body != nullptr && body->contains("error")) {
        return refused(who, *body, response.status);
    }
    if (response.status != 200 || body == nullptr || text_of(*body, "access_token").empty()) {
        return fault(
            fault_kind::transient, who + "HTTP " + std::to_string(response.status) +
                                       " without a token; is login_url right, or a proxy in between?"
        );
    }
    std::int64_t lifetime = usual_lifetime;
    if (const json::value* said = body->if_contains("expires_in"); said != nullptr && said->is_int64()) {
        lifetime = std::clamp<std::int64_t>(said->get_int64(), 0, longest_lifetime);
    }
    return std::pair(secret(std::string(text_of(*body, "access_token"))), std::chrono::seconds(lifetime));
}

} // namespace

std::string_view to_string(audience whom) noexcept {
    return whom == audience::graph ? "Graph" : "the bot connector";
}

tokens::tokens(ports::http_client& http, ports::clock& time, const msteams_config& config)
    : http_(http), time_(time), config_(config), graph_(time), bot_(time) {}

awaitable<result<secret>> tokens::get(audience whom, std::chrono::milliseconds at_most) {
    kept& mine = of(whom);
    if (!mine.token.empty() && time_.now() < mine.renew_at) {
        co_return mine.token;
    }
    const instant until = time_.now() + at_most;
    const std::unique_ptr<one_at_a_time::turn> turn = co_await mine.asking.enter(at_most);
    if (!turn) {
        co_return fault(
            fault_kind::transient, "token for " + std::string(to_string(whom)) + ": gave up waiting"
        );
    }
    if (!mine.token.empty() && time_.now() < mine.renew_at) {
        co_return mine.token;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - time_.now());
    result<secret> asked = co_await ask(whom, std::max(left, std::chrono::milliseconds(100)));
    co_return asked;
}

awaitable<result<secret>> tokens::ask(audience whom, std::chrono::milliseconds at_most) {
    const std::string& tenant = whom == audience::graph ? config_.tenant_id : config_.bot_tenant;
    ports::http_request request(
        ports::http_method::post, config_.login_url + in_url(tenant) + "/oauth2/v2.0/token"
    );
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Accept", "application/json");
    request.body = "grant_type=client_credentials&client_id=" + in_url(config_.app_id) +
                   "&client_secret=" + in_url(config_.app_secret.reveal()) +
                   "&scope=" + in_url(scope_of(whom, config_.where));
    request.repeatable = true;
    request.deadline = at_most;
    request.pace_keys.push_back({"msteams login"});
    request.max_response_bytes = largest_reply;
    const std::string who = "token for " + std::string(to_string(whom)) + ": ";
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        // Nothing was done for the caller yet, whatever became of this call.
        fault failed = response.error().in("token for " + std::string(to_string(whom)));
        failed.set_uncertain(false);
        co_return failed;
    }
    auto read = read_answer(who, *response);
    if (read.has_error()) {
        co_return read.error();
    }
    const std::chrono::seconds lifetime = read->second;
    kept& mine = of(whom);
    mine.token = read->first;
    mine.renew_at = time_.now() + std::max(lifetime - before_expiry, lifetime / 2);
    co_return mine.token;
}

void tokens::forget(audience whom, const secret& refused) {
    kept& mine = of(whom);
    if (equal_in_constant_time(mine.token.reveal(), refused.reveal())) {
        mine.token = secret();
    }
}

std::vector<std::string> permissions_of(const secret& graph_token) {
    const std::vector<std::string> parts = split(graph_token.reveal(), '.');
    const auto payload = parts.size() == 3 ? from_base64url(parts[1]) : std::nullopt;
    const auto claims = payload ? parse_foreign(*payload, 8) : std::nullopt;
    std::vector<std::string> found;
    if (!claims || !claims->is_object()) {
        return found;
    }
    const json::value* roles = claims->get_object().if_contains("roles");
    for (const json::value& role : roles && roles->is_array() ? roles->get_array() : json::array()) {
        if (role.is_string()) {
            found.emplace_back(role.get_string());
        }
    }
    return found;
}

} // namespace hallpass::services::msteams
