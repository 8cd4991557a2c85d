#include "written_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace hallpass;
using hallpass::test::load_text;

namespace {

using texts = std::vector<std::string>;

test::outcome load_review(const std::string& lines) {
    return load_text(
        "[teleport]\nidentity = \"/id\"\n[slack]\n[role_to_recipients]\n\"*\" = \"c\"\n[review]\n" + lines
    );
}

const access::review_rules& rules_of(const test::outcome& made, std::string_view service = "slack") {
    for (const config::service_section& one : made.read.value->services) {
        if (one.kind->name == service) {
            return one.review;
        }
    }
    throw std::runtime_error("there is no such service");
}

} // namespace

TEST_CASE("without a section nobody decides anything") {
    const auto made = load_review("");
    CHECK(made.said == texts{});
    CHECK_FALSE(rules_of(made).enabled);
    CHECK(rules_of(made).as == access::review_as::person);
    CHECK(rules_of(made).identities.users.at("slack").empty());
    CHECK_FALSE(rules_of(made).identities.email_is_user_name);
}

TEST_CASE("people are named by table, by trait of each service, and by e-mail of listed domains") {
    const auto made = load_review(R"(
slack_user_id_trait = "slack_uid"
chat_user_id_trait = "chat_uid"
allow_email_username_match = true
email_domains = ["Example.com", "example.org"]
require_reason = "deny"
confirm_roles = ["root"]
app_token = "xapp-1"
[slack.users]
U0123ABC = "alice"
[chat.users]
"77" = "bob@example.com"
)");
    CHECK(made.said == texts{});
    REQUIRE(made.read.usable());
    const access::review_rules& rules = rules_of(made);
    CHECK(rules.identities.users.at("slack") == access::people{{"U0123ABC", "alice"}});
    CHECK(rules.identities.traits == std::map<std::string, std::string>{{"slack", "slack_uid"}});
    CHECK(rules_of(made, "chat").identities.users.at("chat") == access::people{{"77", "bob@example.com"}});
    CHECK(
        rules_of(made, "chat").identities.traits == std::map<std::string, std::string>{{"chat", "chat_uid"}}
    );
    CHECK(rules.identities.email_is_user_name);
    CHECK(rules.identities.email_domains == texts{"example.com", "example.org"});
    CHECK(rules.reason == access::reason_rule::for_denial);
    CHECK(rules.confirm_roles == std::set<std::string>{"root"});
}

TEST_CASE("by state, approvers and how many it takes are read by role") {
    const auto made = load_review(R"(
as = "state"
[review.state.approvers]
dba = ["alice", "bob"]
"*" = "carol"
root = []
[review.state.approvals]
dba = 2
)");
    CHECK(made.said == texts{});
    REQUIRE(made.read.usable());
    const access::state_rules& rules = rules_of(made).state;
    CHECK(rules.approvers.at("dba") == std::set<std::string>{"alice", "bob"});
    CHECK(rules.approvers.at("*") == std::set<std::string>{"carol"});
    CHECK(rules.approvers.at("root").empty());
    CHECK(rules.approvals == std::map<std::string, unsigned>{{"dba", 2}});
    const auto same_for_all = load_review("as = \"state\"\n[review.state]\napprovals = 3\n");
    CHECK(rules_of(same_for_all).state.approvals.at("*") == 3);
}

TEST_CASE("what gives power away is warned of loudly") {
    const auto warned = [](const std::string& lines, std::string_view words) {
        const auto [read, said] = load_review(lines);
        CHECK(read.usable());
        return std::any_of(said.begin(), said.end(), [words](const std::string& line) {
            return line.starts_with("warning: FILE:") && line.find(words) != std::string::npos;
        });
    };
    CHECK(warned("enabled = true\nas = \"plugin\"\n", "review.as: \"plugin\": Teleport sees one reviewer"));
    CHECK(warned("enabled = true\nas = \"state\"\n", "review.as: \"state\": Teleport judges no decision"));
    CHECK(warned("enabled = true\nas = \"state\"\n", "nobody can decide"));
    CHECK_FALSE(warned("enabled = true\nas = \"person\"\n", "review.as"));
    CHECK_FALSE(warned("as = \"plugin\"\n", "review.as"));
    CHECK(warned("allow_email_username_match = true\n", "trusts no e-mail until email_domains"));
    CHECK(warned("[review.state]\napprovals = 1\n", "has no effect without as = \"state\""));
}

TEST_CASE("mistakes in the section are errors with file, line and key") {
    const auto error_of = [](const std::string& lines) {
        const auto [read, said] = load_review(lines);
        CHECK_FALSE(read.usable());
        REQUIRE(said.size() == 1);
        return said[0];
    };
    CHECK(
        error_of("as = \"persons\"\n") ==
        R"(error: FILE:7: review.as: must be "person", "plugin" or "state", found "persons")"
    );
    CHECK(
        error_of("require_reason = \"yes\"\n") ==
        R"(error: FILE:7: review.require_reason: must be "never", "deny" or "always", found "yes")"
    );
    CHECK(
        error_of("email_domains = [\"@example.com\"]\n") ==
        R"(error: FILE:7: review.email_domains: must be domains such as "example.com", found "@example.com")"
    );
    CHECK(
        error_of("[slack.users]\nU1 = \"\"\n") ==
        "error: FILE:8: slack.users.U1: must name a Teleport user; fill it in or take it out"
    );
    CHECK(
        error_of("[slack.users]\nU1 = 7\n") ==
        "error: FILE:8: slack.users.U1: must be a text in quotes, found a number"
    );
    CHECK(
        error_of("[slack.users]\n\"alice@example.com\" = \"U1\"\n") ==
        "error: FILE:8: slack.users.\"alice@example.com\": must be the id of an account, with its Teleport "
        "user "
        "behind it"
    );
    CHECK(
        error_of("as = \"state\"\n[review.state.approvals]\ndba = 0\n") ==
        "error: FILE:9: review.state.approvals.dba: must be from 1 to 100"
    );
}

TEST_CASE("what a service's own section says counts before the common one, key by key") {
    const auto made = load_review(R"(
enabled = true
require_reason = "deny"
confirm_roles = ["root"]
slack_user_id_trait = "slack_uid"
[chat]
[chat.review]
enabled = false
require_reason = "always"
user_id_trait = "chat_uid"
[slack.review]
confirm_roles = []
as = "plugin"
)");
    REQUIRE(made.read.usable());
    const access::review_rules& slack = rules_of(made);
    CHECK(slack.enabled);
    CHECK(slack.as == access::review_as::plugin);
    CHECK(slack.reason == access::reason_rule::for_denial);
    CHECK(slack.confirm_roles.empty());
    CHECK(slack.identities.traits.at("slack") == "slack_uid");
    const access::review_rules& chat = rules_of(made, "chat");
    CHECK_FALSE(chat.enabled);
    CHECK(chat.as == access::review_as::person);
    CHECK(chat.reason == access::reason_rule::always);
    CHECK(chat.confirm_roles == std::set<std::string>{"root"});
    CHECK(chat.identities.traits.at("chat") == "chat_uid");
    REQUIRE(made.said.size() == 1);
    CHECK(made.said[0].starts_with("warning: FILE:19: slack.review.as: \"plugin\""));
}

TEST_CASE("what is wrong in the common section is said once, however many services it is for") {
    const auto made = load_review("as = \"persons\"\n[chat]\n");
    CHECK(made.said.size() == 1);
}

TEST_CASE("a service whose tickets may decide takes anybody only where its section says so, loudly") {
    const auto taken = load_review("enabled = true\n[chat]\ndecide = \"state\"\n");
    CHECK(rules_of(taken, "chat").as == access::review_as::anyone);
    CHECK(rules_of(taken).as == access::review_as::person);
    REQUIRE(taken.said.size() == 1);
    CHECK(
        taken.said[0].find("chat.decide: \"state\": whoever may move a ticket decides") != std::string::npos
    );

    const auto idle = load_review("[chat]\ndecide = \"state\"\n");
    REQUIRE(idle.said.size() == 1);
    CHECK(idle.said[0].find("has no effect without enabled = true in [review]") != std::string::npos);

    const auto off = load_review("enabled = true\n[chat]\ndecide = \"no\"\n");
    CHECK_FALSE(rules_of(off, "chat").enabled);
    CHECK(rules_of(off).enabled);
    CHECK(off.said == texts{});

    const auto plain = load_review("enabled = true\n[chat]\ndecide = \"review\"\n");
    CHECK(rules_of(plain, "chat").as == access::review_as::person);
    CHECK(plain.said == texts{});

    const auto wrong = load_review("enabled = true\n[chat]\ndecide = \"sometimes\"\n");
    REQUIRE(wrong.said.size() == 1);
    CHECK(
        wrong.said[0].find("must be \"review\", \"state\" or \"no\", found \"sometimes\"") !=
        std::string::npos
    );
}
