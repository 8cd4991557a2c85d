#include "services/email/client.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/email/letters.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::email {

using boost::asio::awaitable;

namespace {

constexpr auto longest_link = std::chrono::hours(24 * 7); // where a request says no end

} // namespace

email_service::email_service(
    email_config config, std::unique_ptr<post_office> office, ports::service_environment environment
)
    : config_(std::move(config)),
      office_(std::move(office)),
      http_(environment.http),
      time_(environment.time),
      out_(environment.out),
      people_(environment.people) {}

std::vector<ports::callback_route> email_service::take_decisions(ports::decision_desk& desk) {
    if (!config_.links) {
        return {};
    }
    links_ = std::make_unique<decision_links>(*config_.links, http_, time_, out_, desk);
    return {links_->route()};
}

awaitable<result<std::string>> email_service::check() {
    return office_->check();
}

std::optional<std::vector<std::string>> email_service::recipients(const access::access_request& request
) const {
    if (config_.recipients.empty()) {
        return std::nullopt;
    }
    access::routing_table table;
    table.role_to_recipients["*"] = config_.recipients;
    return access::route(request, table).recipients;
}

awaitable<result<access::address>> email_service::resolve(std::string recipient) {
    const auto parsed = parse_mailbox(recipient);
    if (!parsed) {
        co_return fault(
            fault_kind::not_found, "recipient \"" + one_line(recipient, 120) +
                                       "\": not an address that mail can be sent to; correct it, with the "
                                       "domain's xn-- form where it "
                                       "isn't ASCII"
        );
    }
    co_return access::address(lower_case(parsed->address));
}

awaitable<result<std::optional<access::address>>> email_service::resolve_requester(std::string teleport_user
) {
    std::optional<access::address> to;
    if (!config_.tell_requester) {
        co_return to;
    }
    if (people_ != nullptr) {
        for (const auto& [address, user] : *people_) {
            if (user == teleport_user && is_address(address)) {
                to = access::address(lower_case(address));
                co_return to;
            }
        }
    }
    if (is_address(teleport_user)) {
        to = access::address(lower_case(teleport_user));
    }
    co_return to;
}

awaitable<result<access::message_ref>>
email_service::send(std::string to, std::string thread, letter_words words, access::delivery_key key) {
    letter_frame frame;
    frame.from = config_.sender;
    frame.to = to;
    frame.id = letter_id(key, to, domain_of(config_.sender.address));
    frame.thread = std::move(thread);
    frame.at = time_.now();
    ports::letter what;
    what.from = config_.sender.address;
    what.to = to;
    what.text = write_letter(words, frame);
    const result<void> sent = co_await office_->send(std::move(what));
    if (!sent) {
        co_return sent.error();
    }
    co_return access::message_ref(std::move(to), std::move(frame.id));
}

awaitable<result<access::message_ref>>
email_service::post(access::address to, access::card shown, access::delivery_key key) {
    letter_words words = card_words(shown);
    const bool decides =
        shown.reader == access::audience::approver && shown.state == access::request_state::pending;
    if (links_ && decides) {
        const instant until = shown.request_expires.value_or(time_.now() + longest_link);
        words.decision_link = links_->link(shown.request_id, to.id, until);
    }
    return send(std::move(to.id), "", std::move(words), std::move(key));
}

awaitable<result<void>> email_service::update(access::message_ref, access::card) {
    co_return fault(fault_kind::bug, "a letter that was sent can't be changed");
}

awaitable<result<access::message_ref>> email_service::reply(
    access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    letter_words words = review_words(shown, index);
    auto sent = co_await send(
        std::move(message.conversation), std::move(message.id), std::move(words), std::move(key)
    );
    co_return sent;
}

awaitable<result<access::message_ref>>
email_service::tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) {
    return send(std::move(message.conversation), std::move(message.id), outcome_words(shown), std::move(key));
}

// Nobody lets a sender look into the mailboxes of others. Mailgun's events come late and don't come at all to
// a key that may only send.
awaitable<result<std::optional<access::message_ref>>>
email_service::find(access::address, access::message_ref, access::delivery_key, instant) {
    co_return fault(fault_kind::unsupported, "nobody can tell whether a letter was sent");
}

} // namespace hallpass::services::email
