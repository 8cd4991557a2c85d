#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/opsgenie/alert_text.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using namespace hallpass::services::opsgenie;

namespace {

boost::json::object drawn(const access::access_request& request) {
    return new_alert(approver_card(request), {{"schedule", "Database"}}, "P2");
}

} // namespace

TEST_CASE("an alert says who wants what, why, how long, and where to decide") {
    check_golden("pending", drawn(sample_request()));
    check_golden("hostile", drawn(hostile_request()));
}

TEST_CASE("notes end with their marks") {
    const auto card = approver_card(resolved(reviewed_request(), access::request_state::denied, "No."));
    boost::json::array all;
    all.push_back(boost::json::string(review_note(card, 1, access::delivery_key(card.request_id, "review-2")))
    );
    all.push_back(boost::json::string(outcome_note(card)));
    check_golden("notes", all);
}

TEST_CASE("however much a request says, an alert stays within Opsgenie's limits") {
    for (const std::string unit : {"x", "\xC3\xA4", "\xF0\x9F\x98\x80 ", "a\n"}) {
        CAPTURE(unit);
        const boost::json::object made = drawn(huge_request(unit));
        CHECK(made.at("message").as_string().size() <= 130);
        CHECK(made.at("message").as_string().size() > 60);
        CHECK(made.at("description").as_string().size() <= 15'000);
        CHECK(made.at("alias").as_string().size() <= 512);
        const std::string description(made.at("description").as_string());
        CHECK(description.find("0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11") != std::string::npos);
        CHECK(description.find(" more") != std::string::npos);
    }
}
