#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/discord/review_modal.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::discord;
using namespace hallpass::test;
using access::verdict;
namespace json = boost::json;

namespace {

std::size_t characters_in(const json::value& text) {
    std::size_t count = 0;
    for (const char c : text.as_string()) {
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    }
    return count;
}

void check_limits(const json::object& answer) {
    const json::object& form = answer.at("data").as_object();
    CHECK(characters_in(form.at("title")) <= 45);
    CHECK(characters_in(form.at("custom_id")) <= 100);
    CHECK(form.at("components").as_array().size() <= 5);
    const json::value& facts = form.at("components").at(0).at("content");
    CHECK(characters_in(facts) <= 4000);
    CHECK(characters_in(facts) > 0);
}

} // namespace

TEST_CASE("a form says what is decided on, and asks for what the rules want") {
    const auto card = approver_card(reviewed_request());
    check_golden("form_approve", form_answer(card, {card.request_id, verdict::approve, true}, false));
    check_golden("form_deny", form_answer(card, {card.request_id, verdict::deny, false}, true));
}

TEST_CASE("a form of which only the id is known is still a form") {
    access::card card;
    card.request_id = sample_request().id;
    check_golden("form_unknown", form_answer(card, {card.request_id, verdict::deny, false}, false));
}

TEST_CASE("the wait and the outcome are for one person, and mention nobody") {
    check_golden("answer_waiting", waiting_answer());
    check_golden("answer_outcome", message_answer("You may not review this. <@1> @everyone *x* https://x/y"));
    check_golden("answer_late", message_of_words("Your approval is recorded."));
}

TEST_CASE("whatever is asked for, however long, an answer keeps Discord's limits") {
    for (const std::string unit : {"x", "\"", "日本", "😀", "a\n", "\xff", "word ", "*", "`"}) {
        CAPTURE(unit);
        const auto card = approver_card(huge_request(unit));
        check_limits(form_answer(card, {std::string(64, 'a'), verdict::approve, true}, true));
        std::string words;
        while (words.size() < 9000) {
            words += unit;
        }
        CHECK(characters_in(message_answer(words).at("data").at("content")) <= 2000);
    }
    const auto hostile = approver_card(hostile_request());
    check_limits(form_answer(hostile, {hostile.request_id, verdict::deny, false}, true));
}
