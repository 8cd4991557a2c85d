// A signature that nobody could make, the body of a webhook whose signature was right, and what people write
// in comments: only an issue's number is taken, and a reason that is fit to be shown.
#include "base/text.hpp"
#include "services/jira/markup.hpp"
#include "services/jira/signature.hpp"
#include "services/jira/webhook.hpp"
#include "services/json_members.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace hallpass;
using namespace hallpass::services::jira;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ports::callback_request forged;
    forged.headers.emplace_back("X-Hub-Signature", bytes.substr(0, bytes.find('\n')));
    forged.body = bytes;
    if (!refuse_webhook(secret("nobody has it"), forged)) {
        std::abort();
    }
    if (const auto moved = read_webhook(bytes)) {
        const bool digits = moved->issue_id.find_first_not_of("0123456789") == std::string::npos;
        if (moved->issue_id.empty() || !digits) {
            std::abort();
        }
    }
    const std::string reason = reason_in(bytes);
    if (valid_utf8(reason) != reason || reason.size() > 4000) {
        std::abort();
    }
    if (const auto parsed = services::parse_foreign(bytes)) {
        static_cast<void>(text_of_body(*parsed));
    }
    return 0;
}
