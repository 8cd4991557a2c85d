// Bytes read and not yet consumed, with room behind them for the next read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace hallpass::net {

// Grows with what the peer really sends, from 4 to 64 KiB a read, so that idle connections stay small.
class read_buffer {
public:
    std::string_view data() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }

    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) {
            begin_ = 0;
            end_ = 0;
        }
    }

    std::span<char> prepare() {
        if (begin_ > 0) {
            std::copy(bytes_.data() + begin_, bytes_.data() + end_, bytes_.data());
            end_ -= begin_;
            begin_ = 0;
        }
        if (bytes_.size() < end_ + room_) {
            bytes_.resize(end_ + room_);
        }
        return {bytes_.data() + end_, bytes_.size() - end_};
    }

    void commit(std::size_t count) {
        end_ += count;
        if (count >= room_ && room_ < largest_room) {
            room_ *= 2;
        }
    }

private:
    static constexpr std::size_t smallest_room = 4 * 1024;
    static constexpr std::size_t largest_room = 64 * 1024;

    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t room_ = smallest_room;
};

} // namespace hallpass::net
