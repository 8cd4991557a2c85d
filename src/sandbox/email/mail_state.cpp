#include "sandbox/email/mail_state.hpp"

#include "sandbox/third_party.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace hallpass::sandbox {

namespace json = boost::json;

namespace {

constexpr std::size_t most_letters = 20'000;

json::object view(const kept_letter& one) {
    json::array fields;
    for (const auto& [name, value] : one.read.headers) {
        fields.push_back(json::array{name, value});
    }
    fields.push_back(json::array{"by", one.by});
    return {
        {"id", one.read.header("Message-ID")},
        {"from", one.read.header("From")},
        {"subject", one.read.header("Subject")},
        {"text", one.read.text},
        {"html", one.read.html},
        {"fields", std::move(fields)},
        {"replies", json::array()},
        {"edited", false},
        {"actions", json::array()}};
}

// The letter that it answers, in this mailbox.
json::object* thread_of(json::array& messages, const std::string& id) {
    for (json::value& one : messages) {
        if (one.as_object().at("id").as_string() == id) {
            return &one.as_object();
        }
    }
    return nullptr;
}

} // namespace

bool mail_state::keep(std::string from, std::string to, std::string by, std::string raw) {
    auto read = read_letter_text(raw);
    if (!read || letters_.size() >= most_letters) {
        return false;
    }
    letters_.push_back({std::move(from), std::move(to), std::move(by), std::move(raw), std::move(*read)});
    changes_.changed();
    return true;
}

bool mail_state::falls_on(const mail_rule& rule) {
    std::uniform_real_distribution<double> hundred(0, 100);
    return rule.percent <= 0 || hundred(random_) < rule.percent;
}

std::optional<mail_rule> mail_state::take_rule(std::string_view stage, std::string_view to) {
    const auto due = std::find_if(rules_.begin(), rules_.end(), [&](const mail_rule& one) {
        return one.stage == stage && (one.to.empty() || one.to == to) && falls_on(one);
    });
    if (due == rules_.end()) {
        return std::nullopt;
    }
    const mail_rule taken = *due;
    if (taken.percent <= 0 && --due->n == 0) {
        rules_.erase(due);
    }
    return taken;
}

void mail_state::reset() {
    letters_.clear();
    rules_.clear();
    offers_starttls = true;
    offers_utf8 = true;
    wants_login = true;
}

json::object view_mail(const mail_state& mail) {
    std::map<std::string, json::array> mailboxes;
    for (const kept_letter& one : mail.letters()) {
        json::array& messages = mailboxes[one.to];
        json::object* first = thread_of(messages, one.read.header("In-Reply-To"));
        (first == nullptr ? messages : first->at("replies").as_array()).push_back(view(one));
    }
    json::array conversations;
    for (auto& [address, messages] : mailboxes) {
        conversations.push_back(json::object{
            {"id", address}, {"name", address}, {"messages", std::move(messages)}});
    }
    return view_of("Mail", {}, std::move(conversations));
}

} // namespace hallpass::sandbox
