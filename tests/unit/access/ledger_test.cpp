#include "access/ledger.hpp"
#include "access/outcome.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::access;

namespace {

destination to_approver(std::string recipient, std::string where) {
    return {std::move(recipient), audience::approver, address(std::move(where))};
}

ledger one_delivery() {
    ledger known;
    add_deliveries(known, {to_approver("#access", "C1")});
    return known;
}

} // namespace

TEST_CASE("one address gets one delivery, and the requester's is theirs") {
    ledger known;
    add_deliveries(
        known, {to_approver("#access", "C1"), to_approver("access", "C1"), to_approver("alice@x.org", "U1")}
    );
    add_deliveries(known, {{"alice@x.org", audience::requester, address("U1")}});
    REQUIRE(known.deliveries.size() == 2);
    CHECK(known.deliveries[0].recipient == "#access");
    CHECK(known.deliveries[1].reader == audience::requester);
}

TEST_CASE("an adopted ledger keeps the recipients it came with") {
    ledger known;
    known.adopted = true;
    add_deliveries(known, {to_approver("#access", "C1")});
    CHECK(known.deliveries.empty());
}

TEST_CASE("what was done is recorded, and a failed send that may have arrived stays marked") {
    ledger known = one_delivery();
    lane_outcome done;
    done.to = address("C1");
    done.message = message_ref("C1", "1.1");
    done.face = "P0";
    done.replies = 1;
    record(done, known);
    CHECK(known.deliveries[0].message == message_ref("C1", "1.1"));
    CHECK(known.deliveries[0].face == "P0");
    CHECK(known.deliveries[0].replies == 1);
    CHECK_FALSE(known.deliveries[0].sending.any());
    done.left.replies = 3;
    record(done, known);
    CHECK(known.deliveries[0].sending.replies == 3);
}

TEST_CASE("two that drew the same message at once leave a face that nobody trusts") {
    ledger known = one_delivery();
    known.deliveries[0].message = message_ref("C1", "1.1");
    known.deliveries[0].face = "A1";
    known.deliveries[0].replies = 2;
    lane_outcome done;
    done.to = address("C1");
    done.face = "P1";
    done.replies = 1;
    done.overtaken = true;
    record(done, known);
    CHECK(known.deliveries[0].face.empty());
    CHECK(known.deliveries[0].replies == 2);
}

TEST_CASE("what was done for a recipient that is no longer there is let go") {
    ledger known;
    lane_outcome done;
    done.to = address("C9");
    record(done, known);
    CHECK(known.deliveries.empty());
}

TEST_CASE("a delivery that somebody else is sending stays marked when we, overtaken, record ours") {
    ledger known;
    delivery theirs;
    theirs.to = address("C1");
    theirs.sending.card = true;
    known.deliveries.push_back(theirs);
    lane_outcome done;
    done.to = address("C1");
    done.message = message_ref("C1", "1.1");
    done.overtaken = true;
    record(done, known);
    CHECK(known.deliveries[0].sending.card);
    CHECK(known.deliveries[0].message == message_ref("C1", "1.1"));
}

TEST_CASE("where two cards were posted, what became of the second isn't told of the first") {
    ledger known;
    delivery first;
    first.to = address("C1");
    first.message = message_ref("C1", "1.1");
    known.deliveries.push_back(first);
    lane_outcome done;
    done.to = address("C1");
    done.message = message_ref("C1", "2.2");
    done.face = "P2";
    done.replies = 2;
    done.overtaken = true;
    record(done, known);
    CHECK(known.deliveries[0].message == message_ref("C1", "1.1"));
    CHECK(known.deliveries[0].replies == 0);
    CHECK(known.deliveries[0].face.empty());
}

TEST_CASE("a ledger has a bounded number of deliveries, whatever is asked for") {
    ledger known;
    std::vector<destination> many(max_deliveries + 7);
    for (std::size_t i = 0; i < many.size(); ++i) {
        many[i].to = address("C" + std::to_string(i));
    }
    CHECK(add_deliveries(known, many) == 7);
    CHECK(known.deliveries.size() == max_deliveries);
}
