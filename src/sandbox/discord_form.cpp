#include "sandbox/discord_form.hpp"

#include "base/text.hpp"
#include "sandbox/characters.hpp"
#include "sandbox/discord_response_check.hpp"

#include <stdexcept>
#include <string_view>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr std::size_t most_embeds = 10;
constexpr std::size_t most_fields = 25;
constexpr std::size_t most_in_all = 6000;

discord_refusal invalid(std::string_view where, std::string_view code) {
    json::object problem{{"_errors", json::array{json::object{{"code", code}}}}};
    return discord_refusal(400, 50035, "Invalid Form Body", json::object{{where, std::move(problem)}});
}

std::string_view text_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

// Adds up the texts of embeds and remembers the first that is too long or missing.
class embed_check {
public:
    void look_at(const json::value& embed) {
        const json::object* one = embed.if_object();
        if (!one) {
            refuse("embeds", "MODEL_TYPE_CONVERT");
            return;
        }
        count(*one, "title", 256);
        count(*one, "description", 4096);
        count_inside(*one, "author", "name", 256);
        count_inside(*one, "footer", "text", 2048);
        const json::value* fields = one->if_contains("fields");
        if (!fields) {
            return;
        }
        if (!fields->is_array() || fields->get_array().size() > most_fields) {
            refuse("embeds.fields", "BASE_TYPE_MAX_LENGTH");
            return;
        }
        for (const json::value& field : fields->get_array()) {
            look_at_field(field);
        }
    }

    std::optional<discord_refusal> refusal() const {
        return all_ > most_in_all ? invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED") : refused_;
    }

private:
    void look_at_field(const json::value& field) {
        const json::object* one = field.if_object();
        if (!one || trimmed(text_in(*one, "name")).empty() || trimmed(text_in(*one, "value")).empty()) {
            refuse("embeds.fields", "BASE_TYPE_REQUIRED");
            return;
        }
        count(*one, "name", 256);
        count(*one, "value", 1024);
    }

    void count(const json::object& from, std::string_view name, std::size_t most) {
        const std::size_t size = characters_in(trimmed(text_in(from, name)));
        all_ += size;
        if (size > most) {
            refuse(std::string("embeds.").append(name), "BASE_TYPE_MAX_LENGTH");
        }
    }

    void
    count_inside(const json::object& from, std::string_view part, std::string_view name, std::size_t most) {
        const json::value* found = from.if_contains(part);
        if (found && found->is_object()) {
            count(found->get_object(), name, most);
        }
    }

    void refuse(const std::string& where, std::string_view code) {
        if (!refused_) {
            refused_ = invalid(where, code);
        }
    }

    std::size_t all_ = 0;
    std::optional<discord_refusal> refused_;
};

std::optional<discord_refusal> check(const discord_form& form) {
    if (form.content && characters_in(*form.content) > 2000) {
        return invalid("content", "BASE_TYPE_MAX_LENGTH");
    }
    if (characters_in(form.nonce) > 25) {
        return invalid("nonce", "BASE_TYPE_MAX_LENGTH");
    }
    if (form.components) {
        if (const std::string problem = problem_of_components(*form.components); !problem.empty()) {
            return invalid("components", problem);
        }
    }
    if (!form.embeds) {
        return std::nullopt;
    }
    if (form.embeds->size() > most_embeds) {
        return invalid("embeds", "BASE_TYPE_MAX_LENGTH");
    }
    embed_check embeds;
    for (const json::value& embed : *form.embeds) {
        embeds.look_at(embed);
    }
    return embeds.refusal();
}

} // namespace

void throw_exception_from_error(const discord_refusal& error, const boost::source_location&) {
    throw std::runtime_error("Discord refuses: " + std::to_string(error.code) + ' ' + error.message);
}

discord_outcome<discord_form> read_discord_form(const json::object& body) {
    discord_form form;
    if (body.contains("content")) {
        form.content = std::string(trimmed(text_in(body, "content")));
    }
    if (const json::value* embeds = body.if_contains("embeds")) {
        if (!embeds->is_array()) {
            return invalid("embeds", "MODEL_TYPE_CONVERT");
        }
        form.embeds = embeds->get_array();
    }
    if (const json::value* components = body.if_contains("components")) {
        if (!components->is_array()) {
            return invalid("components", "MODEL_TYPE_CONVERT");
        }
        form.components = components->get_array();
    }
    form.nonce = text_in(body, "nonce");
    const json::value* enforce = body.if_contains("enforce_nonce");
    form.enforce_nonce = enforce && enforce->is_bool() && enforce->get_bool();
    if (const json::value* mentions = body.if_contains("allowed_mentions");
        mentions && mentions->is_object()) {
        form.allowed_mentions = mentions->get_object();
    }
    if (const json::value* reference = body.if_contains("message_reference")) {
        form.reply_to = reference->is_object() ? text_in(reference->get_object(), "message_id") : "";
        if (form.reply_to.empty()) {
            return invalid("message_reference", "BASE_TYPE_REQUIRED");
        }
    }
    if (auto refused = check(form)) {
        return *std::move(refused);
    }
    return form;
}

} // namespace hallpass::sandbox
