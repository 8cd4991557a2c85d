// What a mail server says, in pieces, and what Mailgun answers.
#include "mail/smtp_reply.hpp"
#include "mail/transparency.hpp"
#include "services/email/mailbox.hpp"
#include "services/email/mailgun_replies.hpp"
#include "services/email/smtp_replies.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace hallpass;

namespace {

void read_in_pieces(std::string_view bytes, std::size_t piece) {
    mail::reply_reader reader;
    while (!bytes.empty()) {
        if (!reader.feed(bytes.substr(0, piece))) {
            return;
        }
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (auto reply = reader.take()) {
            ports::mail_reply said;
            said.stage = static_cast<ports::mail_stage>(reply->code % 6);
            said.code = reply->code;
            said.text = reply->text;
            if (reply->code < 200 || reply->code > 599 || reply->text.find('\n') != std::string::npos) {
                std::abort();
            }
            static_cast<void>(services::email::fault_of(said, "server", "a@b.c"));
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    read_in_pieces(bytes, 1U + data[0] % 64U);
    ports::http_response response;
    response.status = 100 + data[0] * 2;
    response.body = bytes;
    static_cast<void>(services::email::fault_of(response, "call", true));
    static_cast<void>(services::email::parse_mailbox(bytes));
    const std::string letter = mail::with_transparency(bytes);
    // Its end is its only end.
    if (letter.find("\r\n.\r\n") < letter.size() - 5 && letter != ".\r\n") {
        std::abort();
    }
    return 0;
}
