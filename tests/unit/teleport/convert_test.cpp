#include "teleport/convert.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::teleport;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t go_zero_time = -62135596800;

// Through the wire, as a real message comes.
access::access_request received(const types::AccessRequestV3& message) {
    types::AccessRequestV3 parsed;
    REQUIRE(parsed.ParseFromString(message.SerializeAsString()));
    return to_access_request(parsed);
}

} // namespace

TEST_CASE("Go's zero time and impossible times are unset") {
    google::protobuf::Timestamp at;
    at.set_seconds(go_zero_time);
    CHECK_FALSE(to_instant(at).has_value());
    at.set_seconds(INT64_MAX);
    CHECK_FALSE(to_instant(at).has_value());
    at.set_seconds(INT64_MIN);
    CHECK_FALSE(to_instant(at).has_value());
    CHECK_FALSE(to_instant(google::protobuf::Timestamp()).has_value());
    at.set_seconds(1772357400);
    at.set_nanos(123456789);
    CHECK(to_instant(at) == instant{1772357400123ms});
}

TEST_CASE("a request is read with all that is shown of it") {
    types::AccessRequestV3 message;
    message.mutable_metadata()->set_name("id-1");
    types::AccessRequestSpecV3& spec = *message.mutable_spec();
    spec.set_user("alice");
    spec.add_roles("prod");
    spec.set_state(types::PROMOTED);
    spec.mutable_created()->set_seconds(1772357400);
    spec.mutable_expires()->set_seconds(1772361000);
    spec.mutable_maxduration()->set_seconds(go_zero_time);
    spec.mutable_resourceexpiry()->set_seconds(1772360000);
    spec.set_requestreason("why");
    spec.set_resolvereason("because");
    auto* review = spec.add_reviews();
    review->set_author("bob");
    review->set_proposedstate(types::APPROVED);
    review->set_reason("fine");
    review->mutable_created()->set_seconds(go_zero_time);
    auto* threshold = spec.add_thresholds();
    threshold->set_name("default");
    threshold->set_approve(2);
    threshold->set_deny(1);
    spec.add_suggestedreviewers("carol");
    (*spec.mutable_systemannotations()->mutable_values())["teleport.dev/notify-services"].add_values("s1");
    spec.mutable_accesslist()->set_name("list-1");
    spec.mutable_accesslist()->set_title("The list");
    spec.set_requestkind(types::LONG_TERM);

    const access::access_request request = received(message);
    CHECK(request.id == "id-1");
    CHECK(request.user == "alice");
    CHECK(request.roles == std::vector<std::string>{"prod"});
    CHECK(request.state == access::request_state::promoted);
    CHECK(request.created == instant{1772357400000ms});
    CHECK(request.access_expires == instant{1772361000000ms});
    CHECK_FALSE(request.max_duration.has_value());
    CHECK_FALSE(request.assume_start.has_value());
    CHECK(request.request_expires == instant{1772360000000ms});
    CHECK(request.request_reason == "why");
    CHECK(request.resolve_reason == "because");
    REQUIRE(request.reviews.size() == 1);
    CHECK(request.reviews[0].author == "bob");
    CHECK(request.reviews[0].proposed == access::request_state::approved);
    CHECK_FALSE(request.reviews[0].created.has_value());
    REQUIRE(request.thresholds.size() == 1);
    CHECK(request.thresholds[0].approve == 2);
    CHECK(request.suggested_reviewers == std::vector<std::string>{"carol"});
    CHECK(request.system_annotations.at("teleport.dev/notify-services") == std::vector<std::string>{"s1"});
    CHECK(request.promoted_access_list == "The list");
    CHECK(request.long_term);
}

TEST_CASE("the newer field of requested resources supersedes the older one") {
    types::AccessRequestV3 message;
    message.mutable_spec()->add_requestedresourceids()->set_name("old");
    CHECK(received(message).resources.at(0).name == "old");
    types::ResourceID& id = *message.mutable_spec()->add_requestedresourceaccessids()->mutable_id();
    id.set_clustername("main");
    id.set_kind("node");
    id.set_name("new");
    const access::access_request request = received(message);
    REQUIRE(request.resources.size() == 1);
    CHECK(to_string(request.resources[0]) == "/main/node/new");
}

TEST_CASE("a state that this version doesn't know is none") {
    types::AccessRequestV3 message;
    message.mutable_spec()->set_state(static_cast<types::RequestState>(17));
    CHECK(received(message).state == access::request_state::none);
}

TEST_CASE("bytes that are no UTF-8 neither lose the message nor get through") {
    types::AccessRequestV3 message;
    message.mutable_metadata()->set_name("id");
    message.mutable_spec()->set_requestreason("caf\xE9");
    message.mutable_spec()->add_reviews()->set_reason("\xFF");
    const access::access_request request = received(message);
    CHECK(request.request_reason == "caf\xEF\xBF\xBD");
    CHECK(request.reviews.at(0).reason == "\xEF\xBF\xBD");
}

TEST_CASE("only the plugin's own entry is taken from plugin data") {
    proto::PluginDataSeq found;
    auto& entries = *found.add_plugindata()->mutable_spec()->mutable_entries();
    (*entries["slack"].mutable_data())["messages"] = "m";
    (*entries["jira"].mutable_data())["issue"] = "J-1";
    CHECK(to_plugin_data(found, "slack") == ports::plugin_data{{"messages", "m"}});
    CHECK(to_plugin_data(found, "email").empty());
    CHECK(to_plugin_data(proto::PluginDataSeq(), "slack").empty());
}

TEST_CASE("an expectation of absence is really sent") {
    ports::plugin_data_update update;
    update.request_id = "id";
    update.plugin = "slack";
    update.set["messages"] = "m";
    update.expect["messages"] = "";
    types::PluginDataUpdateParams parsed;
    REQUIRE(parsed.ParseFromString(to_message(update).SerializeAsString()));
    CHECK(parsed.kind() == "access_request");
    CHECK(parsed.resource() == "id");
    CHECK(parsed.plugin() == "slack");
    REQUIRE(parsed.expect().contains("messages"));
    CHECK(parsed.expect().at("messages").empty());
    // Key 1 and value 2, both written, although the value is empty: Go reads no entry otherwise.
    CHECK(
        to_message(update).SerializeAsString().find(std::string("\x0A\x08messages\x12\x00", 12)) !=
        std::string::npos
    );
}

TEST_CASE("a listing of plugin data names each request, and leaves out what other plugins wrote") {
    proto::PluginDataSeq found;
    for (const std::string name : {"r1", "r2"}) {
        types::PluginDataV3& record = *found.add_plugindata();
        record.set_subkind("access_request");
        record.mutable_metadata()->set_name(name);
        auto& entries = *record.mutable_spec()->mutable_entries();
        (*entries[name == "r1" ? "slack" : "jira"].mutable_data())["messages"] = "m";
    }
    types::PluginDataV3& list = *found.add_plugindata();
    list.set_subkind("access_list");
    (*(*list.mutable_spec()->mutable_entries())["slack"].mutable_data())["messages"] = "m";
    const std::vector<ports::stored_plugin_data> all = to_stored_plugin_data(found, "slack", {});
    REQUIRE(all.size() == 1);
    CHECK(all[0].request_id == "r1");
    CHECK(all[0].data == ports::plugin_data{{"messages", "m"}});
    CHECK(to_stored_plugin_data(found, "slack", {"r1"}).empty());
}
