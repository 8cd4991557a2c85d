#include "access/decision_outcome.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace hallpass::access;

namespace {

const std::string page = "https://example.com/web/requests/r1";

std::string words(decision_result what, verdict wanted = verdict::approve) {
    decision_outcome outcome;
    outcome.what = what;
    return words_for(outcome, wanted, page);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("each outcome has words and a name of its own") {
    std::set<std::string> texts;
    std::set<std::string_view> names;
    const int count = static_cast<int>(decision_result::unknown) + 1;
    for (int i = 0; i < count; ++i) {
        texts.insert(words(static_cast<decision_result>(i)));
        names.insert(to_string(static_cast<decision_result>(i)));
    }
    CHECK(texts.size() == static_cast<std::size_t>(count));
    CHECK(names.size() == static_cast<std::size_t>(count));
}

TEST_CASE("the words say what was decided, by whom, and what is missing") {
    decision_outcome outcome;
    outcome.what = decision_result::needs_more;
    CHECK(
        words_for(outcome, verdict::deny, page) == "Your denial is recorded. The request needs more reviews."
    );
    outcome.missing = 2;
    CHECK(
        words_for(outcome, verdict::approve, page) ==
        "Your approval is recorded. The request needs 2 more approvals."
    );
    outcome.missing = 1;
    CHECK(has(words_for(outcome, verdict::approve, page), "1 more approval."));
    outcome.what = decision_result::already_resolved;
    outcome.state = request_state::denied;
    outcome.by = "carol";
    CHECK(has(words_for(outcome, verdict::approve, page), "already been denied by carol."));
    outcome.what = decision_result::accepted;
    CHECK(words_for(outcome, verdict::deny, page) == "Your denial is recorded. The request is denied.");
}

TEST_CASE("whoever can't decide here is told where they can") {
    for (const decision_result what :
         {decision_result::not_mapped, decision_result::elsewhere, decision_result::unknown}) {
        CHECK(has(words(what), page));
        decision_outcome outcome;
        outcome.what = what;
        CHECK(has(words_for(outcome, verdict::approve, ""), "tctl"));
    }
}

TEST_CASE("only what is recorded is called recorded") {
    for (const decision_result what :
         {decision_result::already_reviewed, decision_result::already_resolved, decision_result::own_request,
          decision_result::no_permission, decision_result::not_mapped, decision_result::expired,
          decision_result::reason_required, decision_result::elsewhere, decision_result::unreachable,
          decision_result::unknown}) {
        CHECK_FALSE(has(words(what), "is recorded"));
    }
}
