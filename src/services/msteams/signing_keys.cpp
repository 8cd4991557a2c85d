#include "services/msteams/signing_keys.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using boost::asio::awaitable;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::hours kept_for{24};
constexpr std::chrono::hours counted_for{120};
constexpr std::chrono::seconds between_looks = 1min;
constexpr std::chrono::seconds after_failure = 10s;
constexpr std::size_t largest_document = std::size_t{512} * 1024;
constexpr std::size_t most_keys = 200;
constexpr std::string_view issuer = "https://api.botframework.com";

fault odd(std::string_view what) {
    return fault(fault_kind::malformed, "Teams signing keys: " + std::string(what));
}

std::vector<std::string> texts_in(const json::object& from, std::string_view name) {
    std::vector<std::string> all;
    const json::value* found = from.if_contains(name);
    for (const json::value& one : found && found->is_array() ? found->get_array() : json::array()) {
        if (one.is_string()) {
            all.emplace_back(one.get_string());
        }
    }
    return all;
}

} // namespace

result<std::map<std::string, signing_key>> read_signing_keys(std::string_view body) {
    const auto parsed = parse_foreign(body, 8);
    const json::value* list =
        parsed && parsed->is_object() ? parsed->get_object().if_contains("keys") : nullptr;
    if (!list || !list->is_array()) {
        return odd("the document of keys has none");
    }
    std::map<std::string, signing_key> all;
    for (const json::value& one : list->get_array()) {
        if (!one.is_object() || all.size() >= most_keys) {
            continue;
        }
        const json::object& described = one.get_object();
        const std::string_view use = text_of(described, "use");
        const std::string name(text_of(described, "kid"));
        if (text_of(described, "kty") != "RSA" || (!use.empty() && use != "sig") || name.empty()) {
            continue;
        }
        auto key = public_key::make(text_of(described, "n"), text_of(described, "e"));
        if (key) {
            all.insert_or_assign(name, signing_key{*std::move(key), texts_in(described, "endorsements")});
        }
    }
    return all;
}

signing_keys::signing_keys(ports::http_client& http, ports::clock& time, std::string base)
    : http_(http), time_(time), base_(std::move(base)), asking_(time) {}

std::shared_ptr<const signing_key> signing_keys::known(const std::string& name) const {
    if (!keys_ || time_.now() >= renewed_ + counted_for) {
        return nullptr;
    }
    const auto found = keys_->find(name);
    return found == keys_->end() ? nullptr : std::shared_ptr<const signing_key>(keys_, &found->second);
}

awaitable<result<std::shared_ptr<const signing_key>>>
signing_keys::find(std::string name, milliseconds at_most) {
    const instant until = time_.now() + at_most;
    const auto settled = [this](const std::shared_ptr<const signing_key>& found) {
        const instant now = time_.now();
        const bool fresh = keys_ != nullptr && now < renewed_ + kept_for;
        const bool asked_lately =
            has_asked_ && now < asked_ + (asked_ == renewed_ ? between_looks : after_failure);
        return (found && fresh) || asked_lately;
    };
    std::shared_ptr<const signing_key> found = known(name);
    if (settled(found)) {
        co_return found;
    }
    const auto turn = co_await asking_.enter(at_most);
    found = known(name);
    if (!turn || settled(found)) {
        co_return found;
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - time_.now());
    const result<void> renewed = co_await renew(std::max(left, milliseconds(100)));
    found = known(name);
    if (!found && renewed.has_error()) {
        co_return renewed.error();
    }
    co_return found;
}

awaitable<result<void>> signing_keys::renew(milliseconds at_most) {
    const instant until = time_.now() + at_most;
    asked_ = time_.now();
    has_asked_ = true;
    const result<std::string> document = co_await get(base_ + ".well-known/openidconfiguration", at_most);
    if (document.has_error()) {
        co_return document.error();
    }
    const auto parsed = parse_foreign(*document, 8);
    if (!parsed || !parsed->is_object() || text_of(parsed->get_object(), "issuer") != issuer) {
        co_return odd("the OpenID document is not the Bot Framework's; is bot_login_url right?");
    }
    const std::string keys_url(text_of(parsed->get_object(), "jwks_uri"));
    // Where its keys are is where it is itself.
    if (!keys_url.starts_with(base_)) {
        co_return odd("the OpenID document names keys elsewhere: " + one_line(keys_url, 120));
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - time_.now());
    const result<std::string> body = co_await get(keys_url, std::max(left, milliseconds(100)));
    if (body.has_error()) {
        co_return body.error();
    }
    auto read = read_signing_keys(*body);
    if (read.has_error()) {
        co_return read.error();
    }
    keys_ = std::make_shared<const keys>(*std::move(read));
    renewed_ = asked_;
    co_return result<void>();
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
        co_return response.error().in("Teams signing keys");
    }
    if (response->status != 200) {
        co_return fault(
            fault_kind::transient, "Teams signing keys: HTTP " + std::to_string(response->status)
        );
    }
    co_return response->body;
}

} // namespace hallpass::services::msteams
