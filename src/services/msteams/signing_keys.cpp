#include "services/msteams/signing_keys.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::msteams {

using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

constexpr keys_kept kept{std::chrono::hours(24), std::chrono::hours(120)};
constexpr milliseconds least_wait{100};
constexpr std::size_t largest_document = std::size_t{512} * 1024;

fault odd(std::string_view what) {
    return fault(fault_kind::malformed, std::string(what));
}

} // namespace

signing_keys::signing_keys(ports::http_client& http, ports::clock& time, std::string base, std::string issuer)
    : http_(http),
      time_(time),
      base_(std::move(base)),
      issuer_(std::move(issuer)),
      keys_(
          time, [this](milliseconds at_most) { return get_document(at_most); }, kept
      ) {}

awaitable<result<std::shared_ptr<const published_key>>>
signing_keys::find(std::string id, std::string algorithm, milliseconds at_most) {
    auto found = co_await keys_.find(std::move(id), std::move(algorithm), at_most);
    if (found.has_error()) {
        co_return found.error().in("Teams signing keys");
    }
    co_return found;
}

awaitable<result<std::string>> signing_keys::get_document(milliseconds at_most) {
    const instant until = time_.now() + at_most;
    const result<std::string> document = co_await get(base_ + ".well-known/openidconfiguration", at_most);
    if (document.has_error()) {
        co_return document.error();
    }
    const auto parsed = parse_foreign(*document, 8);
    if (!parsed || !parsed->is_object() || text_of(parsed->get_object(), "issuer") != issuer_) {
        co_return odd("the OpenID document is not the Bot Framework's; is bot_login_url right?");
    }
    const std::string keys_url(text_of(parsed->get_object(), "jwks_uri"));
    // Where its keys are is where it is itself.
    if (!keys_url.starts_with(base_)) {
        co_return odd("the OpenID document names keys elsewhere: " + one_line(keys_url, 120));
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - time_.now());
    auto body = co_await get(keys_url, std::max(left, least_wait));
    co_return body;
}

awaitable<result<std::string>> signing_keys::get(std::string url, milliseconds at_most) {
    ports::http_request request(ports::http_method::get, std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    request.repeatable = true;
    request.deadline = at_most;
    request.pace_keys.push_back({"msteams login"});
    request.max_response_bytes = largest_document;
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return response.error();
    }
    if (response->status != 200) {
        co_return fault(fault_kind::transient, "HTTP " + std::to_string(response->status));
    }
    co_return response->body;
}

} // namespace hallpass::services::msteams
