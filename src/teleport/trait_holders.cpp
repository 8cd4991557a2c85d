#include "teleport/trait_holders.hpp"

#include "base/text.hpp"
#include "teleport/call.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::teleport {

namespace users = ::teleport::users::v1;

namespace {

constexpr std::chrono::minutes answers_last{1};
constexpr std::size_t remembered_traits = 16;
constexpr int users_on_a_page = 250;
constexpr int most_pages = 400;
constexpr int longest_value = 256; // no service's id is longer

void take(
    const types::UserV2& user, const std::string& trait, std::map<std::string, std::vector<std::string>>& into
) {
    const auto& traits = user.spec().traits().values();
    const auto found = traits.find(trait);
    if (found == traits.end()) {
        return;
    }
    const std::string& name = user.metadata().name();
    for (const std::string& value : found->second.values()) {
        std::vector<std::string>& holders = into[value.substr(0, longest_value + 1)];
        if (std::find(holders.begin(), holders.end(), name) == holders.end()) {
            holders.push_back(name);
        }
    }
}

} // namespace

trait_holders::trait_holders(boost::asio::any_io_executor executor, ports::clock& time)
    : time_(time), asking_(std::move(executor)), known_(answers_last, remembered_traits) {}

boost::asio::awaitable<result<std::vector<std::string>>> trait_holders::look_up(
    std::shared_ptr<session> on,
    std::string trait,
    std::string value,
    std::chrono::steady_clock::time_point until
) {
    std::vector<std::string> holders;
    if (value.empty() || value.size() > longest_value) {
        co_return holders;
    }
    while (known_.find(trait, time_.now()) == nullptr && asking_.is_taken(trait)) {
        if (std::chrono::steady_clock::now() >= until) {
            co_return fault(fault_kind::transient, "ListUsers: no answer in time");
        }
        co_await asking_.others(trait, until);
    }
    if (const by_value* known = known_.find(trait, time_.now())) {
        const auto found = known->find(value);
        co_return found == known->end() ? holders : found->second;
    }
    const enrich::single_flight::turn mine(asking_, trait);
    result<by_value> listed = co_await list(on, trait, until);
    if (!listed) {
        co_return listed.error();
    }
    const auto found = listed->find(value);
    if (found != listed->end()) {
        holders = found->second;
    }
    known_.put(trait, std::move(*listed), time_.now());
    co_return holders;
}

boost::asio::awaitable<result<trait_holders::by_value>> trait_holders::list(
    std::shared_ptr<session> on, std::string trait, std::chrono::steady_clock::time_point until
) {
    by_value all;
    std::string next;
    for (int page = 0; page < most_pages; ++page) {
        users::ListUsersRequest question;
        question.set_page_size(users_on_a_page);
        question.set_page_token(next);
        const result<users::ListUsersResponse> answer = co_await unary_call(
            on, on->users(), &users::UsersService::Stub::AsyncListUsers, std::move(question), "ListUsers",
            until
        );
        if (!answer) {
            co_return answer.error();
        }
        for (const types::UserV2& user : answer->users()) {
            take(user, trait, all);
        }
        next = answer->next_page_token();
        if (next.empty()) {
            co_return all;
        }
    }
    co_return fault(
        fault_kind::permanent, "ListUsers: " + on->peer() + " has more than " +
                                   std::to_string(users_on_a_page * most_pages) +
                                   " users, too many to look through for a trait"
    );
}

} // namespace hallpass::teleport
