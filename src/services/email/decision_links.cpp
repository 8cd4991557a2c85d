#include "services/email/decision_links.hpp"

#include "access/decision_outcome.hpp"
#include "base/text.hpp"
#include "services/email/form_fields.hpp"
#include "services/email/mailbox.hpp"
#include "services/email/pages.hpp"
#include "services/email/sealed_words.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services::email {

using ports::callback_request;
using ports::callback_response;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view base = "/review/";
constexpr std::size_t longest_query = 8192;
constexpr std::size_t longest_body = 16 * 1024;
constexpr std::size_t longest_reason = 4000;
constexpr auto time_to_log_in = 10min;
constexpr auto time_to_decide = 10min;

// Nothing where it is there twice: of two, somebody else may have set the other.
std::optional<std::string> cookie_of(const callback_request& request, const std::string& name) {
    std::optional<std::string> found;
    for (const auto& [key, value] : request.headers) {
        if (lower_case(key) != "cookie") {
            continue;
        }
        for (const std::string& pair : split(value, ';')) {
            const std::string_view one = trimmed(pair);
            if (!one.starts_with(name) || one.size() <= name.size() || one[name.size()] != '=') {
                continue;
            }
            if (found) {
                return std::nullopt;
            }
            found = one.substr(name.size() + 1);
        }
    }
    return found;
}

access::account account_of(const std::string& email) {
    access::account who;
    who.service = "email";
    who.id = email;
    access::account_facts facts;
    facts.email = email;
    facts.email_verified = true;
    facts.active = true;
    facts.guest = false;
    facts.bot = false;
    facts.foreign = false;
    who.facts = std::move(facts);
    return who;
}

callback_response gone() {
    return message_page(
        404, "Nothing to decide", "The request isn't there any more: it has expired, or was deleted.", ""
    );
}

callback_response try_again() {
    return message_page(
        503, "Not now",
        "The login or Teleport can't be reached. Nothing was decided. Please try again in a moment.", ""
    );
}

} // namespace

decision_links::decision_links(
    link_config config,
    ports::http_client& http,
    ports::clock& time,
    ports::log& out,
    ports::decision_desk& desk
)
    : seal_(config.key, "hallpass email link_secret v1"),
      public_addr_(std::move(config.public_addr)),
      secure_(public_addr_.starts_with("https://")),
      provider_(std::move(config.oidc), http, time),
      time_(time),
      out_(out),
      desk_(desk) {}

ports::callback_route decision_links::route() {
    ports::callback_route made;
    made.path = base;
    made.pages = true;
    made.answer = [this](callback_request request) { return take(std::move(request)); };
    return made;
}

std::string decision_links::link(const std::string& request_id, const std::string& to, instant until) const {
    return public_addr_ + std::string(base) + seal_words(seal_, "link", {request_id, to}, until);
}

callback_response decision_links::refuse(std::string_view why) const {
    // Whoever comes by can bring this about.
    out_.debug("callback_refused", {{"service", "email"}, {"why", std::string(why)}});
    return ports::refused_callback();
}

std::string decision_links::cookie_name(std::string_view which) const {
    return (secure_ ? "__Host-hallpass-" : "hallpass-") + std::string(which);
}

std::string decision_links::set_cookie(
    std::string_view which, const std::string& value, std::string_view same_site
) const {
    return cookie_name(which) + '=' + value + "; Path=/; HttpOnly; SameSite=" + std::string(same_site) +
           "; Max-Age=" + (value.empty() ? "0" : "600") + (secure_ ? "; Secure" : "");
}

bool decision_links::has_cookie(
    const callback_request& request, std::string_view which, std::string_view proof
) const {
    const auto cookie = cookie_of(request, cookie_name(which));
    return cookie && !cookie->empty() && equal_in_constant_time(seal_.mark("cookie", {*cookie}), proof);
}

login decision_links::login_for(const std::string& cookie, std::string state) const {
    login made;
    made.state = std::move(state);
    made.nonce = seal_.mark("nonce", {cookie});
    made.verifier = seal_.mark("verifier", {cookie});
    made.redirect_uri = public_addr_ + std::string(base) + "login";
    return made;
}

decision_links::answer decision_links::take(callback_request request) {
    const std::string what = request.path.substr(base.size());
    const bool gets = request.method == ports::http_method::get;
    if (gets && what == "login") {
        return on_login(std::move(request));
    }
    if (!gets && what == "decide") {
        return on_form(std::move(request));
    }
    // A link that is posted to is opened with an empty seal, and refused.
    return on_link(gets ? what : std::string());
}

decision_links::answer decision_links::on_link(std::string sealed) {
    const auto opened = open_words(seal_, "link", sealed, time_.now());
    if (!opened || opened->words.size() != 2) {
        co_return refuse("the link is none of ours");
    }
    if (opened->expired) {
        co_return message_page(
            410, "This link has expired",
            "The request has expired, or the link is too old. Look for it in Teleport.", ""
        );
    }
    const std::string cookie = random_word();
    const std::string proof = seal_.mark("cookie", {cookie});
    std::string state = seal_words(seal_, "state", {opened->words[0], proof}, time_.now() + time_to_log_in);
    const result<std::string> page = co_await provider_.begin(login_for(cookie, std::move(state)));
    if (!page) {
        out_.warning("login_failed", {{"service", "email"}, {"error", page.error().text()}});
        co_return try_again();
    }
    callback_response made;
    made.status = 303;
    made.headers = {
        {"Location", *page},
        {"Set-Cookie", set_cookie("login", cookie, "Lax")},
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", "no-referrer"}};
    co_return made;
}

decision_links::answer decision_links::on_login(callback_request request) {
    const auto fields = request.query.size() <= longest_query ? read_form(request.query) : std::nullopt;
    if (!fields || !fields->contains("state")) {
        co_return refuse("the login came back without a state");
    }
    const auto state = open_words(seal_, "state", fields->at("state"), time_.now());
    if (!state || state->words.size() != 2) {
        co_return refuse("the login's state is none of ours");
    }
    const std::string request_id = state->words[0];
    if (state->expired || !has_cookie(request, "login", state->words[1])) {
        out_.warning(
            "callback_refused", {{"service", "email"}, {"why", "a login of another browser, or too late"}}
        );
        co_return message_page(
            403, "Please open the link again", "The login took too long, or began in another browser.", ""
        );
    }
    if (!fields->contains("code")) {
        co_return message_page(
            403, "You are not logged in", "The login was not finished. Nothing was decided.", ""
        );
    }
    const std::string cookie = cookie_of(request, cookie_name("login")).value_or("");
    login mine = login_for(cookie, fields->at("state"));
    const result<proved_person> who = co_await provider_.finish(std::move(mine), fields->at("code"));
    if (!who) {
        out_.warning("login_failed", {{"service", "email"}, {"error", who.error().text()}});
        const bool refused =
            who.error().kind() == fault_kind::unauthorised || who.error().kind() == fault_kind::not_found;
        co_return refused ? ports::refused_callback() : try_again();
    }
    if (!who->email_verified || !is_address(who->email)) {
        out_.warning(
            "login_failed", {{"service", "email"}, {"error", "the provider vouches for no address"}}
        );
        co_return message_page(
            403, "You can't decide here", "Your login vouches for no mail address. Decide in Teleport.", ""
        );
    }
    callback_response shown = co_await show_form(request_id, who->email, "");
    shown.headers.emplace_back("Set-Cookie", set_cookie("login", "", "Lax"));
    co_return shown;
}

decision_links::answer
decision_links::show_form(std::string request_id, std::string email, std::string problem) {
    const auto found = co_await desk_.look_up(request_id);
    if (!found) {
        co_return try_again();
    }
    if (!*found) {
        co_return gone();
    }
    const ports::shown_request& shown = **found;
    if (is_resolved(shown.request.state)) {
        const std::string status(to_string(shown.request.state));
        co_return message_page(200, "Already decided", "The request is " + status + '.', shown.card.link);
    }
    const std::string cookie = random_word();
    decision_form form;
    form.words = card_words(shown.card);
    form.who = email;
    form.sealed = seal_words(
        seal_, "form", {request_id, email, seal_.mark("cookie", {cookie})}, time_.now() + time_to_decide
    );
    form.wants_confirmation = access::needs_confirmation(desk_.rules(), shown.request);
    form.wants_reason = access::needs_reason(desk_.rules(), access::verdict::deny);
    form.problem = std::move(problem);
    callback_response made = form_page(form);
    made.headers.emplace_back("Set-Cookie", set_cookie("form", cookie, "Strict"));
    co_return made;
}

decision_links::answer decision_links::on_form(callback_request request) {
    const std::string_view site = request.header("Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin") {
        co_return refuse("a form of another site");
    }
    const auto fields = request.body.size() <= longest_body ? read_form(request.body) : std::nullopt;
    const auto form = fields && fields->contains("form")
                          ? open_words(seal_, "form", fields->at("form"), time_.now())
                          : std::nullopt;
    if (!form || form->words.size() != 3 || !has_cookie(request, "form", form->words[2])) {
        co_return refuse("the form is none of ours, or of another browser");
    }
    if (form->expired) {
        co_return message_page(
            403, "Please open the link again", "The page was open for too long. Nothing was decided.", ""
        );
    }
    const auto verdict = fields->find("verdict");
    const bool approves = verdict != fields->end() && verdict->second == "approve";
    if (!approves && (verdict == fields->end() || verdict->second != "deny")) {
        co_return refuse("the form says neither approve nor deny");
    }
    access::decision asked;
    asked.request_id = form->words[0];
    asked.person = account_of(form->words[1]);
    asked.what = approves ? access::verdict::approve : access::verdict::deny;
    const auto reason = fields->find("reason");
    asked.reason = reason == fields->end() ? "" : std::string(trimmed(reason->second));
    if (asked.reason.size() > longest_reason) {
        co_return refuse("the reason is too long");
    }
    callback_response decided = co_await decide(std::move(asked), fields->contains("confirm"));
    co_return decided;
}

decision_links::answer decision_links::decide(access::decision asked, bool confirmed) {
    const auto found = co_await desk_.look_up(asked.request_id);
    if (!found) {
        co_return try_again();
    }
    const std::string link = *found ? (**found).card.link : std::string();
    const bool unconfirmed = *found && asked.what == access::verdict::approve && !confirmed &&
                             access::needs_confirmation(desk_.rules(), (**found).request);
    if (unconfirmed) {
        auto again = co_await show_form(
            asked.request_id, asked.person.id,
            "Nothing was decided: an approval of these roles wants the tick below."
        );
        co_return again;
    }
    const access::verdict wanted = asked.what;
    const std::string request_id = asked.request_id;
    const std::string email = asked.person.id;
    const access::decision_outcome outcome = co_await desk_.decide(std::move(asked));
    const std::string words = words_for(outcome, wanted, link);
    if (outcome.what == access::decision_result::reason_required) {
        auto again = co_await show_form(request_id, email, words);
        co_return again;
    }
    const bool recorded = is_recorded(outcome);
    co_return message_page(
        200, recorded ? "Your decision is recorded" : "Nothing was decided by you now", words, link
    );
}

} // namespace hallpass::services::email
