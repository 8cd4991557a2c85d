#include "ticket_messages.hpp"

#include "chat_messages.hpp"
#include "json_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cctype>

namespace hallpass::chaos {

namespace json = boost::json;

namespace {

struct ticket {
    shown_message card;
    std::vector<std::string> notes;
};

// Notes end with a line "hallpass REQUEST PART"; what others wrote has none.
std::string part_of(const std::string& note, const std::string& request_id) {
    const std::string mark = "hallpass " + request_id + ' ';
    const std::size_t at = note.rfind(mark);
    if (at == std::string::npos) {
        return "";
    }
    std::string part = note.substr(at + mark.size());
    part.resize(std::min(part.find_first_of(" \n\r"), part.size()));
    return part == "resolution" ? "outcome" : part;
}

ticket begin(const std::string& place, const std::string& id, const std::string& request_id) {
    ticket made;
    made.card.place = place;
    made.card.id = id;
    made.card.request_id = request_id;
    made.card.part = "card";
    made.card.in_full = true;
    return made;
}

void add(std::vector<shown_message>& all, const ticket& one) {
    all.push_back(one.card);
    for (std::size_t i = 0; i < one.notes.size(); ++i) {
        shown_message note;
        note.place = one.card.place;
        note.id = one.card.id + " note " + std::to_string(i);
        note.below = one.card.id;
        note.request_id = one.card.request_id;
        note.part = part_of(one.notes[i], one.card.request_id);
        if (note.part == "card") {
            continue; // ServiceNow's journal begins with the ticket's own text
        }
        note.state = state_told_by(one.notes[i]);
        all.push_back(std::move(note));
    }
}

std::vector<std::string> texts_in(const json::value& list, std::string_view key) {
    std::vector<std::string> texts;
    for (const json::value& one : list.as_array()) {
        texts.push_back(one.is_string() ? std::string(one.get_string()) : text_at(one.as_object(), key));
    }
    return texts;
}

// Of a ticket that is only open or closed: how the last word of hallpass says that it ended.
std::string end_told_by(const ticket& closed) {
    for (const std::string& note : closed.notes) {
        if (part_of(note, closed.card.request_id) == "outcome") {
            return state_told_by(note);
        }
    }
    return "closed without a word";
}

std::string request_in(const std::string& key) {
    constexpr std::string_view prefix = "teleport-access-request/";
    return key.starts_with(prefix) ? key.substr(prefix.size()) : "";
}

} // namespace

std::vector<shown_message> jira_messages(const test::http_peer& control, bool) {
    const json::value jira = control.get("/jira");
    std::vector<shown_message> all;
    for (const json::value& issue : jira.at("issues").as_array()) {
        const json::object& one = issue.as_object();
        ticket made = begin(
            "ACCESS", text_at(one, "key"), text_at(object_at(one, "properties"), "teleportAccessRequestId")
        );
        made.card.state = text_at(one, "status");
        std::ranges::transform(made.card.state, made.card.state.begin(), [](unsigned char c) {
            return static_cast<char>(std::toupper(c));
        });
        made.notes = texts_in(one.at("comments"), "text");
        add(all, made);
    }
    return all;
}

std::vector<shown_message> pagerduty_messages(const test::http_peer& control, bool) {
    const json::value pagerduty = control.get("/pagerduty");
    std::vector<shown_message> all;
    for (const json::value& incident : pagerduty.at("incidents").as_array()) {
        const json::object& one = incident.as_object();
        ticket made = begin(text_at(one, "service"), text_at(one, "id"), request_in(text_at(one, "key")));
        made.notes = texts_in(one.at("notes"), "content");
        made.card.state = text_at(one, "status") == "resolved" ? end_told_by(made) : "PENDING";
        add(all, made);
    }
    return all;
}

std::vector<shown_message> opsgenie_messages(const test::http_peer& control, bool) {
    const json::value opsgenie = control.get("/opsgenie");
    std::vector<shown_message> all;
    for (const json::value& alert : opsgenie.at("alerts").as_array()) {
        const json::object& one = alert.as_object();
        ticket made = begin("alerts", text_at(one, "id"), request_in(text_at(one, "alias")));
        made.notes = texts_in(one.at("notes"), "");
        made.card.state = one.at("closed").as_bool() ? end_told_by(made) : "PENDING";
        add(all, made);
    }
    return all;
}

std::vector<shown_message> servicenow_messages(const test::http_peer& control, bool) {
    const json::value servicenow = control.get("/servicenow");
    std::vector<shown_message> all;
    for (const json::value& incident : servicenow.at("incidents").as_array()) {
        const json::object& one = incident.as_object();
        ticket made = begin("incidents", text_at(one, "number"), text_at(one, "correlation_id"));
        made.notes = texts_in(one.at("notes"), "text");
        const std::string state = text_at(one, "state");
        const std::string said = text_at(one, "close_notes");
        made.card.state = state == "1" ? "PENDING" : state_told_by(said);
        made.card.agrees = state == "1" || (state == "7") == (made.card.state == "DENIED");
        add(all, made);
    }
    return all;
}

std::vector<shown_message> datadog_messages(const test::http_peer& control, bool) {
    const json::value datadog = control.get("/datadog");
    std::vector<shown_message> all;
    for (const json::value& incident : datadog.at("incidents").as_array()) {
        const json::object& one = incident.as_object();
        const std::string summary = text_at(one, "summary");
        const std::size_t mark = summary.rfind("hallpass ");
        const std::string tail = mark == std::string::npos ? "" : summary.substr(mark + 9);
        ticket made = begin("incidents", text_at(one, "id"), tail.substr(0, tail.find(' ')));
        made.card.state = state_told_by(summary);
        made.card.agrees = (text_at(one, "state") == "active") == (made.card.state == "PENDING");
        made.card.reviewers = reviewers_named_in(summary);
        made.notes = texts_in(one.at("cells"), "");
        add(all, made);
    }
    return all;
}

} // namespace hallpass::chaos
