// The arguments of a Slack call, from its query, its form or its JSON body (api-messaging 1.1).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

struct slack_call {
    std::string method;
    std::string content_type;
    std::string query;
    std::string body;
    std::string authorization;
    std::string host; // that it was sent to
};

class slack_arguments {
public:
    // A JSON body counts only for the methods that take one. Nothing where the body is not what it says it
    // is; `error` is then Slack's code.
    static std::optional<slack_arguments> read(const slack_call& call, std::string& error);

    bool has(std::string_view key) const { return values_.contains(key); }

    // A number or a flag in a JSON body comes as its text; "" where the key is absent.
    std::string text(std::string_view key) const;
    bool flag(std::string_view key) const;
    // Lists and objects come as themselves in JSON and as texts in forms. Nothing where they are neither.
    std::optional<boost::json::array> list(std::string_view key) const;
    std::optional<boost::json::object> object(std::string_view key) const;

private:
    boost::json::object values_;
};

} // namespace hallpass::sandbox
