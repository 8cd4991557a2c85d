#include "written_file.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::test::load_text;

namespace {

using texts = std::vector<std::string>;

test::outcome load_http(const std::string& lines) {
    return load_text(
        "[teleport]\nidentity = \"/id\"\n[slack]\n[role_to_recipients]\n\"*\" = \"c\"\n[http]\n" + lines
    );
}

} // namespace

TEST_CASE("the listener's address has upstream's default") {
    const auto [read, said] = load_http("");
    CHECK(said == texts{});
    CHECK(read.value->http.listen_addr == ":8081");
    CHECK_FALSE(read.value->http.has_certificate());
    CHECK_FALSE(read.value->http.insecure);
}

TEST_CASE("the public address may be written with or without scheme and slash") {
    CHECK(
        load_http("public_addr = \"a.example.com\"").read.value->http.public_addr == "https://a.example.com"
    );
    CHECK(
        load_http("public_addr = \"https://a.example.com:8443/\"").read.value->http.public_addr ==
        "https://a.example.com:8443"
    );
}

TEST_CASE("half a certificate, or one beside plain HTTP, is refused with what to do") {
    CHECK(
        load_http("https_cert_file = \"/c.pem\"").said ==
        texts{"error: FILE:7: http.https_cert_file: needs the other one beside it: https_cert_file and "
              "https_key_file"}
    );
    CHECK(
        load_http("https_key_file = \"/k.pem\"").said ==
        texts{"error: FILE:7: http.https_key_file: needs the other one beside it: https_cert_file and "
              "https_key_file"}
    );
    const texts both = load_http("insecure = true\nhttps_cert_file = \"/c\"\nhttps_key_file = \"/k\"").said;
    REQUIRE_FALSE(both.empty());
    CHECK(
        both.front() ==
        "error: FILE:7: http.insecure: is plain HTTP, but there is a certificate too; take one of them out"
    );
}

TEST_CASE("plain HTTP is warned of") {
    const auto [read, said] = load_http("insecure = true");
    REQUIRE(said.size() == 1);
    CHECK(said.front().starts_with("warning: FILE:7: http.insecure: "));
    CHECK(read.value->http.insecure);
}

TEST_CASE("an address to listen on has a port") {
    CHECK(
        load_http("listen_addr = \"8081\"").said ==
        texts{
            "error: FILE:7: http.listen_addr: must be host:port, or :port for every address; found \"8081\""}
    );
}
