#include "services/card_words.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using access::request_state;

TEST_CASE("a pending card says how many approvals there are, and of how many where that is known") {
    access::card shown;
    CHECK(services::votes(shown).empty());
    shown.approvals_needed = 2;
    CHECK(services::votes(shown).empty());
    shown.reviews.emplace_back();
    shown.reviews.back().proposed = request_state::approved;
    CHECK(services::votes(shown) == " · 1 of 2 approved, 0 denied so far");
    // More than it takes, because somebody else is asked first: the number would say nothing.
    shown.approvals_needed = 1;
    CHECK(services::votes(shown) == " · 1 approved, 0 denied so far");
    shown.approvals_needed.reset();
    CHECK(services::votes(shown) == " · 1 approved, 0 denied so far");
    shown.state = request_state::approved;
    CHECK(services::votes(shown).empty());
}
