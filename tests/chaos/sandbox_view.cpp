#include "sandbox_view.hpp"

#include "json_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace hallpass::chaos {

namespace json = boost::json;

namespace {

// The ledger's form is src/workflow/ledger_codec.cpp's.
std::string holder_in(const std::string& ledger) {
    boost::system::error_code error;
    const json::value parsed = json::parse(ledger, error);
    return error || !parsed.is_object() ? "unreadable: " + ledger : text_at(parsed.get_object(), "by");
}

} // namespace

std::string read_ledger(const test::http_peer& control, const std::string& plugin, const std::string& id) {
    const json::value plugins = control.get("/plugin-data");
    return text_at(object_at(object_at(plugins.as_object(), plugin), id), "hallpass");
}

std::map<std::string, std::string> read_holders(const test::http_peer& control, const std::string& plugin) {
    const json::value plugins = control.get("/plugin-data");
    std::map<std::string, std::string> holders;
    for (const auto& [id, entries] : object_at(plugins.as_object(), plugin)) {
        if (const std::string ledger = text_at(entries.as_object(), "hallpass"); !ledger.empty()) {
            holders[std::string(id)] = holder_in(ledger);
        }
    }
    return holders;
}

std::vector<true_request> read_requests(const test::http_peer& control, const std::vector<std::string>& ids) {
    std::map<std::string, true_request> known;
    const json::value listed = control.get("/requests");
    for (const json::value& one : listed.as_array()) {
        true_request request;
        request.id = text_at(one.as_object(), "id");
        request.state = text_at(one.as_object(), "state");
        for (const json::value& review : one.at("reviews").as_array()) {
            request.reviewers.push_back(text_at(review.as_object(), "author"));
        }
        known[request.id] = std::move(request);
    }
    std::vector<true_request> all;
    for (const std::string& id : ids) {
        const auto found = known.find(id);
        all.push_back(found != known.end() ? found->second : true_request{id, "EXPIRED", true, {}});
    }
    return all;
}

} // namespace hallpass::chaos
