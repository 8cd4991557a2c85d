#include "deciding.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>
#include <utility>

namespace hallpass::test::conformance {

namespace json = boost::json;

namespace {

constexpr const char* reason = "seen, and fine";

std::string text_at(const json::value& in, std::string_view key) {
    return std::string(in.at(key).as_string());
}

json::object action_on(const message& shown, std::string_view verdict) {
    const std::string_view style = verdict == "approve" ? "good" : "bad";
    for (const json::value& one : shown.actions) {
        if (text_at(one, "style") == style) {
            return one.as_object();
        }
    }
    throw std::runtime_error("the message offers nobody to " + std::string(verdict) + ": " + shown.text);
}

// The newest form that stands open before the person; null where none does.
json::value form_before(const running_sandbox& sandbox, std::string_view side, const std::string& account) {
    json::value found;
    const json::value page = sandbox.control().get("/state").at("parties").at(side);
    for (const json::value& one : page.at("dialogs").as_array()) {
        if (text_at(one, "for") == account) {
            found = one;
        }
    }
    return found;
}

} // namespace

std::string decide_on_page(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
) {
    const json::object action = action_on(on, verdict);
    json::object press = action.at("body").as_object();
    press["user"] = account;
    std::string told = json::serialize(sandbox.control().post(text_at(action, "path"), press));
    const json::value form = form_before(sandbox, side, account);
    if (form.is_object()) {
        json::object filled = form.at("body").as_object();
        filled["user"] = account;
        filled["values"] = json::object{{"reason", reason}};
        told += json::serialize(sandbox.control().post(text_at(form, "path"), filled));
    }
    return told;
}

std::string decide_in_slack(
    const running_sandbox& sandbox,
    std::string_view,
    const message& on,
    const std::string& account,
    std::string_view verdict
) {
    const json::object clicked = sandbox.click(account, on.place_id, on.id, verdict);
    std::string told = json::serialize(clicked);
    if (clicked.at("view").is_object()) {
        told += json::serialize(sandbox.submit(text_at(clicked.at("view"), "id"), account, reason));
    }
    return told;
}

std::string decide_in_discord(
    const running_sandbox& sandbox,
    std::string_view,
    const message& on,
    const std::string& account,
    std::string_view verdict
) {
    const json::object clicked = sandbox.discord_click(account, on.place_id, on.id, verdict);
    std::string told = json::serialize(clicked);
    if (clicked.at("modal").is_object()) {
        const std::string modal = text_at(clicked.at("modal"), "id");
        told += json::serialize(sandbox.discord_submit(modal, account, {{"reason", reason}}));
    }
    return told;
}

std::string decide_by_letter(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
) {
    const json::object asked{{"to", on.place}, {"user", account}, {"verdict", verdict}, {"reason", reason}};
    return json::serialize(sandbox.control().post('/' + std::string(side) + "/decide", asked));
}

} // namespace hallpass::test::conformance
