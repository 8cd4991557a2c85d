#include "services/email/bodies.hpp"

#include <string_view>

namespace hallpass::services::email {

using access::request_state;

namespace {

// The same with line breaks that are seen.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : html_escaped(text)) {
        out += c == '\n' ? "<br>\n" : std::string(1, c);
    }
    return out;
}

// Green and red are upstream's; white can be read on all of them.
std::string_view colour_of(request_state state) noexcept {
    switch (state) {
    case request_state::approved:
    case request_state::promoted:
        return "#238823";
    case request_state::denied:
        return "#d2222d";
    case request_state::pending:
        return "#8a5a00";
    case request_state::expired:
    case request_state::none:
        break;
    }
    return "#5c5f66";
}

// Programs that know nothing of dark mode ignore the sheet; what they need stands at each element.
constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>)";

constexpr std::string_view sheet = R"(</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #16181d !important; }
  .sheet { background: #22252b !important; }
  .text { color: #eceef1 !important; }
  .label { color: #a8adb7 !important; }
  .quote { background: #2c3038 !important; color: #eceef1 !important; }
  .button { background: #8fb4ff !important; }
  .button a { color: #10131a !important; }
}
</style>
</head>
)";

constexpr std::string_view font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
constexpr std::string_view fixed = "font-family:Consolas,Menlo,monospace;";

std::string row(std::string_view content, std::string_view space = "0 24px 16px") {
    return "<tr><td style=\"padding:" + std::string(space) + "\">" + std::string(content) + "</td></tr>\n";
}

std::string label(std::string_view text) {
    return "<div class=\"label\" style=\"" + std::string(font) +
           "font-size:13px;line-height:20px;color:#5c5f66\">" + escaped(text) + "</div>\n";
}

std::string quote(std::string_view text) {
    return "<div class=\"quote\" dir=\"auto\" style=\"" + std::string(font) +
           "font-size:15px;line-height:22px;color:#1b1d21;background:#f1f3f6;padding:10px 12px;"
           "border-radius:6px;overflow-wrap:anywhere\">" +
           escaped(text) + "</div>\n";
}

std::string text(std::string_view content, std::string_view more = "font-size:15px;line-height:22px") {
    return "<div class=\"text\" dir=\"auto\" style=\"" + std::string(font) + "color:#1b1d21;" +
           std::string(more) + ";overflow-wrap:anywhere\">" + escaped(content) + "</div>\n";
}

std::string status_row(const letter_words& words) {
    const std::string colour(colour_of(words.tone));
    return "<tr><td bgcolor=\"" + colour + "\" style=\"background:" + colour + ";padding:10px 24px;" +
           std::string(font) + "font-size:14px;line-height:20px;font-weight:600;color:#ffffff\">" +
           escaped(words.status) + "</td></tr>\n";
}

std::string button(std::string_view link, std::string_view what) {
    return "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>"
           "<td class=\"button\" bgcolor=\"#1f5fd6\" style=\"background:#1f5fd6;border-radius:6px;"
           "padding:10px 18px\"><a href=\"" +
           escaped(link) + "\" style=\"" + std::string(font) +
           "font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none\">" +
           escaped(what) + "</a></td></tr></table>\n";
}

std::string small_link(std::string_view link, std::string_view what) {
    return "<a class=\"label\" href=\"" + escaped(link) + "\" style=\"" + std::string(font) +
           "font-size:13px;line-height:20px;color:#5c5f66\">" + escaped(what) + "</a>\n";
}

std::string command(std::string_view name, std::string_view what) {
    return label(name) + "<div class=\"quote\" style=\"" + std::string(fixed) +
           "font-size:13px;line-height:20px;color:#1b1d21;background:#f1f3f6;padding:8px 12px;"
           "overflow-wrap:anywhere\">" +
           escaped(what) + "</div>\n";
}

std::string fields(const letter_words& words) {
    std::string out = "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
                      "width=\"100%\">\n";
    for (const labelled& one : words.fields) {
        out += "<tr><td valign=\"top\" width=\"130\" style=\"padding:0 12px 6px 0\">" + label(one.label) +
               "</td><td valign=\"top\" style=\"padding:0 0 6px\">" + text(one.text) + "</td></tr>\n";
    }
    return out + "</table>\n";
}

std::string review(const told_review& one) {
    std::string line = one.author + ": " + one.status;
    line += one.when.empty() ? "" : ", " + one.when;
    std::string out = text(line);
    out += one.reason.empty() ? "" : quote(one.reason);
    return out;
}

std::string content(const letter_words& words) {
    std::string out = status_row(words);
    out += row(text(words.headline, "font-size:19px;line-height:26px;font-weight:600"), "20px 24px 16px");
    if (!words.decision_link.empty()) {
        out += row(button(words.decision_link, "Approve or deny"));
        out += words.link.empty() ? "" : row(small_link(words.link, words.link_label));
    } else {
        out += words.link.empty() ? "" : row(button(words.link, words.link_label));
    }
    if (!words.approve_command.empty()) {
        out += row(command("Approve", words.approve_command) + command("Deny", words.deny_command));
    }
    for (const labelled& one : words.quotes) {
        out += row(label(one.label) + quote(one.text));
    }
    out += words.fields.empty() ? "" : row(fields(words));
    if (!words.reviews.empty()) {
        std::string reviews =
            label(words.more_reviews.empty() ? "Reviews" : "Reviews (" + words.more_reviews + ")");
        for (const told_review& one : words.reviews) {
            reviews += review(one);
        }
        out += row(reviews);
    }
    return out + row(label("ID: " + words.request_id), "0 24px 20px");
}

} // namespace

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string as_html(const letter_words& words) {
    std::string out(head);
    out += escaped(words.subject);
    out += sheet;
    // What lists of mails show beside the subject.
    out += "<body class=\"page\" style=\"margin:0;padding:0;background:#eef0f3\">\n"
           "<div style=\"display:none;max-height:0;overflow:hidden\">" +
           escaped(words.status + " · " + words.headline) +
           "</div>\n"
           "<table role=\"presentation\" class=\"page\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
           "border=\"0\" bgcolor=\"#eef0f3\" style=\"background:#eef0f3\"><tr><td align=\"center\" "
           "style=\"padding:16px 8px\">\n"
           "<table role=\"presentation\" class=\"sheet\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" "
           "border=\"0\" bgcolor=\"#ffffff\" style=\"width:100%;max-width:600px;background:#ffffff;"
           "border-radius:8px;overflow:hidden\">\n";
    out += content(words);
    return out + "</table>\n</td></tr></table>\n</body>\n</html>\n";
}

} // namespace hallpass::services::email
