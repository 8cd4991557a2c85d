#include "services/email/pages.hpp"

#include "services/email/bodies.hpp"
#include "services/seal.hpp"

namespace hallpass::services::email {

namespace {

constexpr std::string_view sheet = R"(
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; }
dt { opacity: .75; font-size: .9rem; }
dd { margin: 0 0 .5rem; white-space: pre-line; }
blockquote { margin: 0 0 1rem; padding: .5rem .75rem; border-left: 4px solid GrayText; white-space: pre-line; }
textarea { width: 100%; box-sizing: border-box; font: inherit; }
button { font: inherit; padding: .5rem 1.25rem; margin: 1rem .5rem 0 0; }
.problem { border: 2px solid #d2222d; padding: .5rem .75rem; }
)";

ports::callback_response page(int status, std::string_view title, const std::string& body) {
    const std::string nonce = random_word();
    ports::callback_response made;
    made.status = status;
    made.headers = {
        {"Content-Type", "text/html; charset=utf-8"},
        {"Content-Security-Policy", "default-src 'none'; style-src 'nonce-" + nonce +
                                        "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"X-Robots-Tag", "noindex"}};
    made.body = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
                html_escaped(title) + "</title>\n<style nonce=\"" + nonce + "\">" + std::string(sheet) +
                "</style>\n</head>\n<body>\n<main>\n<h1>" + html_escaped(title) + "</h1>\n" + body +
                "</main>\n</body>\n</html>\n";
    return made;
}

std::string link_to(std::string_view link) {
    return link.empty()
               ? ""
               : "<p><a href=\"" + html_escaped(link) + "\" rel=\"noreferrer\">Open in Teleport</a></p>\n";
}

std::string facts(const letter_words& words) {
    std::string out = "<p>Status: " + html_escaped(words.status) + "</p>\n";
    for (const labelled& one : words.quotes) {
        out += "<p>" + html_escaped(one.label) + ":</p>\n<blockquote dir=\"auto\">" + html_escaped(one.text) +
               "</blockquote>\n";
    }
    out += "<dl>\n";
    for (const labelled& one : words.fields) {
        out +=
            "<dt>" + html_escaped(one.label) + "</dt><dd dir=\"auto\">" + html_escaped(one.text) + "</dd>\n";
    }
    for (const told_review& one : words.reviews) {
        out += "<dt>Review</dt><dd dir=\"auto\">" + html_escaped(one.author + ": " + one.status) +
               (one.reason.empty() ? "" : "\n" + html_escaped(one.reason)) + "</dd>\n";
    }
    return out + "<dt>ID</dt><dd>" + html_escaped(words.request_id) + "</dd>\n</dl>\n";
}

} // namespace

ports::callback_response
message_page(int status, std::string_view title, std::string_view text, std::string_view link) {
    return page(status, title, "<p>" + html_escaped(text) + "</p>\n" + link_to(link));
}

ports::callback_response form_page(const decision_form& form) {
    std::string body = facts(form.words);
    body += form.problem.empty() ? "" : "<p class=\"problem\">" + html_escaped(form.problem) + "</p>\n";
    body +=
        "<form method=\"post\" action=\"/review/decide\" autocomplete=\"off\">\n"
        "<input type=\"hidden\" name=\"form\" value=\"" +
        html_escaped(form.sealed) + "\">\n<p>You decide as <strong>" + html_escaped(form.who) +
        "</strong>.</p>\n<p><label for=\"reason\">Reason" +
        std::string(form.wants_reason ? " (needed)" : "") +
        "</label></p>\n<textarea id=\"reason\" name=\"reason\" rows=\"3\" maxlength=\"1000\"></textarea>\n";
    if (form.wants_confirmation) {
        body += "<p><label><input type=\"checkbox\" name=\"confirm\" value=\"yes\"> I have looked at the "
                "roles, and "
                "approve them</label></p>\n";
    }
    body += "<button name=\"verdict\" value=\"approve\">Approve</button>"
            "<button name=\"verdict\" value=\"deny\">Deny</button>\n</form>\n";
    return page(200, form.words.headline, body + link_to(form.words.link));
}

} // namespace hallpass::services::email
