#include "access/identity.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace hallpass::access;

namespace {

account person_with(const std::string& email) {
    account_facts facts;
    facts.email = email;
    facts.email_verified = true;
    facts.active = true;
    facts.guest = false;
    facts.bot = false;
    facts.foreign = false;
    return {"slack", "U1", facts};
}

identity_rules by_email() {
    identity_rules rules;
    rules.email_is_user_name = true;
    rules.email_domains = {"example.com"};
    return rules;
}

} // namespace

TEST_CASE("the table names people of one service, by id alone") {
    identity_rules rules;
    rules.users["slack"]["U1"] = "alice";
    const auto found = identify_by_table(rules, {"slack", "U1", std::nullopt});
    REQUIRE(found);
    CHECK(found->user == "alice");
    CHECK(found->source == identity_source::table);
    CHECK_FALSE(identify_by_table(rules, {"discord", "U1", std::nullopt}));
    CHECK_FALSE(identify_by_table(rules, {"slack", "u1", std::nullopt}));
    CHECK_FALSE(identify_by_table(rules, {"slack", "", std::nullopt}));
}

TEST_CASE("a trait that two Teleport users share makes the account nobody, and says so") {
    const account member = person_with("alice@example.com");
    CHECK_FALSE(identify_by_trait(member, {}));
    CHECK(identify_by_trait(member, {"alice"})->user == "alice");
    const auto shared = identify_by_trait(member, {"alice", "bob"});
    REQUIRE(shared);
    CHECK_FALSE(shared->known());
    CHECK(shared->why.find("2 Teleport users") != std::string::npos);
}

TEST_CASE("a trait gives a guest, a stranger or somebody unknown to the service no power") {
    account guest = person_with("alice@example.com");
    guest.facts->guest = true;
    account foreign = person_with("alice@example.com");
    foreign.facts->foreign = true;
    for (const account& who : {guest, foreign, account{"slack", "U1", std::nullopt}}) {
        const auto found = identify_by_trait(who, {"alice"});
        REQUIRE(found);
        CHECK_FALSE(found->known());
        CHECK_FALSE(found->why.empty());
    }
}

TEST_CASE("an e-mail counts where it is switched on, verified and of a listed domain") {
    CHECK(identify_by_email(by_email(), person_with("alice@example.com")).user == "alice@example.com");
    identity_rules off = by_email();
    off.email_is_user_name = false;
    CHECK_FALSE(identify_by_email(off, person_with("alice@example.com")).known());
    identity_rules no_domains = by_email();
    no_domains.email_domains.clear();
    CHECK_FALSE(identify_by_email(no_domains, person_with("alice@example.com")).known());
}

TEST_CASE("an e-mail that only resembles one of a listed domain proves nothing") {
    for (const std::string email :
         {"alice@EXAMPLE.com", "alice@example.com.", "alice@example.com.evil.org", "alice@evilexample.com",
          "alice@sub.example.com", "alice@evil.org@example.com", "alice@ex\xD0\xB0mple.com",
          "\xD0\xB0lice@example.com", "alice@example.com ", " alice@example.com", "@example.com", "alice",
          ""}) {
        CAPTURE(email);
        CHECK_FALSE(identify_by_email(by_email(), person_with(email)).known());
    }
}

TEST_CASE("e-mails of guests, bots, strangers and inactive or unverified accounts prove nothing") {
    const auto trusted_after = [](const std::function<void(account_facts&)>& change) {
        account who = person_with("alice@example.com");
        change(*who.facts);
        return identify_by_email(by_email(), who).known();
    };
    CHECK(trusted_after([](account_facts&) {}));
    CHECK_FALSE(trusted_after([](account_facts& facts) { facts.guest = true; }));
    CHECK_FALSE(trusted_after([](account_facts& facts) { facts.bot = true; }));
    CHECK_FALSE(trusted_after([](account_facts& facts) { facts.foreign = true; }));
    CHECK_FALSE(trusted_after([](account_facts& facts) { facts.active = false; }));
    CHECK_FALSE(trusted_after([](account_facts& facts) { facts.email_verified = false; }));
    CHECK_FALSE(trusted_after([](account_facts& facts) {
        const std::string email = facts.email;
        facts = account_facts();
        facts.email = email; // a service that says no more
    }));
    CHECK_FALSE(identify_by_email(by_email(), {"slack", "U1", std::nullopt}).known());
}

TEST_CASE("no rule gives a bot or a switched-off account power") {
    account who = person_with("alice@example.com");
    CHECK_FALSE(why_excluded(who));
    CHECK_FALSE(why_excluded({"slack", "U1", std::nullopt}));
    who.facts->bot = true;
    CHECK(why_excluded(who));
    who = person_with("alice@example.com");
    who.facts->active = false;
    CHECK(why_excluded(who));
    CHECK(why_excluded({"slack", "", std::nullopt}));
    CHECK(why_excluded({"", "U1", std::nullopt}));
}
