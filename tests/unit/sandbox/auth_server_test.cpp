#include "sandbox/auth_server.hpp"
#include "teleport/authservice.grpc.pb.h"
#include "teleport/users_service.grpc.pb.h"

#include <doctest/doctest.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <thread>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;

namespace {

std::string pem_at(const std::string& text, std::size_t number, const char* type) {
    const std::string begin = std::string("-----BEGIN ") + type + "-----";
    const std::string end = std::string("-----END ") + type + "-----\n";
    std::size_t from = text.find(begin);
    for (std::size_t i = 0; i < number; ++i) {
        from = text.find(begin, from + 1);
    }
    return text.substr(from, text.find(end, from) + end.size() - from);
}

// A client made from an identity file, with a deadline on every call.
class client {
public:
    client(const std::string& address, const std::string& identity, bool with_certificate = true) {
        grpc::SslCredentialsOptions options;
        options.pem_root_certs = pem_at(identity, 1, "CERTIFICATE");
        if (with_certificate) {
            options.pem_private_key = pem_at(identity, 0, "PRIVATE KEY");
            options.pem_cert_chain = pem_at(identity, 0, "CERTIFICATE");
        }
        grpc::ChannelArguments arguments;
        arguments.SetSslTargetNameOverride("teleport.cluster.local");
        // Each client has a connection of its own, or a new identity would ride on an old one.
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        const auto channel = grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
        stub = proto::AuthService::NewStub(channel);
        users = teleport::users::v1::UsersService::NewStub(channel);
    }

    static std::unique_ptr<grpc::ClientContext> context() {
        auto made = std::make_unique<grpc::ClientContext>();
        made->set_deadline(std::chrono::system_clock::now() + 10s);
        return made;
    }

    grpc::Status ping(proto::PingResponse& response) {
        return stub->Ping(context().get(), proto::PingRequest{}, &response);
    }

    grpc::Status ping() {
        proto::PingResponse ignored;
        return ping(ignored);
    }

    std::unique_ptr<proto::AuthService::Stub> stub;
    std::unique_ptr<teleport::users::v1::UsersService::Stub> users;
};

struct fixture {
    change_signal changes;
    cluster_state cluster{cluster_settings{}, changes};
    fault_plan faults;
    std::unique_ptr<cluster_pki> pki = cluster_pki::make("sandbox.example.com", 1h).value();
    std::unique_ptr<auth_server> server = auth_server::start("127.0.0.1:0", *pki, cluster, faults).value();
    std::string identity = std::string(pki->make_identity().value().reveal());
    client plugin{server->address(), identity};

    std::string create() {
        new_request wanted;
        wanted.user = "alice@example.com";
        wanted.roles = {"dba"};
        return cluster.create(std::move(wanted)).value().request.id;
    }

    grpc::Status write(const std::string& id, const std::string& value, const std::string& expected) {
        types::PluginDataUpdateParams update;
        update.set_kind("access_request");
        update.set_resource(id);
        update.set_plugin("slack");
        (*update.mutable_set())["state"] = value;
        (*update.mutable_expect())["state"] = expected;
        google::protobuf::Empty ignored;
        return plugin.stub->UpdatePluginData(client::context().get(), update, &ignored);
    }

    std::string stored(const std::string& id) {
        const auto records = cluster.plugin_data({"access_request", id, "slack"}).value();
        return records.empty() ? "" : records.front().entries.at("slack").at("state");
    }
};

proto::Watch watch_of(std::vector<std::string> kinds, bool partial) {
    proto::Watch wanted;
    for (const std::string& kind : kinds) {
        wanted.add_kinds()->set_kind(kind);
    }
    wanted.set_allowpartialsuccess(partial);
    return wanted;
}

} // namespace

TEST_CASE_FIXTURE(fixture, "a ping over mutual TLS tells the cluster") {
    proto::PingResponse response;
    const grpc::Status status = plugin.ping(response);
    CHECK_MESSAGE(status.ok(), status.error_message());
    CHECK(response.clustername() == "sandbox.example.com");
    CHECK(response.serverfeatures().advancedaccessworkflows());
    CHECK(faults.calls().at("Ping") == 1);
}

TEST_CASE_FIXTURE(fixture, "a client without a certificate, or with another cluster's, is refused") {
    CHECK(client(server->address(), identity, false).ping().error_code() == grpc::StatusCode::UNAVAILABLE);
    const auto other = cluster_pki::make("other.example.com", 1h).value();
    std::string foreign(other->make_identity().value().reveal());
    // It trusts this server, so only the server can refuse it.
    foreign.replace(foreign.rfind("-----BEGIN CERTIFICATE"), std::string::npos, pki->authority_pem());
    CHECK(client(server->address(), foreign).ping().error_code() == grpc::StatusCode::UNAVAILABLE);
    CHECK(plugin.ping().ok());
}

TEST_CASE_FIXTURE(fixture, "after a rotation open connections live on, and new ones need the new identity") {
    REQUIRE(plugin.ping().ok());
    const std::string renewed(pki->rotate().value().reveal());
    CHECK(plugin.ping().ok());
    CHECK_FALSE(client(server->address(), identity).ping().ok());
    CHECK(client(server->address(), renewed).ping().ok());
}

TEST_CASE_FIXTURE(fixture, "a watch tells INIT with what is watched, then every change") {
    const auto context = client::context();
    const auto stream =
        plugin.stub->WatchEvents(context.get(), watch_of({"access_request", "access_monitoring_rule"}, true));
    proto::Event event;
    REQUIRE(stream->Read(&event));
    CHECK(event.type() == proto::INIT);
    REQUIRE(event.watchstatus().spec().kinds_size() == 1);
    CHECK(event.watchstatus().spec().kinds(0).kind() == "access_request");

    const std::string id = create();
    REQUIRE(stream->Read(&event));
    CHECK(event.type() == proto::PUT);
    CHECK(event.accessrequest().metadata().name() == id);
    CHECK(event.accessrequest().spec().state() == types::PENDING);
    CHECK(event.accessrequest().spec().rolethresholdmapping().at("dba").sets_size() == 1);

    REQUIRE(cluster.remove(id).has_value());
    REQUIRE(stream->Read(&event));
    CHECK(event.type() == proto::DELETE);
    CHECK(event.resourceheader().kind() == "access_request");
    CHECK(event.resourceheader().metadata().name() == id);

    cluster.drop_watchers({refusal_code::unavailable, "dropped"});
    CHECK_FALSE(stream->Read(&event));
    const grpc::Status status = stream->Finish();
    CHECK(status.error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE_FIXTURE(fixture, "a watcher that goes away is forgotten") {
    auto context = client::context();
    const auto stream = plugin.stub->WatchEvents(context.get(), watch_of({"access_request"}, false));
    proto::Event event;
    REQUIRE(stream->Read(&event));
    CHECK_FALSE(event.has_watchstatus());
    CHECK(cluster.watchers() == 1);
    context->TryCancel();
    CHECK(stream->Finish().error_code() == grpc::StatusCode::CANCELLED);
    CHECK(changes.wait_for([&] { return cluster.watchers() == 0; }, 10s));
}

TEST_CASE_FIXTURE(fixture, "a watch that can't be had is refused") {
    const auto refusal_of = [&](const proto::Watch& wanted) {
        const auto context = client::context();
        const auto stream = plugin.stub->WatchEvents(context.get(), wanted);
        proto::Event event;
        const bool began = stream->Read(&event);
        return began ? grpc::StatusCode::OK : stream->Finish().error_code();
    };
    CHECK(refusal_of(watch_of({}, true)) == grpc::StatusCode::PERMISSION_DENIED);
    CHECK(refusal_of(watch_of({"access_request", "node"}, false)) == grpc::StatusCode::PERMISSION_DENIED);
    CHECK(refusal_of(watch_of({"node"}, true)) == grpc::StatusCode::INVALID_ARGUMENT);
    proto::Watch filtered = watch_of({"access_request"}, false);
    (*filtered.mutable_kinds(0)->mutable_filter())["colour"] = "red";
    CHECK(refusal_of(filtered) == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE_FIXTURE(fixture, "requests are listed by filter, and an unknown id is an empty list") {
    const std::string id = create();
    create();
    const auto count = [&](const types::AccessRequestFilter& filter) {
        const auto context = client::context();
        const auto stream = plugin.stub->GetAccessRequestsV2(context.get(), filter);
        types::AccessRequestV3 read;
        int listed = 0;
        while (stream->Read(&read)) {
            ++listed;
        }
        CHECK(stream->Finish().ok());
        return listed;
    };
    types::AccessRequestFilter filter;
    filter.set_state(types::PENDING);
    CHECK(count(filter) == 2);
    filter.set_id(id);
    CHECK(count(filter) == 1);
    filter.set_id("nothing");
    CHECK(count(filter) == 0);
}

TEST_CASE_FIXTURE(fixture, "plugin data is compared and swapped over the wire, empty expectations included") {
    const std::string id = create();
    CHECK(write(id, "one", "").ok());
    CHECK(write(id, "two", "").error_code() == grpc::StatusCode::FAILED_PRECONDITION);
    CHECK(write(id, "two", "one").ok());
    CHECK(stored(id) == "two");
    CHECK(write("nothing", "one", "").error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_FIXTURE(fixture, "an answer can be lost although the work was done") {
    const std::string id = create();
    fault_rule lose;
    lose.method = "UpdatePluginData";
    lose.effect = fault_effect::lose_answer;
    lose.next = 1;
    faults.add(lose);
    CHECK(write(id, "one", "").error_code() == grpc::StatusCode::UNAVAILABLE);
    CHECK(stored(id) == "one");
    CHECK(write(id, "two", "one").ok());
}

TEST_CASE_FIXTURE(fixture, "a watch whose answer is lost begins, and breaks off with the first change") {
    fault_rule lose;
    lose.method = "WatchEvents";
    lose.effect = fault_effect::lose_answer;
    lose.next = 1;
    faults.add(lose);
    const auto context = client::context();
    const auto stream = plugin.stub->WatchEvents(context.get(), watch_of({"access_request"}, false));
    proto::Event event;
    REQUIRE(stream->Read(&event));
    CHECK(event.type() == proto::INIT);
    create();
    CHECK_FALSE(stream->Read(&event));
    CHECK(stream->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE_FIXTURE(fixture, "calls are refused, delayed and spoiled as asked for") {
    fault_rule refuse;
    refuse.code = "RESOURCE_EXHAUSTED";
    refuse.next = 1;
    faults.add(refuse);
    CHECK(plugin.ping().error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    fault_rule garbage;
    garbage.effect = fault_effect::garbage;
    garbage.next = 1;
    faults.add(garbage);
    CHECK_FALSE(plugin.ping().ok());
    faults.set_delay("Ping", 50ms);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(plugin.ping().ok());
    CHECK(std::chrono::steady_clock::now() - begun >= 50ms);
}

TEST_CASE_FIXTURE(fixture, "an answer can be held back after the work was done") {
    const std::string id = create();
    faults.set_answer_delay("UpdatePluginData", 10s);
    const auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + 200ms);
    types::PluginDataUpdateParams update;
    update.set_kind("access_request");
    update.set_resource(id);
    update.set_plugin("slack");
    (*update.mutable_set())["state"] = "one";
    google::protobuf::Empty ignored;
    const grpc::Status status = plugin.stub->UpdatePluginData(context.get(), update, &ignored);
    CHECK(status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
    CHECK(stored(id) == "one");
    server->go_down(); // doesn't wait for the answer
}

TEST_CASE_FIXTURE(fixture, "the server goes down with a call in its delay and comes up at the same address") {
    REQUIRE(plugin.ping().ok());
    faults.set_delay("Ping", 60s);
    grpc::Status cut;
    std::thread caller([&] { cut = plugin.ping(); });
    while (faults.calls().at("Ping") < 2) {
        std::this_thread::yield();
    }
    const std::string address = server->address();
    server->go_down();
    caller.join();
    CHECK(cut.error_code() == grpc::StatusCode::UNAVAILABLE);
    CHECK_FALSE(client(address, identity).ping().ok());
    faults.clear();
    REQUIRE(server->come_up().has_value());
    CHECK(server->address() == address);
    CHECK(client(address, identity).ping().ok());
}

TEST_CASE_FIXTURE(fixture, "resources come with their friendly names") {
    proto::ListResourcesRequest wanted;
    wanted.set_resourcetype("node");
    const std::string name = cluster.known().nodes.front().name;
    wanted.set_predicateexpression(
        "resource.metadata.name == \"" + name + "\" || resource.metadata.name == \"x\""
    );
    proto::ListResourcesResponse found;
    CHECK(plugin.stub->ListResources(client::context().get(), wanted, &found).ok());
    REQUIRE(found.resources_size() == 1);
    CHECK(found.resources(0).node().spec().hostname() == cluster.known().nodes.front().friendly_name);
    wanted.set_predicateexpression("labels.env == \"prod\"");
    const grpc::Status refused = plugin.stub->ListResources(client::context().get(), wanted, &found);
    CHECK(refused.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE_FIXTURE(fixture, "users are listed in pages, with their traits") {
    teleport::users::v1::ListUsersRequest question;
    question.set_page_size(2);
    std::map<std::string, std::string> slack_ids;
    std::size_t listed = 0;
    do {
        teleport::users::v1::ListUsersResponse page;
        REQUIRE(plugin.users->ListUsers(client::context().get(), question, &page).ok());
        CHECK(page.users_size() <= 2);
        for (const types::UserV2& user : page.users()) {
            ++listed;
            const auto& traits = user.spec().traits().values();
            if (const auto found = traits.find("slack_user_id"); found != traits.end()) {
                slack_ids[user.metadata().name()] = found->second.values(0);
            }
        }
        question.set_page_token(page.next_page_token());
    } while (!question.page_token().empty());
    CHECK(listed == cluster.known().users.size());
    CHECK(slack_ids["bob@example.com"] == "U0BOB00001");
    CHECK(slack_ids["carol@example.com"] == "U0CAROL001");
    CHECK_FALSE(slack_ids.contains("dan"));
}

TEST_CASE_FIXTURE(fixture, "the plugin reviews for a person, and sets a state for one") {
    types::AccessReviewSubmission submitted;
    submitted.set_requestid(create());
    submitted.mutable_review()->set_author("bob@example.com");
    submitted.mutable_review()->set_proposedstate(types::APPROVED);
    types::AccessRequestV3 reviewed;
    CHECK(
        plugin.stub->SubmitAccessReview(client::context().get(), submitted, &reviewed).error_code() ==
        grpc::StatusCode::PERMISSION_DENIED
    );
    submitted.mutable_review()->set_submitted_on_behalf_of_author(true);
    REQUIRE(plugin.stub->SubmitAccessReview(client::context().get(), submitted, &reviewed).ok());
    CHECK(reviewed.spec().state() == types::APPROVED);
    CHECK(reviewed.spec().reviews(0).author() == "bob@example.com");
    CHECK(reviewed.spec().reviews(0).submittedby() == "access-plugin");

    const std::string other = create();
    proto::RequestStateSetter setter;
    setter.set_id(other);
    setter.set_state(types::DENIED);
    setter.set_delegator("carol@example.com");
    google::protobuf::Empty ignored;
    REQUIRE(plugin.stub->SetAccessRequestState(client::context().get(), setter, &ignored).ok());
    CHECK(
        cluster.requests({other, "", access::request_state::none}).front().delegator == "carol@example.com"
    );
}
