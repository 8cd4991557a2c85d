// A simulated third party, as a folder of the sandbox offers it to the composition root.
#pragma once

#include "net/http_server.hpp"
#include "ports/log.hpp"
#include "sandbox/change_signal.hpp"
#include "sandbox/control_command.hpp"
#include "sandbox/fault_plan.hpp"
#include "sandbox/refusal.hpp"
#include "sandbox/waits.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

class cluster_pki;

// What a third party may use. Outlives it.
struct third_party_environment {
    boost::asio::any_io_executor executor;
    ports::log& out;
    change_signal& changes;     // to be told after every change
    waits& pollers;             // cut short after every change
    std::string directory;      // for files that it offers, such as keys
    cluster_pki* pki = nullptr; // for certificates of servers of its own; null where it needs none
};

// Everything on the thread of the servers.
class third_party {
public:
    virtual ~third_party() = default;

    // Its HTTPS server listens at "https://127.0.0.1:40005/".
    virtual void listening_at(const std::string& url) = 0;
    virtual boost::asio::awaitable<net::server_response> answer(net::server_request request) = 0;

    // The name under which faults count a call: "POST /posts".
    virtual std::string method_of(const net::server_request& request) const = 0;
    // Its own form of a refusal that somebody wants to see.
    virtual net::server_response refuse(const fault_rule& rule) const;
    virtual net::server_response limit_rate(std::chrono::seconds wait) const;

    // What ready.json says of it under its name: URLs, secrets, ids.
    virtual boost::json::object ready() const = 0;

    // GET and POST below /<name>/, the name taken away from the path.
    virtual boost::asio::awaitable<outcome<boost::json::value>> command(control_command asked) = 0;

    // For the page:
    //   {"title": …, "people": [{"id", "name", "role"}],
    //    "conversations": [{"id", "name", "messages": [MESSAGE]}],
    //    "dialogs": [{"id", "for", "title", "text", "path", "body",
    //                 "fields": [{"name", "label", "kind": "text" or "check", "required"}]}],
    //    "notices": [{"for", "text"}]}
    // MESSAGE: {"id", "from", "text", "fields": [[name, value]], "replies": [MESSAGE], "edited",
    //           "actions": [{"label", "style": "good" or "bad", "path", "body"}]}
    // A press posts `body`, with the person as "user" and what was filled in as "values", to `path`.
    virtual boost::json::object view() const = 0;

    virtual void reset() = 0;

    // Ends what is under way; to be awaited before the end.
    virtual boost::asio::awaitable<void> close() = 0;
};

// A view() without dialogs and notices.
boost::json::object
view_of(std::string_view title, boost::json::array people, boost::json::array conversations);

struct third_party_kind {
    std::string_view name; // "mattermost": in ready.json, of its commands, and the side of its faults
    std::unique_ptr<third_party> (*make)(third_party_environment environment);
};

} // namespace hallpass::sandbox
