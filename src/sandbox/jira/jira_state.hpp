// The simulated Jira (api-ticketing 1): one site, Cloud or Data Center, with one project and its workflow.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox::jira {

struct person {
    std::string account_id; // Cloud
    std::string key;        // Data Center
    std::string name;
    std::string email;
    std::string type = "atlassian";
    bool active = true;
};

struct comment {
    std::string id;
    std::string author; // account id
    boost::json::value body;
};

struct ticket {
    std::string id;
    std::string key;
    std::string creator; // account id
    std::string status;
    boost::json::object fields; // summary, description as they came
    boost::json::object properties;
    boost::json::array histories; // oldest first
    std::vector<comment> comments;
    std::chrono::system_clock::time_point created;
    std::chrono::system_clock::time_point updated;
    std::deque<std::chrono::steady_clock::time_point> writes; // of late
};

// What Jira answers.
struct reply {
    int status = 200;
    boost::json::value body;
    std::chrono::seconds retry_after{0};
};

class jira_state {
public:
    jira_state();

    void reset();

    reply create(const boost::json::object& body);
    reply add_comment(const std::string& issue, const std::string& author, const boost::json::object& body);
    reply move(const std::string& issue, const std::string& author, const std::string& transition_id);
    reply show(const std::string& issue, const std::string& query) const;
    reply list_comments(const std::string& issue, const std::string& query) const;
    reply property(const std::string& issue, const std::string& key) const;
    reply transitions(const std::string& issue) const;
    reply search(const boost::json::object& body) const;
    // What a search holds that has a query in place of a body.
    static boost::json::object search_in(const std::string& query);
    reply project(const std::string& key) const;
    reply permissions() const;
    reply user(const std::string& query) const;

    boost::json::object user_json(const std::string& account_id) const;
    boost::json::object issue_json(const ticket& one, const std::string& query) const;

    const std::vector<person>& people() const noexcept { return people_; }

    ticket* find(std::string_view id_or_key);
    const ticket* find(std::string_view id_or_key) const;
    // "" where there is no such status, or no way there.
    std::string transition_to(const std::string& status) const;
    static std::string status_id(const std::string& status);

    const std::map<std::string, ticket>& tickets() const noexcept { return tickets_; }

    bool cloud = true;
    std::chrono::milliseconds index_lag{0};
    std::set<std::string> without;     // statuses that the workflow has no way to
    std::set<std::string> not_allowed; // permissions of hallpass's account

private:
    boost::json::array transitions_of(const ticket& one) const;
    std::string next_id();
    reply limit_writes(ticket& at);
    boost::json::object fields_of(const ticket& one, const boost::json::object& asked) const;
    bool is_right_text(const boost::json::value& text) const;

    std::vector<person> people_;
    std::map<std::string, ticket> tickets_; // by id
    std::uint64_t last_id_ = 0;
    std::uint64_t last_number_ = 0;
};

inline constexpr const char* our_account = "557058:hallpass";
inline constexpr const char* our_email = "hallpass@example.com";
inline constexpr const char* our_token = "jira-sandbox-token";
inline constexpr const char* project_key = "ACCESS";
inline constexpr const char* webhook_secret = "jira-sandbox-webhook-secret";

} // namespace hallpass::sandbox::jira
