// What Debian's Postfix makes of hallpass's letters, and hallpass of its faults and of who sits in between.
#include "mail.hpp"
#include "postfix.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

using namespace hallpass;
using namespace hallpass::interop;
using test::has;
namespace json = boost::json;

namespace {

bool can_judge() {
    const std::string why = python_judges().path.empty() ? python_judges().why : why_no_postfix();
    if (!why.empty()) {
        test::skip(why);
        return false;
    }
    return true;
}

std::size_t count_of(const postfix& by, std::string_view name) {
    return letters_to(by.letters_folder(), name).size();
}

// As Teleport's text is shown: each line behind "> ".
bool quotes(const json::object& letter, std::string_view line) {
    return has(letter.at("plain").as_string(), "\n> " + std::string(line) + "\n");
}

} // namespace

TEST_CASE("Postfix gets one letter for each recipient, whatever the text would smuggle in, and the text whole"
) {
    if (!can_judge()) {
        return;
    }
    mail all;
    const postfix by(all.rig.sandbox.listener_certificate_file(), all.rig.sandbox.listener_key_file());
    all.start(by.port(), {"bob"});
    // By every line end that some server takes for one.
    std::vector<std::string> reasons;
    for (const auto& [end, after] :
         {std::pair("\r\n", "\r\n"),
          {"\n", "\n"},
          {"\r", "\r"},
          {"\n", "\r\n"},
          {"\r\n", "\n"},
          {"\r", "\r\n"}}) {
        reasons.push_back(smuggled_letter(end, after));
    }
    reasons.push_back(".\r\n..\r\n" + std::string(700, '.'));
    reasons.push_back(std::string(1, '\0') + ".\r\n\x1b[2J\xc2\x85.\xe2\x80\xa8.\xe2\x80\xa8" + "end");
    for (const std::string& reason : reasons) {
        all.request(reason);
    }
    const std::string header = "dba\r\nBcc: evil@example.com\r\n\r\nbody";
    all.request("a role that would be a header", header);
    test::eventually("all letters are there", [&] { return count_of(by, "bob") == reasons.size() + 1; });
    const auto letters = letters_in(by.letters_folder());
    CHECK(letters.size() == reasons.size() + 1);
    std::size_t smuggled = 0;
    std::size_t dots = 0;
    for (const json::object& one : letters) {
        CAPTURE(json::serialize(one));
        CHECK(one.at("problems").as_array().empty());
        CHECK(has(one.at("from").as_string(), "<noreply@example.com>"));
        CHECK(has(one.at("subject").as_string(), "alice@example.com: role request for dba"));
        if (quotes(one, "MAIL FROM:<evil@example.com>")) {
            ++smuggled;
            for (const char* line :
                 {"good", ".", "RCPT TO:<root@example.com>", "Subject: smuggled", "approved"}) {
                CHECK_MESSAGE(quotes(one, line), line);
            }
        }
        dots += quotes(one, ".") && quotes(one, "..") && quotes(one, std::string(700, '.')) ? 1U : 0U;
    }
    CHECK(smuggled == 6);
    CHECK(dots == 1);
    CHECK(has(by.log(), "TLS connection established"));
    CHECK_FALSE_MESSAGE(has(by.log(), "evil"), by.log());
}

TEST_CASE("Postfix puts letters off and refuses one: each comes once when it may, and the refusal is told of"
) {
    if (!can_judge()) {
        return;
    }
    mail all;
    const postfix by(all.rig.sandbox.listener_certificate_file(), all.rig.sandbox.listener_key_file());
    all.start(by.port(), {"nobody", "late", "slow", "bob"});
    const std::string id = all.request("the job fails");
    all.hallpass().wait_for_text("check the address");
    all.hallpass().wait_for_text("greylisted, come again");
    all.hallpass().wait_for_text("out of breath, come again");
    CHECK(has(all.hallpass().log(), "550 5.1.1 <nobody@example.com>: Recipient address rejected"));
    test::eventually("bob's is there", [&] { return count_of(by, "bob") == 1; });
    for (const char* name : {"late", "slow"}) {
        test::eventually(name, [&] { return count_of(by, name) == 1; });
    }
    all.deny(id, "not tonight");
    for (const char* name : {"late", "slow", "bob"}) {
        test::eventually(name, [&] { return count_of(by, name) == 3; });
    }
    CHECK(count_of(by, "nobody") == 0);
    CHECK(letters_in(by.letters_folder()).size() == 9);
}

TEST_CASE(
    "who sits between hallpass and Postfix gets no letter by taking STARTTLS away, and nothing by adding "
    "replies before it"
) {
    if (!can_judge()) {
        return;
    }
    mail all;
    const postfix by(all.rig.sandbox.listener_certificate_file(), all.rig.sandbox.listener_key_file());
    all.request("the job fails");
    const auto passes_nothing = [&](const char* how, const std::string& complaint) {
        CAPTURE(how);
        const test::temp_dir folder;
        test::process between =
            begin_asking("mail_proxy.py", {folder.path().string(), std::to_string(by.port()), how});
        all.start(static_cast<std::uint16_t>(std::stoi(port_of(between, folder))), {"bob"});
        // Of the letter, not only of the look at the server at start.
        all.hallpass().wait_for_event("delivery_failed");
        all.hallpass().wait_for_text(complaint);
        CHECK_MESSAGE(letters_in(by.letters_folder()).empty(), by.log());
        CHECK(has(between.standard_output(), "EHLO"));
        CHECK_FALSE_MESSAGE(has(between.standard_output(), "MAIL"), between.standard_output());
    };
    passes_nothing("strip", "it offers no STARTTLS");
    passes_nothing("inject", "Weird server reply");
}
