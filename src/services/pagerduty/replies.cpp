#include "services/pagerduty/replies.hpp"

#include "base/text.hpp"
#include "services/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace hallpass::services::pagerduty {

namespace json = boost::json;

namespace {

struct error_meaning {
    std::int64_t code;
    fault_kind kind;
    std::string_view mend; // "" where there is nothing to do
};

constexpr std::string_view new_key =
    "put a REST API key with full access into pagerduty.api_key; an account of the EU region needs api_url = "
    "\"https://api.eu.pagerduty.com\"";
constexpr std::string_view rights =
    "the API key must not be read-only, and the user of pagerduty.user_email must be allowed to do this";
constexpr std::string_view acting_user =
    "pagerduty.user_email must be the e-mail of a user of the PagerDuty account";

// clang-format off
constexpr std::array<error_meaning, 10> table{{
    {1001, fault_kind::conflict,     ""}, // resolved already
    {1008, fault_kind::unauthorised, acting_user},
    {1018, fault_kind::unauthorised, rights},
    {2006, fault_kind::unauthorised, new_key},
    {2010, fault_kind::unauthorised, rights},
    {2013, fault_kind::not_found,    ""},
    {2014, fault_kind::permanent,    "the PagerDuty plan of the account doesn't have it"},
    {2100, fault_kind::not_found,    ""},
    {5001, fault_kind::not_found,    ""},
    {5002, fault_kind::not_found,    "check the service's id or name"},
}};

// clang-format on

error_meaning meaning_of_status(int status) noexcept {
    switch (status) {
    case 401:
        return {0, fault_kind::unauthorised, new_key};
    case 402:
        return {0, fault_kind::permanent, "the PagerDuty plan of the account doesn't have it"};
    case 403:
        return {0, fault_kind::unauthorised, rights};
    case 404:
        return {0, fault_kind::not_found, ""};
    case 408:
        return {0, fault_kind::transient, ""};
    case 429:
        return {0, fault_kind::rate_limited, ""};
    default:
        return {0, status >= 500 ? fault_kind::transient : fault_kind::permanent, ""};
    }
}

error_meaning meaning_of(std::int64_t code, int status) noexcept {
    // What PagerDuty itself couldn't do says nothing of what was asked.
    if (status == 429 || status >= 500) {
        return meaning_of_status(status);
    }
    const auto* const found = std::find_if(table.begin(), table.end(), [code](const error_meaning& one) {
        return one.code == code;
    });
    return found == table.end() ? meaning_of_status(status) : *found;
}

std::string named(std::string_view call) {
    return "PagerDuty " + std::string(call) + ": ";
}

bool maybe_done(int status) noexcept {
    return status < 300 || status == 408 || status >= 500;
}

// PagerDuty has no Retry-After, but something in between may.
std::optional<std::chrono::seconds> wait_of(const ports::http_response& response) {
    const std::string_view written = trimmed(response.header("ratelimit-reset"));
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), seconds);
    if (written.empty() || error != std::errc{} || end != written.data() + written.size()) {
        return retry_after_of(response);
    }
    return std::min(std::chrono::seconds(seconds), longest_wait);
}

fault finished(fault made, bool makes, const ports::http_response& response) {
    made.set_uncertain(makes && maybe_done(response.status));
    if (made.kind() == fault_kind::rate_limited) {
        if (const auto wait = wait_of(response)) {
            made.set_retry_after(*wait);
        }
    }
    return made;
}

fault foreign(std::string_view call, bool makes, const ports::http_response& response) {
    const error_meaning meaning = meaning_of_status(response.status);
    std::string text = named(call) + "HTTP " + std::to_string(response.status) +
                       " with something that isn't PagerDuty's answer: \"" + one_line(response.body, 100) +
                       '"';
    if (!meaning.mend.empty()) {
        text.append("; ").append(meaning.mend);
    } else if (response.status < 500 && response.status != 429) {
        text += "; is api_url right, or a proxy in between?";
    }
    const bool known = response.status == 401 || response.status == 403 || response.status == 429;
    return finished(fault(known ? meaning.kind : fault_kind::transient, std::move(text)), makes, response);
}

std::int64_t code_of(const json::object& error) {
    const json::value* code = error.if_contains("code");
    return code != nullptr && code->is_int64() ? code->get_int64() : 0;
}

// "; Title cannot be blank; …": what is wrong with which part.
std::string details_of(const json::object& error) {
    const json::value* found = error.if_contains("errors");
    std::string out;
    if (found == nullptr || !found->is_array()) {
        return out;
    }
    for (const json::value& one : found->get_array()) {
        if (one.is_string() && out.size() < 300) {
            out += (out.empty() ? ": " : "; ") + one_line(one.get_string(), 150);
        }
    }
    return out;
}

} // namespace

result<json::object> read_reply(std::string_view call, bool makes, const ports::http_response& response) {
    std::optional<json::value> body = parse_foreign(response.body);
    json::object* reply = body ? body->if_object() : nullptr;
    if (reply == nullptr) {
        return foreign(call, makes, response);
    }
    if (response.status >= 200 && response.status < 300) {
        return std::move(*reply);
    }
    const json::object& error = object_of(*reply, "error");
    if (error.empty()) {
        return foreign(call, makes, response);
    }
    const std::int64_t code = code_of(error);
    const error_meaning meaning = meaning_of(code, response.status);
    std::string text = named(call) +
                       (code == 0 ? "HTTP " + std::to_string(response.status) : std::to_string(code)) + ' ' +
                       one_line(text_of(error, "message"), 150) + details_of(error);
    if (!meaning.mend.empty()) {
        text.append("; ").append(meaning.mend);
    }
    return finished(fault(meaning.kind, std::move(text)), makes, response);
}

} // namespace hallpass::services::pagerduty
