#include "services/discord/review_modal.hpp"

#include "services/discord/markup.hpp"
#include "services/discord/review_ids.hpp"
#include "services/display_text.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using access::verdict;

namespace {

constexpr int pong_type = 1;
constexpr int message_type = 4;
constexpr int waiting_type = 5;
constexpr int modal_type = 9;
constexpr int paragraph_style = 2;

// The facts and the reason together stay below the 4,000 characters that Discord shows of texts.
constexpr std::size_t name_bytes = 150;
constexpr std::size_t names_bytes = 800;
constexpr std::size_t most_names = 10;
constexpr std::size_t asked_reason_bytes = 1200;
// Escaping doubles them at most, and a message has 2,000 characters.
constexpr std::size_t words_bytes = 950;

void add_fact(std::string& to, std::string_view label, const std::string& value) {
    if (!value.empty()) {
        to.append(to.empty() ? "" : "\n").append("**").append(label).append("** ").append(value);
    }
}

std::string facts_of(const access::card& shown) {
    std::string lines;
    add_fact(lines, "User", escaped(display_line(shown.user, name_bytes)));
    add_fact(
        lines, shown.roles.size() == 1 ? "Role" : "Roles",
        code_list(shown.roles, most_names, name_bytes, names_bytes)
    );
    add_fact(
        lines, shown.resources.size() == 1 ? "Resource" : "Resources",
        code_list(shown.resources, most_names, name_bytes, names_bytes)
    );
    add_fact(lines, "Cluster", escaped(display_line(shown.cluster_name, name_bytes)));
    add_fact(lines, "ID", in_code(display_line(shown.request_id, name_bytes)));
    const std::string reason = display_lines(shown.request_reason, asked_reason_bytes);
    return reason.empty() ? lines : lines + "\n**Reason of the request**\n" + fenced(reason);
}

json::object labelled(std::string_view label, json::object field) {
    return json::object{{"type", component::label}, {"label", label}, {"component", std::move(field)}};
}

json::object reason_input(bool required) {
    json::object field{
        {"type", component::text_input},   {"custom_id", reason_id}, {"style", paragraph_style},
        {"max_length", reason_characters}, {"required", required},
    };
    return labelled("Reason", std::move(field));
}

json::object confirm_input() {
    json::object option{{"label", "Yes, I have checked this request"}, {"value", confirm_value}};
    json::object field{
        {"type", component::string_select},
        {"custom_id", confirm_id},
        {"options", json::array{std::move(option)}},
        {"required", true},
    };
    return labelled("This role is sensitive", std::move(field));
}

json::object answer_of(int type, json::object data) {
    return json::object{{"type", type}, {"data", std::move(data)}};
}

} // namespace

json::object form_answer(const access::card& shown, const form_facts& facts, bool needs_reason) {
    json::array fields;
    fields.push_back(json::object{{"type", component::text_display}, {"content", facts_of(shown)}});
    fields.push_back(reason_input(needs_reason));
    if (facts.confirm) {
        fields.push_back(confirm_input());
    }
    return answer_of(
        modal_type,
        json::object{
            {"custom_id", form_custom_id(facts)},
            {"title", facts.what == verdict::approve ? "Approve request" : "Deny request"},
            {"components", std::move(fields)},
        }
    );
}

json::object message_of_words(std::string_view words) {
    return json::object{
        {"content", escaped(display_lines(words, words_bytes))},
        {"allowed_mentions", json::object{{"parse", json::array()}}},
    };
}

json::object message_answer(std::string_view words) {
    json::object data = message_of_words(words);
    data["flags"] = ephemeral_flag;
    return answer_of(message_type, std::move(data));
}

json::object waiting_answer() {
    return answer_of(waiting_type, json::object{{"flags", ephemeral_flag}});
}

json::object pong() {
    return json::object{{"type", pong_type}};
}

} // namespace hallpass::services::discord
