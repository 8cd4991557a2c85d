#include "cases.hpp"
#include "support/eventually.hpp"

#include <doctest/doctest.h>

#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace hallpass::test::conformance {

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// One of alice's, who has accounts: her copy doesn't count.
std::pair<std::string, message> told_request(stage& on) {
    on.wait_until_callbacks_count();
    std::string id = on.request(on.row.one, {{"user", "alice@example.com"}});
    const auto told = [&](const std::vector<message>& there) -> const message* {
        for (const message& one : there) {
            if (one.place == on.row.one.places.at(0)) {
                return &one;
            }
        }
        return nullptr;
    };
    const std::vector<message> there =
        on.wait_for("the message", id, [&](const auto& all) { return told(all) != nullptr; });
    message found = *told(there);
    return {std::move(id), std::move(found)};
}

std::string decided(stage& on, const message& shown, const std::string& account, std::string_view verdict) {
    return on.row.decide(on.sandbox, on.row.side, shown, account, verdict);
}

// All of the log's lines of decisions on it.
std::string audit_of(const stage& on, const std::string& id) {
    std::istringstream log(on.hallpass->log());
    std::string found;
    for (std::string line; std::getline(log, line);) {
        if (has(line, " decision ") && has(line, id)) {
            found += line + '\n';
        }
    }
    return found;
}

void wait_for_audit(const stage& on, const std::string& id, const std::string& outcome) {
    try {
        eventually("hallpass's audit says " + outcome, [&] {
            return has(audit_of(on, id), "outcome=" + outcome);
        });
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(late.what() + (", but:\n" + audit_of(on, id)));
    }
}

void decision(stage& on) {
    const auto [id, shown] = told_request(on);
    on.wait_until_kept(id);
    const std::string told = decided(on, shown, on.row.people.bob, "approve");
    INFO(told);
    wait_for_audit(on, id, "accepted");
    CHECK(on.state_of(id) == "APPROVED");
    REQUIRE(on.reviews_of(id) == 1);
    CHECK(on.in_teleport(id).at("reviews").at(0).at("author") == "bob@example.com");
    CHECK(has(audit_of(on, id), "verdict=approve"));
    on.wait_for_end(id, on.row.one, "APPROVED");

    const auto [other, shown_too] = told_request(on);
    on.wait_until_kept(other);
    const std::string told_too = decided(on, shown_too, on.row.people.bob, "deny");
    INFO(told_too);
    wait_for_audit(on, other, "accepted");
    CHECK(on.state_of(other) == "DENIED");
}

void decision_refused(stage& on) {
    const auto [id, shown] = told_request(on);
    on.wait_until_kept(id);
    const std::string told = decided(on, shown, on.row.people.alice, "approve");
    INFO(told);
    wait_for_audit(on, id, "own_request");
    const std::string stranger_told = decided(on, shown, on.row.people.dave, "approve");
    INFO(stranger_told);
    wait_for_audit(on, id, "not_mapped");
    CHECK(on.state_of(id) == "PENDING");
    CHECK(on.reviews_of(id) == 0);
    // And nobody is kept from deciding by those who may not.
    const std::string reviewer_told = decided(on, shown, on.row.people.bob, "deny");
    INFO(reviewer_told);
    wait_for_audit(on, id, "accepted");
    CHECK(on.state_of(id) == "DENIED");
    CHECK(on.reviews_of(id) == 1);
}

} // namespace

std::span<const conformance_case> decision_cases() {
    static constexpr std::array all{
        conformance_case{"decision", decision}, conformance_case{"decision refused", decision_refused}};
    return all;
}

} // namespace hallpass::test::conformance
