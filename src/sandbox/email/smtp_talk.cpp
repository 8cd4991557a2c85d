#include "sandbox/email/smtp_talk.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr std::size_t longest_line = 998;
constexpr std::size_t most_recipients = 100;

// "a@b" of "FROM:<a@b> SIZE=1"; nothing where it isn't that.
std::optional<std::string> path_in(std::string_view argument, std::string_view word) {
    if (lower_case(argument.substr(0, word.size())) != word) {
        return std::nullopt;
    }
    argument.remove_prefix(word.size());
    const std::size_t end = argument.find('>');
    if (!argument.starts_with('<') || end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string path(argument.substr(1, end - 1));
    const bool sound = std::all_of(path.begin(), path.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
    });
    return sound && std::count(path.begin(), path.end(), '@') == 1 ? std::optional(path) : std::nullopt;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

smtp_talk::reply said(const mail_rule& rule) {
    return {rule.reply, rule.reply.empty() ? smtp_talk::then::hang_up : smtp_talk::then::listen};
}

// Dots taken away again; nothing where a line is too long or ends otherwise than lines do.
std::optional<std::string> without_transparency(std::string_view content) {
    std::string out;
    while (!content.empty()) {
        const std::size_t end = content.find("\r\n");
        std::string_view line = content.substr(0, end);
        if (end == std::string_view::npos || line.size() > longest_line ||
            line.find_first_of("\r\n") != std::string_view::npos) {
            return std::nullopt;
        }
        line.remove_prefix(line.starts_with('.') ? 1U : 0U);
        out.append(line).append("\r\n");
        content.remove_prefix(end + 2);
    }
    return out;
}

} // namespace

smtp_talk::reply smtp_talk::greet() {
    const auto rule = mail_.take_rule("CONNECT");
    return rule ? said(*rule) : reply{"220 mail.sandbox.example.com ESMTP sandbox"};
}

void smtp_talk::encrypted() {
    encrypted_ = true;
    greeted_ = false;
    logged_in_ = false;
    forget_letter();
}

void smtp_talk::forget_letter() {
    has_sender_ = false;
    from_.clear();
    to_.clear();
}

smtp_talk::reply smtp_talk::answer(std::string_view line) {
    if (asked_ != challenge::none) {
        return answer_challenge(line);
    }
    const std::size_t space = std::min(line.find(' '), line.size());
    std::string verb = lower_case(line.substr(0, space));
    const std::string_view argument = trimmed(line.substr(space));
    std::transform(verb.begin(), verb.end(), verb.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    const std::string to = verb == "RCPT" ? path_in(argument, "to:").value_or("") : "";
    if (const auto rule = mail_.take_rule(verb, to)) {
        return said(*rule);
    }
    if (verb == "EHLO" || verb == "HELO") {
        return hello(argument);
    }
    if (verb == "QUIT") {
        return {"221 2.0.0 goodbye", then::hang_up};
    }
    if (verb == "NOOP") {
        return {"250 2.0.0 ok"};
    }
    if (verb == "RSET") {
        forget_letter();
        return {"250 2.0.0 ok"};
    }
    if (!greeted_) {
        return {"503 5.5.1 say EHLO first"};
    }
    if (verb == "STARTTLS") {
        return start_tls();
    }
    if (verb == "AUTH") {
        return log_in(argument);
    }
    if (verb == "MAIL") {
        return sender(argument);
    }
    if (verb == "RCPT") {
        return recipient(argument);
    }
    return verb == "DATA" ? data() : reply{"502 5.5.2 no such command"};
}

smtp_talk::reply smtp_talk::hello(std::string_view argument) {
    if (argument.empty()) {
        return {"501 5.5.4 say who you are"};
    }
    greeted_ = true;
    forget_letter();
    std::string text = "250-mail.sandbox.example.com\r\n250-SIZE 1048576\r\n250-ENHANCEDSTATUSCODES\r\n";
    text += !encrypted_ && mail_.offers_starttls ? "250-STARTTLS\r\n" : "";
    text += encrypted_ ? "250-AUTH PLAIN LOGIN XOAUTH2\r\n" : "";
    text += mail_.offers_utf8 ? "250-SMTPUTF8\r\n" : "";
    return {text + "250 8BITMIME"};
}

smtp_talk::reply smtp_talk::start_tls() {
    if (encrypted_ || !mail_.offers_starttls) {
        return {"502 5.5.1 not here"};
    }
    return {"220 2.0.0 go ahead", then::encrypt};
}

smtp_talk::reply smtp_talk::log_in(std::string_view argument) {
    if (!encrypted_) {
        return {"538 5.7.11 encryption required"};
    }
    if (logged_in_) {
        return {"503 5.5.1 you have logged in"};
    }
    const std::size_t space = std::min(argument.find(' '), argument.size());
    const std::string way = lower_case(argument.substr(0, space));
    const std::string_view initial = trimmed(argument.substr(space));
    if (way == "login") {
        asked_ = challenge::user;
        return {"334 VXNlcm5hbWU6"};
    }
    if (way != "plain" && way != "xoauth2") {
        return {"504 5.5.4 no such way to log in"};
    }
    asked_ = challenge::plain;
    return initial.empty() ? reply{"334 "} : answer_challenge(initial);
}

smtp_talk::reply smtp_talk::answer_challenge(std::string_view line) {
    const challenge asked = std::exchange(asked_, challenge::none);
    const std::string words = from_base64(line).value_or("");
    if (asked == challenge::user) {
        user_ = words;
        asked_ = challenge::password;
        return {"334 UGFzc3dvcmQ6"};
    }
    if (asked == challenge::password) {
        return judge_login(user_, words);
    }
    if (words.starts_with("user=")) { // XOAUTH2
        const std::vector<std::string> parts = split(words, '\x01');
        constexpr std::string_view bearer = "auth=Bearer ";
        const bool sound = parts.size() >= 2 && parts[1].starts_with(bearer);
        return sound ? judge_login(parts[0].substr(5), parts[1].substr(bearer.size())) : judge_login("", "");
    }
    const std::vector<std::string> parts = split(words, '\0');
    return parts.size() == 2   ? judge_login(parts[0], parts[1])
           : parts.size() == 3 ? judge_login(parts[1], parts[2])
                               : judge_login("", "");
}

smtp_talk::reply smtp_talk::judge_login(std::string_view user, std::string_view password) {
    logged_in_ = user == mail_state::username && password == mail_state::password;
    return logged_in_ ? reply{"235 2.7.0 welcome"} : reply{"535 5.7.8 authentication failed"};
}

smtp_talk::reply smtp_talk::sender(std::string_view argument) {
    const auto path = path_in(argument, "from:");
    if (!path) {
        return {"501 5.1.7 no address"};
    }
    if (mail_.wants_login && !logged_in_) {
        return {"530 5.7.0 authentication required"};
    }
    if (has_sender_) {
        return {"503 5.5.1 one letter at a time"};
    }
    const std::string parameters = lower_case(argument.substr(argument.find('>') + 1)) + ' ';
    const bool as_utf8 = parameters.find(" smtputf8 ") != std::string::npos;
    if (as_utf8 && !mail_.offers_utf8) {
        return {"555 5.5.4 no such parameter"};
    }
    if (!is_ascii(*path) && !as_utf8) {
        return {"553 5.6.7 say SMTPUTF8 for that address"};
    }
    has_sender_ = true;
    as_utf8_ = as_utf8;
    from_ = *path;
    return {"250 2.1.0 ok"};
}

smtp_talk::reply smtp_talk::recipient(std::string_view argument) {
    const auto path = path_in(argument, "to:");
    if (!has_sender_) {
        return {"503 5.5.1 from whom?"};
    }
    if (!path) {
        return {"501 5.1.3 no address"};
    }
    if (!is_ascii(*path) && !as_utf8_) {
        return {"553 5.6.7 say SMTPUTF8 for that address"};
    }
    if (to_.size() >= most_recipients) {
        return {"452 4.5.3 too many recipients"};
    }
    to_.push_back(*path);
    return {"250 2.1.5 ok"};
}

smtp_talk::reply smtp_talk::data() {
    return to_.empty() ? reply{"503 5.5.1 to whom?"} : reply{"354 go on", then::take_letter};
}

smtp_talk::reply smtp_talk::take(std::string_view content) {
    const auto raw = without_transparency(content);
    const auto rule = mail_.take_rule(".", to_.front());
    const std::string by = encrypted_ ? "smtp with TLS" : "smtp";
    bool kept = raw.has_value();
    if (kept && (!rule || rule->keep)) {
        for (const std::string& to : to_) {
            kept = kept && mail_.keep(from_, to, by, *raw);
        }
    }
    // As Postfix has it: one that is refused at its end is the letter still, until RSET.
    if (!rule || rule->keep) {
        forget_letter();
    }
    if (rule) {
        return said(*rule);
    }
    return kept ? reply{"250 2.0.0 taken"} : reply{"554 5.6.0 that is no letter (RFC 5322)"};
}

} // namespace hallpass::sandbox
