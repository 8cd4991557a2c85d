#include "sandbox/pagerduty/pagerduty_call.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <charconv>

namespace hallpass::sandbox::pagerduty {

namespace json = boost::json;
using net::server_response;

namespace {

constexpr const char* json_type = "application/json";

std::size_t number_of_query(const asked& call, std::string_view name, std::size_t otherwise) {
    const std::string text = one_of(call, name);
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

} // namespace

parameters read_query(const std::string& query) {
    parameters read;
    const std::string text = "?" + query;
    const auto parsed = boost::urls::parse_relative_ref(text);
    if (parsed) {
        for (const auto& one : parsed->params()) {
            read.emplace_back(std::string(one.key), std::string(one.value));
        }
    }
    return read;
}

std::vector<std::string> all_of(const asked& call, std::string_view name) {
    std::vector<std::string> found;
    for (const auto& [key, value] : call.query) {
        if (key == name) {
            found.push_back(value);
        }
    }
    return found;
}

std::string one_of(const asked& call, std::string_view name) {
    const auto all = all_of(call, name);
    return all.empty() ? "" : all.front();
}

bool is_wanted(const std::vector<std::string>& ids, const std::string& id) {
    return ids.empty() || std::ranges::find(ids, id) != ids.end();
}

server_response json_answer(int status, const json::object& body) {
    return server_response(status, json::serialize(body), json_type);
}

server_response error_answer(int status, int code, std::string message, std::vector<std::string> errors) {
    json::object error{{"message", message}, {"code", code}};
    if (!errors.empty()) {
        json::array all;
        for (std::string& one : errors) {
            all.push_back(json::string(one));
        }
        error["errors"] = std::move(all);
    }
    return json_answer(status, json::object{{"error", std::move(error)}});
}

server_response not_found() {
    return error_answer(404, 2100, "Not Found");
}

server_response invalid(std::string why) {
    return error_answer(400, 2001, "Invalid Input Provided", {std::move(why)});
}

server_response page_of(const asked& call, const std::string& member, const std::vector<json::object>& all) {
    const std::size_t limit = std::min<std::size_t>(number_of_query(call, "limit", 25), 100);
    const std::size_t offset = number_of_query(call, "offset", 0);
    if (offset + limit > 10'000) {
        return error_answer(400, 2001, "Invalid Input Provided", {"Offset must be less than 10000."});
    }
    json::array shown;
    for (std::size_t i = offset; i < std::min(all.size(), offset + limit); ++i) {
        shown.push_back(all[i]);
    }
    json::object page{{"limit", limit}, {"offset", offset}, {"total", nullptr}};
    page["more"] = offset + limit < all.size();
    page[member] = std::move(shown);
    return json_answer(200, page);
}

json::object reference(const std::string& id, const std::string& type) {
    return {{"id", id}, {"type", type}, {"summary", id}};
}

} // namespace hallpass::sandbox::pagerduty
