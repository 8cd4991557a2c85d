#include "services/slack/review_modal.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/slack/review_ids.hpp"
#include "services/slack/rich_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::services::slack {

namespace json = boost::json;
using access::verdict;

namespace {

// A section takes 3,000 characters (api-messaging 1.3).
constexpr std::size_t name_bytes = 150;
constexpr std::size_t names_bytes = 1000;
constexpr std::size_t facts_bytes = 2900;
constexpr std::size_t asked_reason_bytes = 1500;
constexpr std::size_t words_bytes = 2900;
constexpr std::size_t most_lines = 40;

json::object section(std::string_view text) {
    return json::object{{"type", "section"}, {"text", plain_text(text)}};
}

json::object modal(std::string_view title, std::string_view close, json::array blocks) {
    return json::object{
        {"type", "modal"},
        {"title", plain_text(title)},
        {"close", plain_text(close)},
        {"blocks", std::move(blocks)},
    };
}

std::string names(const std::vector<std::string>& all) {
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string one = display_line(all[i], name_bytes);
        if (text.size() + one.size() > names_bytes) {
            return text + and_more(all.size() - i);
        }
        text += (i == 0 ? "" : ", ") + (one.empty() ? "(empty)" : one);
    }
    return text;
}

void add_fact(std::string& to, std::string_view label, const std::string& value) {
    if (!value.empty()) {
        to.append(to.empty() ? "" : "\n").append(label).append(": ").append(value);
    }
}

json::array facts_of(const access::card& shown) {
    std::string lines;
    add_fact(lines, "User", display_line(shown.user, name_bytes));
    add_fact(lines, shown.roles.size() == 1 ? "Role" : "Roles", names(shown.roles));
    add_fact(lines, shown.resources.size() == 1 ? "Resource" : "Resources", names(shown.resources));
    add_fact(lines, "Cluster", display_line(shown.cluster_name, name_bytes));
    add_fact(lines, "ID", display_line(shown.request_id, name_bytes));
    json::array blocks{section(display_lines(lines, facts_bytes, most_lines))};
    const std::string reason = display_lines(shown.request_reason, asked_reason_bytes);
    if (!reason.empty()) {
        blocks.push_back(section("Reason of the request:\n" + reason));
    }
    return blocks;
}

json::object reason_input(bool required) {
    json::object field{
        {"type", "plain_text_input"},
        {"action_id", reason_action},
        {"multiline", true},
        {"max_length", reason_characters},
    };
    return json::object{
        {"type", "input"},
        {"block_id", reason_block},
        {"optional", !required},
        {"label", plain_text("Reason")},
        {"element", std::move(field)},
    };
}

json::object confirm_input() {
    json::object option{{"text", plain_text("Yes, I have checked this request")}, {"value", confirm_value}};
    json::object field{
        {"type", "checkboxes"},
        {"action_id", confirm_action},
        {"options", json::array{std::move(option)}},
    };
    return json::object{
        {"type", "input"},
        {"block_id", confirm_block},
        {"optional", false},
        {"label", plain_text("This role is sensitive")},
        {"element", std::move(field)},
    };
}

} // namespace

json::object form_view(const access::card& shown, const form_facts& facts, bool needs_reason) {
    const bool approves = facts.what == verdict::approve;
    json::array blocks = facts_of(shown);
    blocks.push_back(reason_input(needs_reason));
    if (facts.confirm) {
        blocks.push_back(confirm_input());
    }
    json::object view = modal(approves ? "Approve request" : "Deny request", "Cancel", std::move(blocks));
    view["submit"] = plain_text(approves ? "Approve" : "Deny");
    view["callback_id"] = form_callback;
    view["private_metadata"] = to_private_metadata(facts);
    return view;
}

json::object working_view(verdict what) {
    const std::string noun = what == verdict::approve ? "approval" : "denial";
    json::array blocks{section(
        "Teleport is being asked to record your " + noun + ". What becomes of it will stand here in a moment."
    )};
    return modal("Please wait", "Close", std::move(blocks));
}

json::object outcome_view(std::string_view words) {
    json::array blocks{section(display_lines(words, words_bytes))};
    return modal("Access request", "Close", std::move(blocks));
}

} // namespace hallpass::services::slack
