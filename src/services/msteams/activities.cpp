#include "services/msteams/activities.hpp"

#include "services/card_words.hpp"
#include "services/display_text.hpp"
#include "services/msteams/runs.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

constexpr std::size_t summary_bytes = 250;
constexpr std::size_t key_bytes = 200;

} // namespace

json::object message_activity(
    json::object card, std::string_view summary, const access::delivery_key& key, const std::string& app_id
) {
    paragraph line;
    line.subtle("ID " + display_line(key.request_id, key_bytes) + " · " + display_line(key.part, key_bytes));
    card.at("body").as_array().push_back(std::move(line).as_element("small"));
    json::object attachment{
        {"contentType", "application/vnd.microsoft.card.adaptive"}, {"content", std::move(card)}};
    return json::object{
        {"type", "message"},
        {"from", json::object{{"id", "28:" + app_id}}},
        {"summary", display_line(summary, summary_bytes)},
        {"attachments", json::array{std::move(attachment)}}};
}

std::string summary_of(const access::card& shown) {
    return status_words(shown.state) + " · " + card_title(shown);
}

} // namespace hallpass::services::msteams
