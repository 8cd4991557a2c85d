// What services differ in, as far as the workflow can see it: one row for each that hallpass speaks to.
#pragma once

#include <chrono>
#include <string_view>

namespace hallpass::simulation {

// What comes of sending the same thing once more.
enum class repeated_send {
    doubles,
    finds_open_card, // a key names the ticket as long as it is open
    finds_message,   // a key names every message
};

// Who says where a request goes.
enum class recipients_from {
    operators,   // [role_to_recipients], and the requester has a copy
    the_request, // what the request names, each a ticket
    the_service, // one ticket for everybody
};

struct service_traits {
    std::string_view name = "slack";
    bool finds_cards = true;
    bool finds_follow_ups = true;
    bool letters = false; // nothing can be changed
    repeated_send repeat = repeated_send::doubles;
    recipients_from recipients = recipients_from::operators;
    // Searches for cards do not know what is younger, and the service says so until it must know.
    std::chrono::milliseconds index_lag{0};
    // A card changes with the end alone, and one that is made after it is made open and then closed: two
    // calls.
    bool open_until_the_end = false;
};

inline constexpr service_traits all_services[] = {
    {"slack", true, true, false, repeated_send::doubles, recipients_from::operators, {}, false},
    {"discord", true, true, false, repeated_send::finds_message, recipients_from::operators, {}, false},
    {"mattermost", true, true, false, repeated_send::finds_message, recipients_from::operators, {}, false},
    {"msteams", false, false, false, repeated_send::doubles, recipients_from::operators, {}, false},
    {"email", false, false, true, repeated_send::doubles, recipients_from::operators, {}, false},
    {"jira", true, true, false, repeated_send::doubles, recipients_from::the_service,
     std::chrono::seconds(10), true},
    {"pagerduty", true, true, false, repeated_send::finds_open_card, recipients_from::the_request, {}, true},
    // An alert is taken and made later; "jsm" is the same.
    {"opsgenie", true, true, false, repeated_send::finds_open_card, recipients_from::the_service,
     std::chrono::seconds(3), true},
    {"servicenow", true, true, false, repeated_send::doubles, recipients_from::the_service,
     std::chrono::seconds(3), true},
    {"datadog", true, false, false, repeated_send::doubles, recipients_from::the_service,
     std::chrono::seconds(10), false},
};

} // namespace hallpass::simulation
