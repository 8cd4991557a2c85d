// What strangers may send to the public listener, and people who are not who they seem.
#include "decision_rig.hpp"
#include "support/http_peer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace hallpass;
using test::decision_rig;
using test::has;
using namespace hallpass::test::people;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// Connections that are opened, and kept.
class crowd {
public:
    explicit crowd(const std::string& address)
        : at_(asio::ip::make_address(address.substr(0, address.rfind(':'))),
              static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)))) {
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }

    void open(std::size_t count, std::string_view begun) {
        for (std::size_t i = 0; i < count; ++i) {
            asio::ip::tcp::socket& one = held_.emplace_back(context_);
            one.connect(at_);
            asio::write(one, asio::buffer(begun.data(), begun.size()));
        }
    }

    // One more byte on each that is still open.
    void dribble() {
        for (asio::ip::tcp::socket& one : held_) {
            boost::system::error_code cut;
            asio::write(one, asio::buffer("a", 1), cut);
        }
    }

    std::size_t size() const { return held_.size(); }

private:
    asio::io_context context_;
    asio::ip::tcp::endpoint at_;
    std::vector<asio::ip::tcp::socket> held_;
};

std::string signature_headers(std::string_view more) {
    return "POST /slack/interactivity HTTP/1.1\r\nHost: a\r\n" + std::string(more);
}

} // namespace

TEST_CASE("P4 two thousand connections held open, some of them dribbling, keep no click from being answered"
) {
    decision_rig rig;
    const std::string id = rig.new_request();
    crowd strangers(decision_rig::listener_of(*rig.hallpass));
    strangers.open(1000, "");
    strangers.open(1000, signature_headers("X-Slow: "));
    REQUIRE(strangers.size() == 2000);
    const json::value clicked = rig.click(id, bob, "approve");
    INFO(json::serialize(clicked));
    REQUIRE(clicked.at("view").is_object());
    strangers.dribble();
    CHECK(rig.submit(clicked, bob, "in spite of them").at("status") == 200);
    CHECK(rig.request(id).at("state") == "APPROVED");
}

TEST_CASE("P4 what isn't a callback within the limits gets no further than its first bytes") {
    decision_rig rig;
    const test::http_peer listener(decision_rig::listener_of(*rig.hallpass));
    CHECK(listener.send("GET", "/slack/interactivity").status == 405);
    CHECK(listener.send("POST", "/slack/other", "payload=%7B%7D").status == 404);
    CHECK(listener.send("GET", "/status").status == 404);
    CHECK(listener.send("POST", "/slack/interactivity", std::string(300 * 1024, 'x')).status == 413);
    CHECK(listener.send("POST", "/slack/interactivity", std::string(200 * 1024, '[')).status == 401);
    CHECK(listener.send("POST", "/slack/interactivity").status == 401);
    CHECK(listener.send("POST", "/slack/interactivity?" + std::string(20 * 1024, 'x')).status == 431);
}

TEST_CASE("P3 the requester can't decide under a second account either") {
    decision_rig rig;
    const json::object second{
        {"id", "U0ALICE002"}, {"name", "alice2"}, {"email", "alice.private@example.com"}};
    rig.rig.command("/slack/users", second);
    const json::object user{
        {"name", "alice@example.com"},
        {"roles", {"requester"}},
        {"may_review", true},
        {"traits", json::object{{"slack_user_id", {"U0ALICE001", "U0ALICE002"}}}}};
    rig.rig.command("/users", user);
    const std::string id = rig.new_request();
    const auto got = rig.try_to_approve(id, "U0ALICE002");
    INFO(got.second);
    CHECK(has(got.second, "own request"));
    CHECK(rig.reviews_of(id) == 0);
}

TEST_CASE("P3 an account that two Teleport users claim is nobody's") {
    decision_rig rig;
    const json::object mallory{
        {"name", "mallory@example.com"},
        {"roles", {"reviewer"}},
        {"may_review", true},
        {"traits", json::object{{"slack_user_id", {bob}}}}};
    rig.rig.command("/users", mallory);
    const std::string id = rig.new_request();
    const auto got = rig.try_to_approve(id, bob);
    INFO(got.second);
    CHECK(rig.reviews_of(id) == 0);
    CHECK(has(got.second, "Teleport user"));
}

TEST_CASE("P3 a click on a request that is gone decides nothing, and says so") {
    decision_rig rig;
    const std::string id = rig.new_request();
    const json::value early = rig.click(id, bob, "approve");
    REQUIRE(early.at("view").is_object());
    rig.rig.sandbox.control().erase("/requests/" + id);
    const json::value submitted = rig.submit(early, bob, "too late");
    INFO(json::serialize(submitted));
    CHECK(has(json::serialize(submitted.at("view")), "expired"));
}
