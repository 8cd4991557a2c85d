#include "base/secret.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace hallpass {

namespace {

void wipe(std::string& text) noexcept {
    // A volatile write is not optimised away before the memory is freed.
    volatile char* bytes = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) {
        bytes[i] = 0;
    }
    text.clear();
}

} // namespace

secret::secret(std::string text) : text_(std::move(text)) {}

// A moved short string would leave its bytes behind, with nothing that says how many to wipe.
// NOLINTNEXTLINE(performance-move-constructor-init)
secret::secret(secret&& other) noexcept : text_(other.text_) {
    wipe(other.text_);
}

secret& secret::operator=(secret other) noexcept {
    wipe(text_); // a short text lives in the object itself, and a swap would leave its bytes there
    text_.swap(other.text_);
    return *this;
}

secret::~secret() {
    wipe(text_);
}

std::ostream& operator<<(std::ostream& out, const secret& hidden) {
    return out << (hidden.empty() ? "(empty)" : "*****");
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) {
        return false;
    }
    unsigned difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const unsigned mine = static_cast<unsigned char>(left[i]);
        const unsigned theirs = static_cast<unsigned char>(right[i]);
        difference |= mine ^ theirs;
    }
    return difference == 0;
}

} // namespace hallpass
