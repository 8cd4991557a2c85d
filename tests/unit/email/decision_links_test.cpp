#include "base/base64.hpp"
#include "bench.hpp"
#include "minted.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

using namespace hallpass;
using namespace hallpass::test;
using namespace hallpass::services::email;
using namespace std::chrono_literals;
using access::decision_result;
using ports::callback_request;
using ports::callback_response;
namespace json = boost::json;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// What stands between two texts, "" where they don't.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const std::size_t at = text.find(begin);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t from = at + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

class desk final : public ports::decision_desk {
public:
    const access::review_rules& rules() const noexcept override { return written; }

    boost::asio::awaitable<result<std::optional<ports::shown_request>>> look_up(std::string) override {
        co_return found;
    }

    boost::asio::awaitable<access::decision_outcome> decide(access::decision asked) override {
        decisions.push_back(std::move(asked));
        co_return outcome;
    }

    void spawn(std::string, boost::asio::awaitable<void>) override {}

    void listen(std::string, boost::asio::awaitable<void>) override {}

    access::review_rules written;
    result<std::optional<ports::shown_request>> found =
        std::optional(ports::shown_request{sample_request(), approver_card(sample_request())});
    access::decision_outcome outcome;
    std::vector<access::decision> decisions;
};

const minting_key& provider_key() {
    static const minting_key key("ES256", "k1");
    return key;
}

struct link_bench : service_bench {
    link_bench() {
        time.time = instant(std::chrono::milliseconds(1'772'334'000'000));
        link_config config;
        config.key = secret("0123456789abcdef0123456789abcdef");
        config.public_addr = "https://hallpass.example.com";
        config.oidc = {"https://login.example.com", "hallpass", secret("client-s3cret")};
        links = std::make_unique<decision_links>(std::move(config), http, time, log, at);
        at.outcome.what = decision_result::accepted;
        at.outcome.state = access::request_state::approved;
        http.script.emplace_back(answer(
            R"({"issuer":"https://login.example.com","authorization_endpoint":"https://login.example.com/authorize",)"
            R"("token_endpoint":"https://login.example.com/token","jwks_uri":"https://login.example.com/keys"})"
        ));
    }

    callback_response call(callback_request request) {
        std::optional<callback_response> got;
        context.restart();
        run_coroutine(context, [&]() -> boost::asio::awaitable<void> {
            auto answering = links->route().answer(std::move(request));
            callback_response made = co_await std::move(answering);
            got = std::move(made);
        });
        return std::move(*got);
    }

    static std::string cookie_of(const callback_response& response) {
        const std::string_view set = ports::find_header(response.headers, "Set-Cookie");
        return std::string(set.substr(0, set.find(';')));
    }

    callback_response
    get(const std::string& path, const std::string& query = "", const std::string& cookie = "") {
        callback_request asked;
        asked.method = ports::http_method::get;
        asked.path = path;
        asked.query = query;
        if (!cookie.empty()) {
            asked.headers.emplace_back("Cookie", "other=1; " + cookie);
        }
        return call(std::move(asked));
    }

    callback_response
    post(const std::string& body, const std::string& cookie, ports::http_headers headers = {}) {
        callback_request asked;
        asked.path = "/review/decide";
        asked.headers = std::move(headers);
        asked.headers.emplace_back("Cookie", cookie);
        asked.body = body;
        return call(std::move(asked));
    }

    std::string link_path(std::chrono::milliseconds valid = 1h) const {
        const std::string link = links->link(sample_request().id, "bob@example.com", time.time + valid);
        REQUIRE(link.starts_with("https://hallpass.example.com/review/"));
        return link.substr(std::string("https://hallpass.example.com").size());
    }

    // What a browser carries back from the provider.
    struct logged_in {
        std::string query;
        std::string cookie;
    };

    logged_in log_in(json::object more = {}) {
        const callback_response asked = get(link_path());
        REQUIRE(asked.status == 303);
        const std::string url(ports::find_header(asked.headers, "Location"));
        json::object claims{
            {"iss", "https://login.example.com"},
            {"aud", "hallpass"},
            {"sub", "u-1"},
            {"exp", 1'772'334'300},
            {"iat", 1'772'334'000},
            {"nonce", between(url, "&nonce=", "&")},
            {"email", "Bob@example.com"},
            {"email_verified", true}};
        for (const auto& [key, value] : more) {
            claims[key] = value;
        }
        const json::object token{{"id_token", provider_key().token(claims)}};
        http.script.emplace_back(answer(json::serialize(token)));
        http.script.emplace_back(answer(json::serialize(provider_key().key_set())));
        return {"code=c0de&state=" + between(url, "&state=", "&"), cookie_of(asked)};
    }

    struct shown_form {
        std::string sealed;
        std::string cookie;
        callback_response page;
    };

    shown_form show_form() {
        const logged_in back = log_in();
        callback_response page = get("/review/login", back.query, back.cookie);
        REQUIRE(page.status == 200);
        return {between(page.body, "name=\"form\" value=\"", "\""), cookie_of(page), std::move(page)};
    }

    desk at;
    std::unique_ptr<decision_links> links;
};

bool is_refused(const callback_response& answer) {
    const callback_response refused = ports::refused_callback();
    return answer.status == refused.status && answer.body == refused.body &&
           answer.headers == refused.headers;
}

} // namespace

TEST_CASE("a link asks for a login, and whoever only opens links gets no further") {
    link_bench b;
    const callback_response asked = b.get(b.link_path());
    CHECK(asked.status == 303);
    const std::string url(ports::find_header(asked.headers, "Location"));
    CHECK(url.starts_with(
        "https://login.example.com/authorize?response_type=code&scope=openid%20email&client_id=hallpass"
    ));
    CHECK(has(url, "&redirect_uri=https%3A%2F%2Fhallpass.example.com%2Freview%2Flogin"));
    CHECK(has(url, "&code_challenge_method=S256"));
    CHECK_FALSE(has(url, sample_request().id));
    const std::string cookie(ports::find_header(asked.headers, "Set-Cookie"));
    CHECK(cookie.starts_with("__Host-hallpass-login="));
    CHECK(has(cookie, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure"));
    CHECK(b.at.decisions.empty());
    CHECK_FALSE(has(b.link_path(), "approve"));
}

TEST_CASE("who has logged in sees the request, decides, and is told what became of it") {
    link_bench b;
    const auto form = b.show_form();
    CHECK(has(form.page.body, "alice@example.com: role request"));
    CHECK(has(form.page.body, "You decide as <strong>bob@example.com</strong>"));
    for (const char* name :
         {"Content-Security-Policy", "X-Frame-Options", "Cache-Control", "Referrer-Policy"}) {
        CHECK_FALSE(ports::find_header(form.page.headers, name).empty());
    }
    CHECK(
        has(std::string(ports::find_header(form.page.headers, "Content-Security-Policy")),
            "frame-ancestors 'none'")
    );
    CHECK(has(std::string(ports::find_header(form.page.headers, "Set-Cookie")), "SameSite=Strict"));
    CHECK(b.at.decisions.empty());

    const std::string body = "form=" + form.sealed + "&verdict=approve&reason=seen+and+judged";
    const callback_response done = b.post(body, form.cookie, {{"Sec-Fetch-Site", "same-origin"}});
    CHECK(done.status == 200);
    CHECK(has(done.body, "Your decision is recorded"));
    REQUIRE(b.at.decisions.size() == 1);
    const access::decision& made = b.at.decisions.front();
    CHECK(made.request_id == sample_request().id);
    CHECK(made.what == access::verdict::approve);
    CHECK(made.reason == "seen and judged");
    CHECK(made.person.service == "email");
    CHECK(made.person.id == "bob@example.com");
    CHECK(made.person.facts->email_verified);
    CHECK_FALSE(made.person.facts->guest);

    // The code was exchanged with the verifier of the challenge, and our secret stays with the provider.
    const ports::http_request& exchange = b.http.asked.at(1);
    CHECK(exchange.url == "https://login.example.com/token");
    CHECK(has(exchange.body, "grant_type=authorization_code&code=c0de"));
    CHECK(has(exchange.body, "&code_verifier="));
    CHECK(ports::find_header(exchange.headers, "Authorization") == "Basic aGFsbHBhc3M6Y2xpZW50LXMzY3JldA==");
    CHECK_FALSE(has(b.log.text, "client-s3cret"));
}

TEST_CASE("success is never shown before it is") {
    link_bench b;
    const auto form = b.show_form();
    b.at.outcome.what = decision_result::already_reviewed;
    const callback_response done = b.post("form=" + form.sealed + "&verdict=deny", form.cookie);
    CHECK(has(done.body, "Nothing was decided by you now"));
    CHECK(b.at.decisions.front().what == access::verdict::deny);
}

TEST_CASE("a forged, changed or posted link is refused like any other") {
    link_bench b;
    const std::string path = b.link_path();
    std::string changed = path;
    changed[20] = changed[20] == 'A' ? 'B' : 'A';
    std::string shouted = path;
    std::transform(shouted.begin() + 8, shouted.end(), shouted.begin() + 8, [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    const std::string sealed = path.substr(8);
    for (const std::string& wrong :
         {std::string("/review/"), std::string("/review/x"), changed, path + "x", path + '.' + sealed,
          path + sealed, path.substr(0, path.size() - 1), path.substr(0, 8 + sealed.size() / 2),
          path.substr(0, 8 + 43), shouted, "/review/" + std::string(5000, 'A') + '.' + sealed}) {
        CAPTURE(wrong);
        CHECK(is_refused(b.get(wrong)));
    }
    callback_request posted;
    posted.path = path;
    CHECK(is_refused(b.call(std::move(posted))));
    CHECK(b.http.asked.empty());
}

TEST_CASE("a link that is too old says so") {
    link_bench b;
    const callback_response old = b.get(b.link_path(-1s));
    CHECK(old.status == 410);
    CHECK(b.http.asked.empty());
}

TEST_CASE("a login belongs to the browser that began it, and to its time") {
    link_bench b;
    const auto back = b.log_in();
    const std::size_t calls = b.http.asked.size();
    CHECK(b.get("/review/login", back.query).status == 403);
    CHECK(b.get("/review/login", back.query, "__Host-hallpass-login=somebody-elses").status == 403);
    CHECK(b.get("/review/login", back.query, back.cookie + "; " + back.cookie).status == 403);
    CHECK(is_refused(b.get("/review/login", "code=c0de&state=forged", back.cookie)));
    CHECK(is_refused(b.get("/review/login", "", back.cookie)));
    CHECK(b.get("/review/login", "error=access_denied&" + back.query.substr(10), back.cookie).status == 403);
    b.time.time += 11min;
    CHECK(b.get("/review/login", back.query, back.cookie).status == 403);
    CHECK(b.http.asked.size() == calls);
}

TEST_CASE("a link is no state, a state no form, and a form no link") {
    link_bench b;
    const std::string link = b.link_path().substr(std::string("/review/").size());
    const auto form = b.show_form();
    CHECK(is_refused(b.get("/review/login", "code=c&state=" + link, form.cookie)));
    CHECK(is_refused(b.get("/review/" + form.sealed)));
    CHECK(is_refused(b.post("form=" + link + "&verdict=approve", form.cookie)));
    CHECK(b.at.decisions.empty());
}

TEST_CASE("who isn't vouched for doesn't decide") {
    for (const json::object& claims :
         {json::object{{"email_verified", false}}, json::object{{"email", ""}},
          json::object{{"email", "nobody"}}}) {
        link_bench b;
        const auto back = b.log_in(claims);
        const callback_response page = b.get("/review/login", back.query, back.cookie);
        CHECK(page.status == 403);
        CHECK_FALSE(has(page.body, "<form"));
    }
    for (const json::object& claims :
         {json::object{{"nonce", "another"}}, json::object{{"aud", "another"}}, json::object{{"exp", 1}}}) {
        link_bench b;
        const auto back = b.log_in(claims);
        CHECK(is_refused(b.get("/review/login", back.query, back.cookie)));
        CHECK(has(b.log.text, "login_failed"));
    }
}

TEST_CASE("an address is its account to the letter, but for its case") {
    for (const auto& [said, account] :
         {std::pair("BOB@Example.COM", "bob@example.com"), std::pair("bob@example.com.", "bob@example.com."),
          std::pair("bob@examp1e.com", "bob@examp1e.com"),
          std::pair("bob@example.com.evil.example", "bob@example.com.evil.example")}) {
        CAPTURE(said);
        link_bench b;
        const auto back = b.log_in(json::object{{"email", said}});
        const callback_response page = b.get("/review/login", back.query, back.cookie);
        if (page.status != 200) {
            CHECK(page.status == 403); // no address at all
            continue;
        }
        const std::string sealed = between(page.body, "name=\"form\" value=\"", "\"");
        b.post("form=" + sealed + "&verdict=approve", link_bench::cookie_of(page));
        REQUIRE(b.at.decisions.size() == 1);
        CHECK(b.at.decisions.front().person.id == account);
        CHECK(b.at.decisions.front().person.facts->email == account);
    }
}

TEST_CASE("a form counts only from our own page, in the browser that has it, in its time") {
    link_bench b;
    const auto form = b.show_form();
    const std::string body = "form=" + form.sealed + "&verdict=approve";
    CHECK(is_refused(b.post(body, "")));
    CHECK(is_refused(b.post(body, "__Host-hallpass-form=another")));
    CHECK(is_refused(b.post(body, form.cookie, {{"Sec-Fetch-Site", "cross-site"}})));
    CHECK(is_refused(b.post("verdict=approve", form.cookie)));
    CHECK(is_refused(b.post(body, form.cookie + "; " + form.cookie)));
    CHECK(is_refused(b.post(body + "&form=" + form.sealed, form.cookie)));
    CHECK(is_refused(b.post(body + "&verdict=deny", form.cookie)));
    CHECK(is_refused(b.post("form=" + form.sealed, form.cookie)));
    CHECK(is_refused(b.post("form=" + form.sealed + "&verdict=maybe", form.cookie)));
    CHECK(is_refused(b.post(body + "&reason=" + std::string(5000, 'x'), form.cookie)));
    CHECK(is_refused(b.post(body + "&reason=" + std::string(50'000, 'x'), form.cookie)));
    b.time.time += 11min;
    CHECK(b.post(body, form.cookie).status == 403);
    CHECK(b.at.decisions.empty());
}

TEST_CASE("roles that want it are approved with one more tick, and denied without") {
    link_bench b;
    b.at.written.confirm_roles = {"prod-admin"};
    auto form = b.show_form();
    CHECK(has(form.page.body, "name=\"confirm\""));
    const callback_response again = b.post("form=" + form.sealed + "&verdict=approve", form.cookie);
    CHECK(has(again.body, "wants the tick"));
    CHECK(b.at.decisions.empty());
    const std::string sealed = between(again.body, "name=\"form\" value=\"", "\"");
    b.post("form=" + sealed + "&verdict=approve&confirm=yes", link_bench::cookie_of(again));
    b.post("form=" + form.sealed + "&verdict=deny", form.cookie);
    CHECK(b.at.decisions.size() == 2);
}

TEST_CASE("a reason that is wanted is asked for") {
    link_bench b;
    const auto form = b.show_form();
    b.at.outcome.what = decision_result::reason_required;
    const callback_response again = b.post("form=" + form.sealed + "&verdict=deny", form.cookie);
    CHECK(has(again.body, "<form"));
    CHECK(has(again.body, "class=\"problem\""));
}

TEST_CASE("a request that is gone or decided has no form") {
    link_bench gone;
    auto back = gone.log_in();
    gone.at.found = std::optional<ports::shown_request>();
    CHECK(gone.get("/review/login", back.query, back.cookie).status == 404);
    link_bench decided;
    back = decided.log_in();
    const auto request = resolved(sample_request(), access::request_state::denied, "");
    decided.at.found = std::optional(ports::shown_request{request, approver_card(request)});
    const callback_response page = decided.get("/review/login", back.query, back.cookie);
    CHECK(has(page.body, "Already decided"));
    CHECK_FALSE(has(page.body, "<form"));
}

TEST_CASE("hostile words stay words on the page") {
    link_bench b;
    auto request = hostile_request();
    request.request_reason = "</blockquote><script>alert(1)</script>\" onload=\"x";
    b.at.found = std::optional(ports::shown_request{request, approver_card(request)});
    const auto form = b.show_form();
    CHECK_FALSE(has(form.page.body, "<script"));
    CHECK(has(form.page.body, "&lt;script&gt;"));
}

TEST_CASE("a provider's new key is asked for, but not each time") {
    link_bench b;
    b.show_form();
    const minting_key next("RS256", "k2");
    const auto log_in_by_next = [&](bool finds_it) {
        const callback_response asked = b.get(b.link_path());
        const std::string url(ports::find_header(asked.headers, "Location"));
        const json::object claims{
            {"iss", "https://login.example.com"},
            {"aud", "hallpass"},
            {"sub", "u-1"},
            {"exp", 1'772'339'000},
            {"iat", 1'772'334'000},
            {"nonce", between(url, "&nonce=", "&")},
            {"email", "bob@example.com"},
            {"email_verified", true}};
        b.http.script.emplace_back(answer(json::serialize(json::object{{"id_token", next.token(claims)}})));
        if (finds_it) {
            b.http.script.emplace_back(answer(json::serialize(next.key_set())));
        }
        return b
            .get(
                "/review/login", "code=c&state=" + between(url, "&state=", "&"), link_bench::cookie_of(asked)
            )
            .status;
    };
    b.http.script.clear();
    CHECK(log_in_by_next(false) == 401); // the keys were fetched a moment ago
    b.time.time += 2min;
    CHECK(log_in_by_next(true) == 200);
}

TEST_CASE("a provider that is down, or isn't the configured one, decides nothing") {
    link_bench b;
    b.http.script.clear();
    b.http.script.emplace_back(fault(fault_kind::transient, "down"));
    CHECK(b.get(b.link_path()).status == 503);
    b.http.script.emplace_back(answer(R"({"issuer":"https://evil.example"})"));
    CHECK(b.get(b.link_path()).status == 503);
    CHECK(has(b.log.text, "it calls itself https://evil.example"));
    b.http.script.emplace_back(answer(
        R"({"issuer":"https://login.example.com","authorization_endpoint":"http://login.example.com/a",)"
        R"("token_endpoint":"https://login.example.com/t","jwks_uri":"https://login.example.com/k"})"
    ));
    CHECK(b.get(b.link_path()).status == 503);
}

TEST_CASE("a letter leads to a decision where decisions are taken, and only while there is one to make") {
    auto config = email_bench::by_smtp();
    link_config links;
    links.key = secret("0123456789abcdef0123456789abcdef");
    links.public_addr = "https://hallpass.example.com";
    config.links = std::move(links);
    email_bench b(std::move(config));
    const auto post = [&](const access::card& shown) {
        const auto sent =
            b.run([&] { return b.email->post(b.alice, shown, access::delivery_key("r", "card")); });
        REQUIRE(sent.has_value());
        std::string text = b.mail.letters.back().text;
        for (std::size_t at = text.find("=\r\n"); at != std::string::npos; at = text.find("=\r\n")) {
            text.erase(at, 3);
        }
        return has(text, "https://hallpass.example.com/review/");
    };
    CHECK_FALSE(post(approver_card(sample_request())));
    desk at;
    const auto routes = b.email->take_decisions(at);
    REQUIRE(routes.size() == 1);
    CHECK(routes.front().path == "/review/");
    CHECK(routes.front().pages);
    CHECK(post(approver_card(sample_request())));
    CHECK_FALSE(post(requester_card(sample_request())));
    CHECK_FALSE(post(approver_card(resolved(sample_request(), access::request_state::denied, ""))));
    CHECK(email_bench().email->take_decisions(at).empty());
}
