#include "base/text.hpp"
#include "services/email/bodies.hpp"

#include <algorithm>

namespace hallpass::services::email {

namespace {

// Every further line stands below the first.
std::string indented(std::string_view text, std::size_t by) {
    std::string out;
    for (const std::string& line : split(text, '\n')) {
        out += out.empty() ? "" : '\n' + std::string(by, ' ');
        out += line;
    }
    return out;
}

std::string quoted(std::string_view text) {
    std::string out;
    for (const std::string& line : split(text, '\n')) {
        out += line.empty() ? ">\n" : "> " + line + '\n';
    }
    return out;
}

std::string line_of(const told_review& one) {
    std::string out = one.author + ": " + one.status;
    out += one.when.empty() ? "\n" : ", " + one.when + '\n';
    return one.reason.empty() ? out : out + quoted(one.reason);
}

} // namespace

std::string as_plain_text(const letter_words& words) {
    std::string out = words.headline + "\nStatus: " + words.status + "\n\n";
    if (!words.decision_link.empty()) {
        out += "Approve or deny:\n" + words.decision_link + "\n\n";
    }
    if (!words.link.empty()) {
        out += words.link_label + ":\n" + words.link + "\n\n";
    }
    if (!words.approve_command.empty()) {
        out += "Approve: " + words.approve_command + "\nDeny:    " + words.deny_command + "\n\n";
    }
    for (const labelled& one : words.quotes) {
        out += one.label + ":\n" + quoted(one.text) + '\n';
    }
    std::size_t widest = 0;
    for (const labelled& one : words.fields) {
        widest = std::max(widest, one.label.size());
    }
    for (const labelled& one : words.fields) {
        const std::size_t column = widest + 2;
        out += one.label + ':' + std::string(column - one.label.size() - 1, ' ') +
               indented(one.text, column) + '\n';
    }
    out += words.fields.empty() ? "" : "\n";
    if (!words.reviews.empty()) {
        out += "Reviews";
        out += words.more_reviews.empty() ? ":\n" : " (" + words.more_reviews + "):\n";
        for (const told_review& one : words.reviews) {
            out += line_of(one);
        }
        out += '\n';
    }
    return out + "ID: " + words.request_id + '\n';
}

} // namespace hallpass::services::email
