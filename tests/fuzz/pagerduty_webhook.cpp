// A signature that nobody could make, the body of a webhook whose signature was right, and the text of a
// note: what is taken for a hint must be made of ids, and what is taken for a decision must begin with its
// word.
#include "base/text.hpp"
#include "services/pagerduty/directory.hpp"
#include "services/pagerduty/signature.hpp"
#include "services/pagerduty/webhook.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hallpass;
using namespace hallpass::services::pagerduty;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ports::callback_request forged;
    forged.headers.emplace_back("X-PagerDuty-Signature", bytes.substr(0, bytes.find('\n')));
    forged.body = bytes;
    if (!refuse(forged, secret("nobody has it"))) {
        std::abort();
    }
    const auto event = read_webhook(bytes);
    if (event && event->kind != hint_kind::none &&
        (!is_id(event->incident) || !is_id(event->agent) || !is_id(event->thing) || event->id.empty())) {
        std::abort();
    }
    const auto words = read_note(bytes);
    const std::string begin = lower_case(trimmed(bytes).substr(0, 7));
    if (words && !begin.starts_with(words->what == access::verdict::approve ? "approve" : "deny")) {
        std::abort();
    }
    return 0;
}
