// What aiosmtpd and Python's email package say of hallpass's letters, and what hallpass makes of their
// faults.
#include "mail.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"
#include "unit/net/certificates.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::interop;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* password = "aiosmtpd-password-4711";
constexpr const char* login_lines = "username = \"hallpass\"\npassword = \"aiosmtpd-password-4711\"\n";

bool can_judge() {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return false;
    }
    return true;
}

// mail_server.py as a process.
class server {
public:
    // Without STARTTLS.
    server() : program_(begin_asking("mail_server.py", {folder_.path().string()})) {}

    server(
        const std::string& certificate_file,
        const std::string& key_file,
        const std::vector<std::string>& mechanisms
    )
        : program_(begin_asking("mail_server.py", arguments(certificate_file, key_file, mechanisms))) {}

    std::uint16_t port() { return static_cast<std::uint16_t>(std::stoi(port_of(program_, folder_))); }

    std::string letters_folder() const { return folder_.file("letters"); }

    // How many letters have come.
    std::size_t count() const {
        const auto lines = program_.standard_output();
        std::size_t found = 0;
        for (std::size_t at = 0; (at = lines.find("\"file\"", at)) != std::string::npos; ++at) {
            ++found;
        }
        return found;
    }

    std::string said() const { return program_.standard_output() + program_.standard_error(); }

private:
    std::vector<std::string> arguments(
        const std::string& certificate_file,
        const std::string& key_file,
        const std::vector<std::string>& mechanisms
    ) const {
        std::vector<std::string> words{
            folder_.path().string(), certificate_file, key_file, "hallpass", password};
        words.insert(words.end(), mechanisms.begin(), mechanisms.end());
        return words;
    }

    test::temp_dir folder_;
    test::process program_;
};

server server_for(const mail& all, const std::vector<std::string>& mechanisms) {
    return {all.rig.sandbox.listener_certificate_file(), all.rig.sandbox.listener_key_file(), mechanisms};
}

} // namespace

namespace {

void check_letters(const server& by) {
    for (const char* name : {"root", "bob"}) {
        const auto letters = letters_to(by.letters_folder(), name);
        REQUIRE(letters.size() == 3);
        for (const json::object& one : letters) {
            CHECK_MESSAGE(one.at("problems").as_array().empty(), json::serialize(one));
            CHECK(one.at("from") == "Přístupy <noreply@example.com>");
        }
        CHECK(has(letters[0].at("plain").as_string(), "> žluťoučký kůň, good\n> .\n> MAIL FROM:<evil@"));
        CHECK(has(letters[1].at("plain").as_string(), "not tonight"));
        CHECK(has(letters[2].at("plain").as_string(), "The request is DENIED"));
        CHECK(letters[1].at("in-reply-to") == letters[0].at("message-id"));
        CHECK(letters[2].at("in-reply-to") == letters[0].at("message-id"));
    }
    CHECK(letters_in(by.letters_folder()).size() == 6);
}

} // namespace

TEST_CASE("aiosmtpd takes letters by STARTTLS and each way to log in, and Python reads them without a defect"
) {
    if (!can_judge()) {
        return;
    }

    struct way {
        std::vector<std::string> offered;
        std::string line;
        std::string taken;
    };

    mail all;
    for (const way& one :
         {way{{"PLAIN", "LOGIN"}, "auth = \"plain\"\n", "PLAIN"},
          way{{"PLAIN", "LOGIN"}, "auth = \"login\"\n", "LOGIN"}, way{{"LOGIN"}, "", "LOGIN"}}) {
        CAPTURE(one.line);
        server by = server_for(all, one.offered);
        all.start(by.port(), {"root", "bob"}, login_lines + one.line);
        const std::string id = all.request("žluťoučký kůň, " + smuggled_letter("\r\n", "\r\n"));
        test::eventually("both letters are there", [&] { return by.count() == 2; });
        all.deny(id, "not tonight");
        test::eventually("review and outcome are there", [&] { return by.count() == 6; });
        CHECK_MESSAGE(has(by.said(), "{\"mechanism\": \"" + one.taken + "\", \"good\": true}"), by.said());
        CHECK_FALSE(has(by.said(), "\"tls\": false"));
        CHECK_FALSE(has(by.said(), "\"login\": null"));
        check_letters(by);
        CHECK_FALSE(has(all.hallpass().log(), password));
    }
}

TEST_CASE("what aiosmtpd refuses is told of, what it puts off comes once, and what it lost in its last word "
          "comes as the same letter") {
    if (!can_judge()) {
        return;
    }
    mail all;
    server by = server_for(all, {"PLAIN"});
    all.start(by.port(), {"nobody", "late", "slow", "hung-up", "bob"}, login_lines);
    all.request("the job fails");
    test::eventually("all have come but one", [&] { return by.count() == 5; });
    all.hallpass().wait_for_text("550 5.1.1 no such user here (for nobody@example.com); check the address");
    all.hallpass().wait_for_text("uncertain_send_repeated");
    for (const char* name : {"late", "slow", "bob"}) {
        CHECK_MESSAGE(letters_to(by.letters_folder(), name).size() == 1, name);
    }
    const auto both = letters_to(by.letters_folder(), "hung-up");
    REQUIRE(both.size() == 2);
    CHECK(both[0] != both[1]); // files of their own
    for (const char* part : {"message-id", "subject", "plain", "html"}) {
        CHECK(both[0].at(part) == both[1].at(part));
    }
    CHECK(has(all.hallpass().log(), "450 4.2.0 greylisted"));
    CHECK(has(all.hallpass().log(), "451 4.3.0 out of breath"));
    CHECK(letters_to(by.letters_folder(), "nobody").empty());
}

TEST_CASE(
    "aiosmtpd gets nothing from hallpass without TLS, by a stranger's certificate, or by a wrong password"
) {
    if (!can_judge()) {
        return;
    }
    mail all;
    test::authority foreign;
    const net::server_identity strange = foreign.issue("IP:127.0.0.1");
    const std::string certificate = all.rig.folder.write("strange.crt", strange.certificate_chain_pem);
    const std::string key = all.rig.folder.write("strange.key", strange.private_key_pem.reveal());
    const std::vector<std::string> plain{"PLAIN"};
    server without_tls;
    server stranger(certificate, key, plain);
    server suspicious = server_for(all, plain);
    all.request("the job fails");
    const auto gets_nothing = [&](server& by, const std::string& lines, const std::string& event,
                                  const std::string& complaint) {
        CAPTURE(complaint);
        all.launch(by.port(), {"bob"}, lines);
        all.hallpass().wait_for_event(event);
        all.hallpass().wait_for_text(complaint);
        CHECK_MESSAGE(by.count() == 0, by.said());
        CHECK_FALSE_MESSAGE(has(by.said(), "\"good\": true"), by.said());
    };
    // Of the letter, not only of the look at the server at start; with a wrong password that is the end.
    gets_nothing(without_tls, login_lines, "delivery_failed", "it offers no STARTTLS");
    gets_nothing(stranger, login_lines, "delivery_failed", "SSL certificate problem");
    const std::string wrong = "username = \"hallpass\"\npassword = \"another\"\n";
    gets_nothing(suspicious, wrong, "giving_up", "535 5.7.8");
}
