#include "sandbox/slack_limits.hpp"

#include "sandbox/characters.hpp"
#include "sandbox/slack_block_check.hpp"

#include <boost/json/serialize.hpp>

namespace hallpass::sandbox {

namespace {

constexpr std::size_t max_posted_text = 40'000;
constexpr std::size_t max_edited_text = 4'000;
// Not documented: reported by users (api-messaging 1.3).
constexpr std::size_t max_blocks_characters = 13'200;

std::optional<slack_refusal>
check_message(const std::string& text, const boost::json::array& blocks, std::size_t max_text) {
    if (text.empty() && blocks.empty()) {
        return slack_refusal{"no_text", {}};
    }
    if (characters_in(text) > max_text) {
        return slack_refusal{"msg_too_long", {}};
    }
    if (auto refused = check_blocks(blocks)) {
        return refused;
    }
    if (!blocks.empty() && characters_in(boost::json::serialize(blocks)) > max_blocks_characters) {
        return slack_refusal{"msg_blocks_too_long", {}};
    }
    return std::nullopt;
}

} // namespace

std::optional<slack_refusal> check_post(const std::string& text, const boost::json::array& blocks) {
    return check_message(text, blocks, max_posted_text);
}

std::optional<slack_refusal> check_edit(const std::string& text, const boost::json::array& blocks) {
    return check_message(text, blocks, max_edited_text);
}

} // namespace hallpass::sandbox
