#include "services/email/smtp_replies.hpp"

#include "base/text.hpp"

#include <string>

namespace hallpass::services::email {

using ports::mail_reply;
using ports::mail_stage;

namespace {

struct meaning {
    fault_kind kind;
    std::string_view mend; // "" where there is nothing to do
};

bool says(const mail_reply& reply, std::string_view part) noexcept {
    return reply.text.find(part) != std::string::npos;
}

meaning at_login(const mail_reply& reply) {
    if (reply.code == 0) {
        return {fault_kind::unauthorised, "is the port right, and smtp.auth?"};
    }
    if (says(reply, "5.7.30") || says(reply, "5.7.139")) {
        return {
            fault_kind::unauthorised, "the server takes no passwords any more: set smtp.auth = \"xoauth2\" "
                                      "and smtp.password_file to the "
                                      "path of an access token"};
    }
    return {fault_kind::unauthorised, "check smtp.username and smtp.password"};
}

meaning at_recipient(const mail_reply& reply) {
    if (reply.code == 0) {
        return {fault_kind::permanent, "name the person by an ASCII address"};
    }
    constexpr int mailbox_full = 552; // here it passes (RFC 5321, 4.5.3.1.10)
    if (reply.code == mailbox_full || says(reply, "5.2.2")) {
        return {fault_kind::transient, ""};
    }
    if (reply.code == 530 || says(reply, "5.7.1") || says(reply, "elay")) {
        return {fault_kind::permanent, "does the server want a login before it sends to other domains?"};
    }
    return {fault_kind::permanent, "check the address"};
}

meaning meaning_of(const mail_reply& reply) {
    if (reply.code >= 400 && reply.code < 500) {
        return {fault_kind::transient, ""};
    }
    switch (reply.stage) {
    case mail_stage::greeting:
        return {fault_kind::unauthorised, "the server doesn't let this host in"};
    case mail_stage::login:
        return at_login(reply);
    case mail_stage::sender:
        return {
            fault_kind::unauthorised,
            "may smtp.username send as delivery.sender, and does the server want a login?"};
    case mail_stage::recipient:
        return at_recipient(reply);
    case mail_stage::content:
    case mail_stage::accepted:
        break;
    }
    return {fault_kind::permanent, ""};
}

} // namespace

std::optional<fault> fault_of(const mail_reply& reply, std::string_view server, std::string_view to) {
    if (reply.stage == mail_stage::accepted) {
        return std::nullopt;
    }
    const meaning what = meaning_of(reply);
    std::string text = "SMTP " + std::string(server) + ": " + one_line(reply.text, 300);
    if (reply.stage == mail_stage::recipient) {
        text += " (for " + one_line(to, 120) + ')';
    }
    if (!what.mend.empty()) {
        text.append("; ").append(what.mend);
    }
    return fault(what.kind, std::move(text));
}

} // namespace hallpass::services::email
