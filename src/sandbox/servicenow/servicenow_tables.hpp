// The simulated ServiceNow's tables (api-ticketing 4.2): rows of texts, and encoded queries over them, with
// the trap that a part with an unknown column is left out in silence.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::sandbox::servicenow {

class tables {
public:
    tables();

    boost::json::object* find(const std::string& table, std::string_view sys_id);
    const std::vector<boost::json::object>& rows(const std::string& table) const;
    boost::json::object& add(const std::string& table, boost::json::object row, const std::string& by);
    // As somebody changes it: journals go to sys_journal_field, and it is remembered who did.
    void change(
        const std::string& table,
        boost::json::object& row,
        const boost::json::object& fields,
        const std::string& by
    );

    std::vector<boost::json::object> select(const std::string& table, const std::string& query) const;

    const boost::json::object* user(std::string_view user_name) const;

private:
    std::string value_of(const boost::json::object& row, const std::string& column, bool& known) const;
    bool matches(const std::string& table, const boost::json::object& row, const std::string& query) const;
    std::string next_id();

    std::map<std::string, std::vector<boost::json::object>> rows_;
    std::uint64_t last_ = 0;
};

} // namespace hallpass::sandbox::servicenow
