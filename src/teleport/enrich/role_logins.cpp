#include "teleport/enrich/role_logins.hpp"

#include "base/text.hpp"
#include "teleport/call.hpp"

#include <chrono>
#include <utility>

namespace hallpass::teleport::enrich {

namespace {

constexpr std::chrono::minutes answers_last{1};
constexpr std::size_t remembered_answers = 1000;
constexpr std::size_t most_roles = 100;

std::vector<std::string> logins_in(const types::RoleV6& role) {
    std::vector<std::string> out;
    for (const std::string& login : role.spec().allow().logins()) {
        // Teleport's own placeholder for a role without logins.
        if (!login.starts_with("-teleport-")) {
            out.push_back(valid_utf8(login));
        }
    }
    return out;
}

traits traits_in(const types::UserV2& user) {
    traits out;
    for (const auto& [key, values] : user.spec().traits().values()) {
        for (const std::string& value : values.values()) {
            out[key].push_back(valid_utf8(value));
        }
    }
    return out;
}

} // namespace

role_logins::role_logins(boost::asio::any_io_executor executor, ports::clock& time, refusals& refused)
    : time_(time),
      refused_(refused),
      asking_(std::move(executor)),
      roles_(answers_last, remembered_answers),
      users_(answers_last, remembered_answers) {}

boost::asio::awaitable<std::map<std::string, std::vector<std::string>>> role_logins::look_up(
    std::shared_ptr<session> on, std::string user, std::vector<std::string> roles, time_point until
) {
    std::map<std::string, std::vector<std::string>> found;
    if (roles.size() > most_roles) {
        roles.resize(most_roles);
    }
    for (const std::string& role : roles) {
        std::optional<std::vector<std::string>> logins = co_await logins_of(on, role, until);
        if (!logins) {
            continue;
        }
        traits of_user;
        if (has_template(*logins)) {
            std::optional<traits> known = co_await traits_of(on, user, until);
            of_user = std::move(known).value_or(traits());
        }
        std::vector<std::string> expanded = expand_logins(*logins, of_user);
        if (!expanded.empty()) {
            found[role] = std::move(expanded);
        }
    }
    co_return found;
}

boost::asio::awaitable<std::optional<std::vector<std::string>>>
role_logins::logins_of(std::shared_ptr<session> on, std::string role, time_point until) {
    if (roles_.find(role, time_.now()) == nullptr && !refused_.is_refused("GetRole", time_.now())) {
        co_await ask_for_role(on, role, until);
    }
    const std::vector<std::string>* known = roles_.find(role, time_.now());
    if (known == nullptr) {
        co_return std::nullopt;
    }
    co_return *known;
}

boost::asio::awaitable<void>
role_logins::ask_for_role(std::shared_ptr<session> on, std::string role, time_point until) {
    const std::string key = "role " + role;
    if (asking_.is_taken(key)) {
        co_await asking_.others(key, until);
        co_return;
    }
    const single_flight::turn mine(asking_, key);
    proto::GetRoleRequest question;
    question.set_name(role);
    const result<types::RoleV6> answer = co_await unary_call(
        on, on->auth(), &proto::AuthService::Stub::AsyncGetRole, std::move(question), "GetRole", until
    );
    if (answer) {
        refused_.succeeded("GetRole");
        roles_.put(role, logins_in(*answer), time_.now());
    } else if (answer.error().kind() == fault_kind::not_found) {
        const std::vector<std::string> none;
        roles_.put(role, none, time_.now());
    } else {
        refused_.failed("GetRole", answer.error(), time_.now());
    }
}

boost::asio::awaitable<std::optional<traits>>
role_logins::traits_of(std::shared_ptr<session> on, std::string user, time_point until) {
    if (users_.find(user, time_.now()) == nullptr && !refused_.is_refused("GetUser", time_.now())) {
        co_await ask_for_user(on, user, until);
    }
    const traits* known = users_.find(user, time_.now());
    if (known == nullptr) {
        co_return std::nullopt;
    }
    co_return *known;
}

boost::asio::awaitable<void>
role_logins::ask_for_user(std::shared_ptr<session> on, std::string user, time_point until) {
    const std::string key = "user " + user;
    if (asking_.is_taken(key)) {
        co_await asking_.others(key, until);
        co_return;
    }
    const single_flight::turn mine(asking_, key);
    using users_stub = ::teleport::users::v1::UsersService::Stub;
    ::teleport::users::v1::GetUserRequest question;
    question.set_name(user);
    const result<::teleport::users::v1::GetUserResponse> answer = co_await unary_call(
        on, on->users(), &users_stub::AsyncGetUser, std::move(question), "GetUser", until
    );
    if (answer) {
        refused_.succeeded("GetUser");
        users_.put(user, traits_in(answer->user()), time_.now());
    } else if (answer.error().kind() == fault_kind::not_found) {
        const traits none;
        users_.put(user, none, time_.now());
    } else {
        refused_.failed("GetUser", answer.error(), time_.now());
    }
}

} // namespace hallpass::teleport::enrich
