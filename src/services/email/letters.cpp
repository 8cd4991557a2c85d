#include "services/email/letters.hpp"

#include "base/text.hpp"
#include "services/email/bodies.hpp"
#include "services/email/mime.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace hallpass::services::email {

namespace {

constexpr std::size_t id_part_bytes = 64;
constexpr std::size_t hash_bytes = 8;

std::string short_hash(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), hash_bytes));
}

// As an atom of an address; that they differ is the hash's work.
std::string atom(std::string_view text) {
    std::string out(text.substr(0, id_part_bytes));
    std::replace_if(
        out.begin(), out.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-');
        },
        '-'
    );
    return out.empty() ? "-" : out;
}

std::string without_brackets(std::string_view id) {
    id = trimmed(id);
    if (id.starts_with('<') && id.ends_with('>')) {
        id = id.substr(1, id.size() - 2);
    }
    return std::string(id);
}

} // namespace

std::string letter_id(const access::delivery_key& key, std::string_view to, std::string_view domain) {
    const std::string all = key.request_id + '\n' + key.part + '\n' + std::string(to);
    return atom(key.request_id) + '.' + atom(key.part) + '.' + short_hash(all) + '@' + std::string(domain);
}

std::string write_letter(const letter_words& words, const letter_frame& frame) {
    mime_letter made;
    made.from = frame.from;
    made.to = frame.to;
    made.subject = (frame.thread.empty() ? "" : "Re: ") + words.subject;
    made.date = date_text(std::chrono::floor<std::chrono::seconds>(frame.at).time_since_epoch().count());
    made.id = frame.id;
    if (!frame.thread.empty()) {
        made.references = {without_brackets(frame.thread)};
    }
    made.further_headers = {
        {"Auto-Submitted", "auto-generated"},
        {"X-Auto-Response-Suppress", "All"},
        {"X-Teleport-Request", atom(words.request_id)}};
    made.boundary = "=_hallpass_" + short_hash(frame.id);
    made.plain_text = as_plain_text(words);
    made.html = as_html(words);
    return compose(made);
}

} // namespace hallpass::services::email
