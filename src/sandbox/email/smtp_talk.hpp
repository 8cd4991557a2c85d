// What a mail server says to what it is told (RFC 5321), apart from how the bytes come.
#pragma once

#include "sandbox/email/mail_state.hpp"

#include <string>
#include <string_view>

namespace hallpass::sandbox {

class smtp_talk {
public:
    smtp_talk(mail_state& mail, bool encrypted) : mail_(mail), encrypted_(encrypted) {}

    // What follows the reply.
    enum class then { listen, encrypt, take_letter, hang_up };

    struct reply {
        std::string text; // its lines, without the last CR LF; "" where nothing is said
        then next = then::listen;
    };

    reply greet();
    // One line, without its CR LF.
    reply answer(std::string_view line);
    // Everything up to the final dot, as it travelled.
    reply take(std::string_view content);

    // The handshake is done: everything learnt before is forgotten.
    void encrypted();

private:
    reply hello(std::string_view argument);
    reply start_tls();
    reply log_in(std::string_view argument);
    reply answer_challenge(std::string_view line);
    reply judge_login(std::string_view user, std::string_view password);
    reply sender(std::string_view argument);
    reply recipient(std::string_view argument);
    reply data();
    void forget_letter();

    enum class challenge { none, user, password, plain };

    mail_state& mail_;
    bool encrypted_;
    bool greeted_ = false;
    bool logged_in_ = false;
    challenge asked_ = challenge::none;
    std::string user_;
    std::string from_;
    bool has_sender_ = false;
    bool as_utf8_ = false;
    std::vector<std::string> to_;
};

} // namespace hallpass::sandbox
