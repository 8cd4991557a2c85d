#include "../net/captured_log.hpp"
#include "../net/certificates.hpp"
#include "mail/mail_client.hpp"
#include "smtp_peer.hpp"
#include "support/run_coroutine.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

using namespace hallpass;
using namespace std::chrono_literals;
using ports::mail_encryption;
using ports::mail_login;
using ports::mail_stage;
namespace asio = boost::asio;

namespace {

// Of a call: doctest can't print a result.
class said_reply {
public:
    explicit said_reply(result<ports::mail_reply> said) : said_(std::move(said)) {}

    explicit operator bool() const { return said_.has_value(); }

    const ports::mail_reply* operator->() const { return &*said_; }

    fault error() const { return said_ ? fault() : said_.error(); }

private:
    result<ports::mail_reply> said_;
};

struct bench {
    bench() {
        const std::string file = folder.file("authority.pem");
        std::ofstream(file) << trusted.certificate_pem();
        ::setenv("SSL_CERT_FILE", file.c_str(), 1);
        mail::client_options options;
        options.look_up = [](const std::string& host) -> result<net::addresses> {
            if (host != "mail.test") {
                return fault(fault_kind::permanent, "there is no " + host);
            }
            return net::addresses{asio::ip::make_address("127.0.0.1")};
        };
        client = mail::make_mail_client(context.get_executor(), std::move(options), log);
        server->host = "mail.test";
        server->port = peer.port();
        server->username = "robot";
        server->password = secret("s3cret");
        server->own_name = "hallpass.test";
    }

    ~bench() {
        client.reset();
        ::unsetenv("SSL_CERT_FILE");
    }

    static net::tls_context context_of(test::authority& from, const std::string& name) {
        const net::server_identity identity = from.issue(name);
        return *net::make_server_tls_context(identity.certificate_chain_pem, identity.private_key_pem);
    }

    said_reply send(
        const std::string& text = "Subject: x\r\n\r\nhello\r\n",
        std::chrono::milliseconds deadline = 5s,
        const std::string& to = "alice@example.com"
    ) {
        ports::letter what;
        what.from = "robot@example.com";
        what.to = to;
        what.text = text;
        return run(client->send(server, what, deadline));
    }

    said_reply greet() { return run(client->greet(server, 5s)); }

    said_reply run(asio::awaitable<result<ports::mail_reply>> call) {
        std::optional<result<ports::mail_reply>> said;
        context.restart();
        asio::co_spawn(
            context, std::move(call),
            [&](std::exception_ptr error, result<ports::mail_reply> got) {
                REQUIRE_FALSE(error);
                said = std::move(got);
            }
        );
        const auto limit = std::chrono::steady_clock::now() + 10s;
        while (!said && std::chrono::steady_clock::now() < limit) {
            context.run_one_for(100ms);
        }
        REQUIRE_MESSAGE(said, "the call hasn't ended within 10 s");
        return said_reply(std::move(*said));
    }

    test::temp_dir folder;
    test::authority trusted;
    asio::io_context context;
    test::captured_log log;
    test::smtp_peer peer{context, context_of(trusted, "DNS:mail.test")};
    std::shared_ptr<ports::mail_server> server = std::make_shared<ports::mail_server>();
    std::unique_ptr<ports::mail_client> client;
};

} // namespace

TEST_CASE("a letter goes out encrypted and logged in, and the next one over the same connection") {
    bench b;
    const auto first = b.send("Subject: x\r\n\r\n.dot\r\n..\r\nbare\nfeed\r\n");
    REQUIRE_MESSAGE(first, first.error().text());
    CHECK(first->stage == mail_stage::accepted);
    CHECK(first->text == "250 2.0.0 queued");
    const auto second = b.send();
    REQUIRE_MESSAGE(second, second.error().text());
    CHECK(b.peer.connections == 1);
    CHECK(b.peer.encrypted == 1);
    REQUIRE(b.peer.letters.size() == 2);
    CHECK(b.peer.letters[0] == "Subject: x\r\n\r\n..dot\r\n...\r\nbare\r\nfeed\r\n");
    CHECK(b.peer.heard[0] == "EHLO hallpass.test");
    CHECK(b.peer.heard[1] == "STARTTLS");
    CHECK(b.peer.has_heard("MAIL FROM:<robot@example.com>"));
    CHECK(b.peer.has_heard("RCPT TO:<alice@example.com>"));
    CHECK(!b.log.has("s3cret"));
}

TEST_CASE("nobody else waits while a server thinks about a letter") {
    bench b;
    b.peer.thinks_about_letters = 300ms; // on this same thread
    const auto said = b.send();
    REQUIRE_MESSAGE(said, said.error().text());
    CHECK(said->stage == mail_stage::accepted);
}

TEST_CASE("no STARTTLS, no letter and no password") {
    bench b;
    b.peer.offers = {"AUTH PLAIN LOGIN"};
    const auto said = b.send();
    REQUIRE_FALSE(said);
    CHECK(said.error().kind() == fault_kind::transient);
    CHECK(said.error().text().find("it offers no STARTTLS") != std::string::npos);
    CHECK_FALSE(b.peer.has_heard("AUTH"));
    CHECK_FALSE(b.peer.has_heard("MAIL"));
}

TEST_CASE("a STARTTLS that is refused ends it too") {
    bench b;
    b.peer.says["STARTTLS"] = {"454 4.7.0 not now"};
    const auto said = b.send();
    REQUIRE_FALSE(said);
    CHECK_FALSE(b.peer.has_heard("AUTH"));
    CHECK_FALSE(b.peer.has_heard("MAIL"));
}

TEST_CASE("a certificate of a stranger, or for another name, gets no password") {
    bench b;
    SUBCASE("of a stranger") {
        test::authority stranger;
        test::smtp_peer other(b.context, bench::context_of(stranger, "DNS:mail.test"));
        b.server->port = other.port();
        const auto said = b.send();
        REQUIRE_FALSE(said);
        CHECK(said.error().text().find("SSL_CERT_FILE") != std::string::npos);
        CHECK_FALSE(other.has_heard("AUTH"));
    }
    SUBCASE("for another name") {
        test::smtp_peer other(b.context, bench::context_of(b.trusted, "DNS:else.test"));
        b.server->port = other.port();
        const auto said = b.send();
        REQUIRE_FALSE(said);
        CHECK(said.error().text().find("mail.test") != std::string::npos);
        CHECK_FALSE(other.has_heard("AUTH"));
    }
}

TEST_CASE("TLS can come before the first word") {
    bench b;
    b.peer.from_start = true;
    b.server->encryption = mail_encryption::from_start;
    const auto said = b.send();
    REQUIRE_MESSAGE(said, said.error().text());
    CHECK_FALSE(b.peer.has_heard("STARTTLS"));
    CHECK(b.peer.encrypted == 1);
}

TEST_CASE("in clear only where the operator says so") {
    bench b;
    b.peer.offers = {"AUTH PLAIN LOGIN"};
    for (const auto allowed : {mail_encryption::starttls_if_offered, mail_encryption::none}) {
        b.server->encryption = allowed;
        const auto said = b.send();
        REQUIRE_MESSAGE(said, said.error().text());
        CHECK(b.peer.encrypted == 0);
    }
}

TEST_CASE("each way to log in says its own words") {
    bench b;
    SUBCASE("PLAIN") {
        b.server->login = mail_login::plain;
        REQUIRE(b.send());
        CHECK(b.peer.has_heard("AUTH PLAIN"));
        CHECK(
            (b.peer.has_heard("AHJvYm90AHMzY3JldA==") || b.peer.has_heard("AUTH PLAIN AHJvYm90AHMzY3JldA=="))
        );
    }
    SUBCASE("LOGIN") {
        b.server->login = mail_login::login;
        REQUIRE(b.send());
        CHECK(b.peer.has_heard("AUTH LOGIN"));
        CHECK(b.peer.has_heard("czNjcmV0"));
    }
    SUBCASE("XOAUTH2") {
        b.server->login = mail_login::xoauth2;
        REQUIRE(b.send());
        CHECK(b.peer.has_heard("AUTH XOAUTH2"));
        // user=robot ^A auth=Bearer s3cret ^A ^A
        const std::string words = "dXNlcj1yb2JvdAFhdXRoPUJlYXJlciBzM2NyZXQBAQ==";
        CHECK((b.peer.has_heard(words) || b.peer.has_heard("AUTH XOAUTH2 " + words)));
    }
    SUBCASE("none") {
        b.server->login = mail_login::none;
        REQUIRE(b.send());
        CHECK_FALSE(b.peer.has_heard("AUTH"));
    }
}

TEST_CASE("a refused login says what the server said, and nothing is sent") {
    bench b;
    b.peer.says["challenge"] = {"535 5.7.8 Error: authentication failed"};
    b.peer.says["AUTH"] = {"334 "};
    const auto said = b.send();
    REQUIRE_MESSAGE(said, said.error().text());
    CHECK(said->stage == mail_stage::login);
    CHECK(said->code == 535);
    CHECK(said->text == "535 5.7.8 Error: authentication failed");
    CHECK_FALSE(b.peer.has_heard("MAIL"));
    CHECK(!b.log.has("s3cret"));
}

TEST_CASE("a server that is busy, or gone mad, before the letter is told of as such") {
    bench b;
    SUBCASE("busy") {
        b.peer.says["greeting"] = {"421 4.3.2 too many connections"};
        const auto said = b.send();
        REQUIRE_MESSAGE(said, said.error().text());
        CHECK(said->stage == mail_stage::greeting);
        CHECK(said->code == 421);
    }
    SUBCASE("mad") {
        b.peer.says["greeting"] = {"SSH-2.0-OpenSSH_9.2"};
        CHECK_FALSE(b.send());
    }
    SUBCASE("mad later") {
        b.peer.says["MAIL"] = {"yes please"};
        const auto said = b.send();
        REQUIRE_FALSE(said);
        CHECK(said.error().kind() == fault_kind::malformed);
    }
    CHECK(b.peer.letters.empty());
}

TEST_CASE("a refused recipient is an answer, and the connection is good for the next letter") {
    bench b;
    b.peer.says["RCPT"] = {"550-5.1.1 No such\r\n550 5.1.1 user here", "450 4.7.1 greylisted"};
    const auto refused = b.send();
    REQUIRE_MESSAGE(refused, refused.error().text());
    CHECK(refused->stage == mail_stage::recipient);
    CHECK(refused->code == 550);
    CHECK(refused->text == "550 5.1.1 No such 5.1.1 user here");
    const auto later = b.send();
    REQUIRE(later);
    CHECK(later->code == 450);
    REQUIRE(b.send());
    CHECK(b.peer.connections == 1);
    CHECK(b.peer.letters.size() == 1);
}

TEST_CASE("a letter that is refused at its end is taken back, since a server may keep it in mind") {
    bench b;
    b.peer.says["."] = {"451 4.3.0 come again"};
    const auto refused = b.send();
    REQUIRE_MESSAGE(refused, refused.error().text());
    CHECK(refused->stage == mail_stage::content);
    CHECK(refused->code == 451);
    CHECK(b.peer.heard.back() == "RSET");
    const auto taken = b.send();
    REQUIRE(taken);
    CHECK(taken->stage == mail_stage::accepted);
    CHECK(b.peer.connections == 1);
}

TEST_CASE("an address that isn't ASCII goes only where SMTPUTF8 is offered, and others go as ever") {
    for (const bool offered : {true, false}) {
        CAPTURE(offered);
        bench b;
        if (offered) {
            b.peer.offers.emplace_back("SMTPUTF8");
        }
        const std::string text = "Subject: x\r\n\r\nhello\r\n";
        for (int i = 0; i < 2; ++i) {
            const auto said = b.send(text, 5s, "žofie@example.com");
            REQUIRE(said);
            CHECK(said->stage == (offered ? mail_stage::accepted : mail_stage::recipient));
            CHECK(said->code == (offered ? 250 : 0));
        }
        CHECK(b.peer.has_heard("RCPT TO:<žofie@example.com>") == offered);
        CHECK(b.peer.has_heard("MAIL FROM:<robot@example.com> SMTPUTF8 BODY=8BITMIME") == offered);
        const auto plain = b.send();
        REQUIRE(plain);
        CHECK(plain->stage == mail_stage::accepted);
        const auto& heard = b.peer.heard;
        CHECK(std::count(heard.begin(), heard.end(), "MAIL FROM:<robot@example.com>") == 1);
        CHECK(std::count(heard.begin(), heard.end(), "EHLO hallpass.test") == 3); // libcurl's two, and ours
        CHECK(b.peer.connections == 1);
    }
}

TEST_CASE("only behind the final dot nobody knows whether a letter was taken") {
    bench b;
    SUBCASE("gone behind it") {
        b.peer.says["."] = {test::hangs_up};
        const auto said = b.send();
        REQUIRE_FALSE(said);
        CHECK(said.error().uncertain());
        CHECK(said.error().kind() == fault_kind::transient);
    }
    SUBCASE("silent behind it") {
        b.peer.says["."] = {test::says_nothing};
        const auto said = b.send("\r\n", 500ms);
        REQUIRE_FALSE(said);
        CHECK(said.error().uncertain());
    }
    SUBCASE("gone before it") {
        b.peer.says["DATA"] = {test::hangs_up};
        const auto said = b.send();
        REQUIRE_FALSE(said);
        CHECK_FALSE(said.error().uncertain());
    }
    SUBCASE("refused behind it") {
        b.peer.says["."] = {"554 5.7.1 spam"};
        const auto said = b.send();
        REQUIRE(said);
        CHECK(said->stage == mail_stage::content);
        CHECK(said->code == 554);
    }
}

TEST_CASE("a connection that has gone while it was idle is replaced without a word") {
    bench b;
    REQUIRE(b.send());
    SUBCASE("noticed before") {
        b.peer.hang_up();
        b.context.restart();
        b.context.poll();
    }
    SUBCASE("noticed when it is used") {
        b.peer.says["MAIL"] = {"421 4.4.2 timeout, closing"};
    }
    const auto said = b.send();
    REQUIRE_MESSAGE(said, said.error().text());
    CHECK(said->stage == mail_stage::accepted);
    CHECK(b.peer.connections == 2);
    CHECK(b.peer.letters.size() == 2);
}

TEST_CASE("a silent server costs no more than the deadline, and a call can be cancelled") {
    bench b;
    for (const char* word : {"greeting", "MAIL"}) {
        CAPTURE(word);
        b.peer.says[word] = {test::says_nothing};
        const auto begun = std::chrono::steady_clock::now();
        const auto said = b.send("\r\n", 300ms);
        REQUIRE_FALSE(said);
        CHECK(said.error().kind() == fault_kind::transient);
        CHECK(std::chrono::steady_clock::now() - begun < 3s);
    }
    for (const char* word : {"greeting", "MAIL"}) {
        CAPTURE(word);
        b.peer.says[word] = {test::says_nothing};
        asio::cancellation_signal stop;
        ports::letter what;
        std::optional<fault_kind> ended;
        b.context.restart();
        asio::co_spawn(
            b.context, b.client->send(b.server, what, 60s),
            asio::bind_cancellation_slot(
                stop.slot(), [&](std::exception_ptr, result<ports::mail_reply> got
                             ) { ended = got ? fault_kind::bug : got.error().kind(); }
            )
        );
        const std::size_t before = b.peer.heard.size();
        const auto limit = std::chrono::steady_clock::now() + 5s;
        const bool at_greeting = std::string(word) == "greeting";
        const int connections = b.peer.connections;
        while (std::chrono::steady_clock::now() < limit) {
            b.context.run_one_for(20ms);
            if (at_greeting ? b.peer.connections > connections
                            : b.peer.heard.size() > before && b.peer.heard.back().starts_with("MAIL")) {
                break;
            }
        }
        stop.emit(asio::cancellation_type::terminal);
        while (!ended && std::chrono::steady_clock::now() < limit) {
            b.context.run_one_for(20ms);
        }
        REQUIRE(ended);
        CHECK(*ended == fault_kind::cancelled);
    }
}

TEST_CASE("a name that isn't there is told of") {
    bench b;
    b.server->host = "nowhere.test";
    const auto said = b.send();
    REQUIRE_FALSE(said);
    CHECK(said.error().text().find("there is no nowhere.test") != std::string::npos);
}

TEST_CASE("a check logs in and sends nothing") {
    bench b;
    const auto said = b.greet();
    REQUIRE_MESSAGE(said, said.error().text());
    CHECK(said->stage == mail_stage::accepted);
    CHECK(b.peer.has_heard("AUTH"));
    CHECK(b.peer.has_heard("NOOP"));
    CHECK_FALSE(b.peer.has_heard("MAIL"));
}

TEST_CASE("many letters at once share a few connections, and all arrive") {
    bench b;
    constexpr std::size_t many = 40;
    std::size_t accepted = 0;
    b.context.restart();
    for (std::size_t i = 0; i < many; ++i) {
        ports::letter what;
        what.text = "\r\n";
        asio::co_spawn(
            b.context, b.client->send(b.server, what, 10s),
            [&](std::exception_ptr, result<ports::mail_reply> got) {
                accepted += got && got->stage == mail_stage::accepted ? 1U : 0U;
            }
        );
    }
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (accepted < many && std::chrono::steady_clock::now() < limit) {
        b.context.run_one_for(50ms);
    }
    CHECK(accepted == many);
    CHECK(b.peer.letters.size() == many);
    CHECK(b.peer.connections <= 8);
}

TEST_CASE("a connection that nobody uses says goodbye") {
    bench b;
    mail::client_options options;
    options.idle_timeout = 50ms;
    options.look_up = [](const std::string&) -> result<net::addresses> {
        return net::addresses{asio::ip::make_address("127.0.0.1")};
    };
    b.client = mail::make_mail_client(b.context.get_executor(), std::move(options), b.log);
    REQUIRE(b.send());
    const auto limit = std::chrono::steady_clock::now() + 5s;
    while (!b.peer.has_heard("QUIT") && std::chrono::steady_clock::now() < limit) {
        b.context.run_one_for(20ms);
    }
    CHECK(b.peer.has_heard("QUIT"));
    REQUIRE(b.send());
    CHECK(b.peer.connections == 2);
}

TEST_CASE("who is closed hangs up at once, and keeps no connection for later") {
    bench b;
    REQUIRE(b.send());
    b.client->close();
    const auto goodbyes = [&] { return std::ranges::count(b.peer.heard, "QUIT"); };
    const auto limit = std::chrono::steady_clock::now() + 5s;
    while (goodbyes() < 1 && std::chrono::steady_clock::now() < limit) {
        b.context.run_one_for(20ms);
    }
    CHECK(goodbyes() == 1);
    REQUIRE(b.send());
    while (goodbyes() < 2 && std::chrono::steady_clock::now() < limit) {
        b.context.run_one_for(20ms);
    }
    CHECK(goodbyes() == 2);
    CHECK(b.peer.connections == 2);
}
