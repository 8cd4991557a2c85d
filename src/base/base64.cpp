#include "base/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace hallpass {

namespace {

constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view of_urls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        held += 8;
        while (held >= 6) {
            held -= 6;
            out += alphabet[(bits >> held) & 0x3FU];
        }
        bits &= (1U << held) - 1U;
    }
    if (held > 0) {
        out += alphabet[(bits << (6U - held)) & 0x3FU];
    }
    return out;
}

std::optional<std::string> decode(std::string_view text, std::string_view alphabet) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((bits >> held) & 0xFFU);
            bits &= (1U << held) - 1U;
        }
    }
    return held >= 6 || bits != 0 ? std::nullopt : std::optional(std::move(out));
}

} // namespace

std::string to_base64(std::string_view bytes) {
    std::string out = encode(bytes, plain);
    while (out.size() % 4 != 0) {
        out += '=';
    }
    return out;
}

std::string to_base64url(std::string_view bytes) {
    return encode(bytes, of_urls);
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
    }
    return decode(text, plain);
}

std::optional<std::string> from_base64url(std::string_view text) {
    return decode(text, of_urls);
}

} // namespace hallpass
