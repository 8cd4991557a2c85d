// What the suite has to know of a service: one row each. Everything else is the same for all.
#pragma once

#include "support/running_sandbox.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test::conformance {

// One message, letter, issue, incident or alert, as the people of the service have it before them.
struct message {
    std::string place; // the channel, the person, the mailbox, the project
    std::string place_id;
    std::string id;
    std::string text;   // all of it, fields too
    std::string markup; // of that what the service takes markup and mentions from
    std::vector<std::string> replies;
    bool edited = false;
    boost::json::array actions; // that it offers, as src/sandbox/third_party.hpp has them
};

// Whom a request is for: what it says, and where it must turn up then.
struct audience {
    std::string role = "dba";
    boost::json::object annotations;
    std::vector<std::string> places;
    std::string unknown; // a recipient that doesn't exist, which is named in the log
};

// An order to the sandbox by its control port, after which a call meets a failure.
struct trouble {
    std::string path;
    boost::json::object body;
    std::string logged; // by hallpass then; where "", the sandbox says whether it was met
};

struct decider {
    std::string bob;   // the account of bob@example.com
    std::string alice; // of alice@example.com
    std::string dave;  // of nobody in Teleport
};

using read_messages = std::vector<message> (*)(const running_sandbox& sandbox, std::string_view side);
// Gives all that the person was told.
using take_decision = std::string (*)(
    const running_sandbox& sandbox,
    std::string_view side,
    const message& on,
    const std::string& account,
    std::string_view verdict
);

enum class after_lost_answer {
    found,    // it is looked up, or sent again so that it is there once
    repeated, // the service can't be asked: it may be there twice, and the log says so
};

struct service_row {
    std::string name;
    // In the sandbox: of its page, its commands and its faults.
    std::string side;
    // Its sections. {url} stands for what the sandbox says of the side under "url", or of itself.
    std::string sections;
    std::string review; // lines of [review], where it takes decisions
    // What in {…} of the sections is the credential, and what hallpass calls it where it is refused.
    std::string credential;
    std::string credential_said;

    read_messages read = nullptr;
    bool is_redrawn = true; // its text; else what is new comes as replies alone
    // What its text has of the request's state; nothing where it is never redrawn.
    std::map<std::string, std::string, std::less<>> ends;
    std::string outcome; // words of the reply that tells the end; where there is none, the text tells it
    std::vector<std::string> never; // in its markup, whatever a request says

    audience one;
    audience two;
    audience looked_up;

    trouble busy;   // 429
    trouble broken; // 5xx
    trouble lost;
    after_lost_answer then = after_lost_answer::found;

    take_decision decide = nullptr; // null where it takes none
    decider people;
    std::string callback;      // the command that tells the sandbox where hallpass listens
    std::string callback_path; // there

    // Cases that it can't have, each with the reason.
    std::map<std::string, std::string, std::less<>> without;
};

// A new service adds a row here.
std::span<const service_row> rows();

} // namespace hallpass::test::conformance
