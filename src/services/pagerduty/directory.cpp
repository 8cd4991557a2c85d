#include "services/pagerduty/directory.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <algorithm>

namespace hallpass::services::pagerduty {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::size_t fewest_letters = 6;
constexpr std::size_t most_letters = 40;

// "escalation_policies".
std::string plural(const std::string& kind) {
    return kind.ends_with('y') ? kind.substr(0, kind.size() - 1) + "ies" : kind + 's';
}

named_thing read_thing(const json::object& from) {
    std::string name(text_of(from, "name"));
    if (name.empty()) {
        name = text_of(from, "summary");
    }
    return {std::string(text_of(from, "id")), std::move(name), from};
}

bool may_be_id(std::string_view text) noexcept {
    return is_id(text) && std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

} // namespace

bool is_id(std::string_view text) noexcept {
    return text.size() >= fewest_letters && text.size() <= most_letters &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
           });
}

user_facts read_user(const json::object& user) {
    user_facts read;
    read.id = text_of(user, "id");
    read.email = text_of(user, "email");
    read.role = text_of(user, "role");
    const json::value* invited = user.if_contains("invitation_sent");
    read.invited_only = invited != nullptr && invited->is_bool() && invited->get_bool();
    read.is_user = text_of(user, "type") == "user";
    return read;
}

directory::directory(api& pagerduty, std::string own_email)
    : api_(pagerduty), own_email_(std::move(own_email)) {}

awaitable<result<std::optional<named_thing>>> directory::find_by_id(std::string kind, std::string id) {
    call asked(http_method::get, plural(kind) + '/' + in_path(id));
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        if (reply.error().kind() == fault_kind::not_found) {
            co_return std::optional<named_thing>();
        }
        co_return reply.error();
    }
    named_thing found = read_thing(object_of(*reply, kind));
    if (found.id.empty()) {
        co_return fault(fault_kind::transient, "PagerDuty GET " + plural(kind) + ": the answer names none");
    }
    co_return std::optional(std::move(found));
}

awaitable<result<std::optional<named_thing>>> directory::find(std::string kind, std::string written) {
    const std::string wanted(trimmed(written));
    if (may_be_id(wanted)) {
        auto found = co_await find_by_id(kind, wanted);
        if (found.has_error() || found->has_value()) {
            co_return found;
        }
    }
    call asked(http_method::get, plural(kind));
    asked.query.add("query", wanted);
    const auto all = co_await api_.list(std::move(asked), plural(kind));
    if (all.has_error()) {
        co_return all.error();
    }
    std::optional<named_thing> nearly;
    for (const json::object& one : *all) {
        named_thing thing = read_thing(one);
        if (thing.name == wanted && !thing.id.empty()) {
            co_return std::optional(std::move(thing));
        }
        if (lower_case(thing.name) == lower_case(wanted) && !thing.id.empty()) {
            nearly = std::move(thing);
        }
    }
    co_return nearly;
}

awaitable<result<std::vector<user_facts>>> directory::users_by_email(std::string email) {
    call asked(http_method::get, "users");
    asked.query.add("query", email);
    const auto all = co_await api_.list(std::move(asked), "users");
    if (all.has_error()) {
        co_return all.error();
    }
    std::vector<user_facts> found;
    for (const json::object& one : *all) {
        user_facts user = read_user(one);
        if (!user.id.empty() && lower_case(user.email) == lower_case(email)) {
            found.push_back(std::move(user));
        }
    }
    co_return found;
}

awaitable<result<user_facts>> directory::user(std::string id) {
    call asked(http_method::get, "users/" + in_path(id));
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    user_facts found = read_user(object_of(*reply, "user"));
    if (found.id != id) {
        co_return fault(fault_kind::transient, "PagerDuty GET users: the answer is about somebody else");
    }
    co_return found;
}

awaitable<result<user_facts>> directory::own_user() {
    if (own_) {
        co_return *own_;
    }
    const auto found = co_await users_by_email(own_email_);
    if (found.has_error()) {
        co_return found.error();
    }
    if (found->empty()) {
        co_return fault(
            fault_kind::unauthorised, "PagerDuty has no user with the e-mail " + one_line(own_email_, 120) +
                                          "; pagerduty.user_email must be the e-mail of a user of the account"
        );
    }
    own_ = found->front();
    co_return *own_;
}

} // namespace hallpass::services::pagerduty
