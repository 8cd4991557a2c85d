#include "cases.hpp"
#include "support/eventually.hpp"

#include <doctest/doctest.h>

#include <array>

namespace hallpass::test::conformance {

namespace json = boost::json;

namespace {

// One of alice's, who has accounts: her copy doesn't count.
std::pair<std::string, message> told_request(stage& on) {
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

std::string audit_line(const stage& on, const std::string& id, std::string_view rest) {
    const std::string log = on.hallpass->log();
    std::size_t begin = 0;
    while (begin < log.size()) {
        const std::size_t end = std::min(log.find('\n', begin), log.size());
        const std::string line = log.substr(begin, end - begin);
        if (line.find(" decision ") != std::string::npos && line.find(id) != std::string::npos &&
            line.find(rest) != std::string::npos) {
            return line;
        }
        begin = end + 1;
    }
    return {};
}

void wait_for_audit(const stage& on, const std::string& id, const std::string& rest) {
    eventually("hallpass's audit says \"" + rest + "\"", [&] { return !audit_line(on, id, rest).empty(); });
}

void decision(stage& on) {
    const auto [id, shown] = told_request(on);
    on.wait_until_kept(id);
    const std::string told = decided(on, shown, on.row.people.bob, "approve");
    INFO(told);
    wait_for_audit(on, id, "outcome=accepted");
    CHECK(on.state_of(id) == "APPROVED");
    REQUIRE(on.reviews_of(id) == 1);
    CHECK(on.in_teleport(id).at("reviews").at(0).at("author") == "bob@example.com");
    CHECK(audit_line(on, id, "outcome=accepted").find("verdict=approve") != std::string::npos);
    on.wait_for_end(id, "APPROVED");

    const auto [other, shown_too] = told_request(on);
    on.wait_until_kept(other);
    INFO(decided(on, shown_too, on.row.people.bob, "deny"));
    wait_for_audit(on, other, "outcome=accepted");
    CHECK(on.state_of(other) == "DENIED");
}

void decision_refused(stage& on) {
    const auto [id, shown] = told_request(on);
    on.wait_until_kept(id);
    std::string told = decided(on, shown, on.row.people.alice, "approve");
    INFO(told);
    wait_for_audit(on, id, "outcome=own_request");
    INFO(decided(on, shown, on.row.people.dave, "approve"));
    wait_for_audit(on, id, "outcome=not_mapped");
    CHECK(on.state_of(id) == "PENDING");
    CHECK(on.reviews_of(id) == 0);
    // And nobody is kept from deciding by those who may not.
    INFO(decided(on, shown, on.row.people.bob, "deny"));
    wait_for_audit(on, id, "outcome=accepted");
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
