// The app's icons as PNG: a pass with a check mark on it, drawn here.
#include "services/msteams/crc32.hpp"
#include "services/msteams/package.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace hallpass::services::msteams {

namespace {

struct point {
    double x;
    double y;
};

double distance(point from, point begin, point end) {
    const double dx = end.x - begin.x;
    const double dy = end.y - begin.y;
    const double along =
        std::clamp(((from.x - begin.x) * dx + (from.y - begin.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
    return std::hypot(from.x - begin.x - along * dx, from.y - begin.y - along * dy);
}

// On a square of side 1.
bool is_drawn(point at) {
    constexpr std::array<point, 5> frame{{{0.22, 0.2}, {0.78, 0.2}, {0.78, 0.84}, {0.22, 0.84}, {0.22, 0.2}}};
    constexpr std::array<point, 3> mark{{{0.36, 0.55}, {0.46, 0.66}, {0.65, 0.42}}};
    constexpr double thick = 0.045;
    for (std::size_t i = 0; i + 1 < frame.size(); ++i) {
        if (distance(at, frame[i], frame[i + 1]) < thick) {
            return true;
        }
    }
    const bool strap = distance(at, {0.5, 0.07}, {0.5, 0.2}) < thick;
    return strap || distance(at, mark[0], mark[1]) < thick || distance(at, mark[1], mark[2]) < thick;
}

void add_big(std::string& to, std::uint32_t number) {
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        to += static_cast<char>((number >> (shift - 8)) & 0xFFU);
    }
}

void add_chunk(std::string& to, std::string_view type, std::string_view content) {
    const std::string body = std::string(type).append(content);
    add_big(to, static_cast<std::uint32_t>(content.size()));
    to += body;
    add_big(to, crc32_of(body));
}

// A zlib stream of one stored block. Precondition: less than 64 KiB.
std::string as_zlib(const std::string& bytes) {
    const auto size = static_cast<std::uint16_t>(bytes.size());
    std::string out("\x78\x01\x01", 3);
    for (const unsigned part : {unsigned{size}, ~unsigned{size}}) {
        out += static_cast<char>(part & 0xFFU);
        out += static_cast<char>((part >> 8U) & 0xFFU);
    }
    out += bytes;
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char c : bytes) {
        low = (low + static_cast<unsigned char>(c)) % 65521;
        high = (high + low) % 65521;
    }
    add_big(out, (high << 16U) | low);
    return out;
}

// One bit for each pixel: 0 is `ground`, 1 is white.
std::string png(unsigned side, std::string_view ground, bool ground_is_clear) {
    std::string header;
    add_big(header, side);
    add_big(header, side);
    header.append("\x01\x03\x00\x00\x00", 5); // depth 1, by palette
    std::string rows;
    for (unsigned y = 0; y < side; ++y) {
        rows += '\0'; // no filter
        for (unsigned x = 0; x < side; x += 8) {
            unsigned bits = 0;
            for (unsigned i = 0; i < 8; ++i) {
                const bool drawn = is_drawn({(x + i + 0.5) / side, (y + 0.5) / side});
                bits = (bits << 1U) | (drawn ? 1U : 0U);
            }
            rows += static_cast<char>(bits);
        }
    }
    std::string out("\x89PNG\r\n\x1a\n", 8);
    add_chunk(out, "IHDR", header);
    add_chunk(out, "PLTE", std::string(ground).append("\xff\xff\xff"));
    if (ground_is_clear) {
        add_chunk(out, "tRNS", std::string_view("\0", 1));
    }
    add_chunk(out, "IDAT", as_zlib(rows));
    add_chunk(out, "IEND", "");
    return out;
}

} // namespace

std::string color_icon() {
    return png(192, "\x2b\x4a\x8b", false);
}

std::string outline_icon() {
    return png(32, "\xff\xff\xff", true);
}

} // namespace hallpass::services::msteams
