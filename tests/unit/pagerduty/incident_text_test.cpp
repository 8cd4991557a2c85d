#include "../services/golden.hpp"
#include "../services/samples.hpp"
#include "services/pagerduty/incident_text.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using namespace hallpass::services::pagerduty;
using access::delivery_key;
using access::request_state;

namespace {

boost::json::object drawn(const access::access_request& request, bool takes_notes = false) {
    return new_incident(approver_card(request), "PSVC001", "", takes_notes);
}

} // namespace

TEST_CASE("an incident says who wants what, why, how long, and where to decide") {
    check_golden("pending", drawn(sample_request()));
    check_golden("takes_notes", drawn(sample_request(), true));
    check_golden("hostile", drawn(hostile_request()));
}

TEST_CASE("notes say who reviewed and how it ended, with their marks") {
    const auto card = approver_card(reviewed_request());
    boost::json::array all;
    all.push_back(boost::json::string(review_note(card, 0, delivery_key(card.request_id, "review-1"))));
    all.push_back(boost::json::string(review_note(card, 1, delivery_key(card.request_id, "review-2"))));
    for (const request_state state :
         {request_state::approved, request_state::denied, request_state::expired, request_state::promoted}) {
        access::access_request ended = resolved(sample_request(), state, "Because.");
        ended.promoted_access_list = "Oncall";
        all.push_back(boost::json::string(outcome_note(approver_card(ended))));
    }
    check_golden("notes", all);
}

TEST_CASE("however much a request says, its texts stay within their limits, and nothing is left out unsaid") {
    for (const std::string unit : {"x", "\xC3\xA4", "\xF0\x9F\x98\x80 ", "a\n", "&"}) {
        CAPTURE(unit);
        const boost::json::object made = drawn(huge_request(unit)).at("incident").as_object();
        CHECK(made.at("title").as_string().size() <= 255);
        const std::string details(made.at("body").at("details").as_string());
        CHECK(details.size() <= 16'000);
        CHECK(details.find(" more") != std::string::npos);
        CHECK(details.find("(truncated)") != std::string::npos);
        CHECK(details.find("0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11") != std::string::npos);
        const auto card = approver_card(huge_request(unit));
        const delivery_key key(card.request_id, "review-1");
        CHECK(review_note(card, 0, key).size() <= 8'000);
    }
}

TEST_CASE("an incident's key names its request, and other keys none") {
    CHECK(request_of(incident_key("0195-ab")) == "0195-ab");
    for (const auto* key :
         {"", "teleport-access-request/", "teleport-access-request/a b", "x/0195",
          "teleport-access-request/../x", "teleport-access-request/a\n"}) {
        CAPTURE(key);
        CHECK_FALSE(request_of(key));
    }
}
