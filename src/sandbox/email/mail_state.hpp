// The mailboxes of the sandbox, and what its mail server was told to do otherwise than usual.
#pragma once

#include "sandbox/change_signal.hpp"
#include "sandbox/email/letter_text.hpp"

#include <boost/json/object.hpp>

#include <list>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox {

struct kept_letter {
    std::string from; // of the envelope, as is `to`
    std::string to;
    std::string by; // "smtp", "smtp with TLS", "mailgun"
    std::string raw;
    read_letter read;
};

// Once, or so many times, or to so many in a hundred until it is taken back: another reply than usual.
struct mail_rule {
    std::string stage; // "CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "."
    std::string to;    // the recipient's address, "" for any
    std::string reply; // "450 4.7.1 greylisted"; "" hangs up
    unsigned n = 1;
    double percent = 0; // where it is more than 0, `n` doesn't count
    bool keep = false;  // of ".": the letter is in the mailbox all the same
};

// On the thread of the servers.
class mail_state {
public:
    static constexpr const char* username = "access@sandbox.example.com";
    static constexpr const char* password = "mail-sandbox-password";
    static constexpr const char* mailgun_domain = "mg.sandbox.example.com";
    static constexpr const char* mailgun_key = "mailgun-sandbox-key";

    explicit mail_state(change_signal& changes) : changes_(changes) {}

    // False where it is no letter.
    bool keep(std::string from, std::string to, std::string by, std::string raw);

    const std::vector<kept_letter>& letters() const noexcept { return letters_; }

    void add(mail_rule rule) { rules_.push_back(std::move(rule)); }

    void forget_rules() { rules_.clear(); }

    // The rule that is due, counted.
    std::optional<mail_rule> take_rule(std::string_view stage, std::string_view to = {});

    void reset();

    bool offers_starttls = true;
    bool offers_utf8 = true; // SMTPUTF8
    bool wants_login = true;

private:
    bool falls_on(const mail_rule& rule);

    change_signal& changes_;
    std::vector<kept_letter> letters_;
    std::list<mail_rule> rules_;
    std::mt19937_64 random_{1};
};

// For the page: a conversation for each address, letters of a thread below its first.
boost::json::object view_mail(const mail_state& mail);

} // namespace hallpass::sandbox
