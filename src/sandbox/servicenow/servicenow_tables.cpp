#include "sandbox/servicenow/servicenow_tables.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "sandbox/cluster_json.hpp"

#include <algorithm>
#include <cstdio>

namespace hallpass::sandbox::servicenow {

namespace json = boost::json;

namespace {

std::string now_text() {
    std::string text =
        to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    text.replace(text.find('T'), 1, " ");
    return text.substr(0, text.size() - 1);
}

bool is_journal(std::string_view column) noexcept {
    return column == "work_notes" || column == "comments";
}

struct condition {
    std::string column;
    std::vector<std::string> values;
    bool wanted = true;
};

condition read_condition(const std::string& part) {
    for (const auto& [word, wanted] : {std::pair("NOT IN", false), std::pair("IN", true)}) {
        const std::size_t at = part.find(word);
        if (at != std::string::npos && part.find('=') == std::string::npos) {
            return {part.substr(0, at), split(part.substr(at + std::string_view(word).size()), ','), wanted};
        }
    }
    const std::size_t at = part.find('=');
    return at == std::string::npos ? condition{part, {}, true}
                                   : condition{part.substr(0, at), {part.substr(at + 1)}, true};
}

} // namespace

tables::tables() {
    for (const char* name :
         {"hallpass", "alice@example.com", "bob@example.com", "carol@example.com", "dave"}) {
        add("sys_user",
            {{"user_name", name},
             {"email", name},
             {"active", "true"},
             {"locked_out", "false"},
             {"web_service_access_only", "false"},
             {"internal_integration_user", "false"}},
            "admin");
    }
    for (const char* code : {"Resolved by request", "Solution provided"}) {
        add("sys_choice",
            {{"name", "incident"}, {"element", "close_code"}, {"value", code}, {"inactive", "false"}},
            "admin");
    }
}

std::string tables::next_id() {
    char text[33];
    std::snprintf(text, sizeof text, "%032llx", static_cast<unsigned long long>(++last_));
    return text;
}

json::object* tables::find(const std::string& table, std::string_view sys_id) {
    for (json::object& row : rows_[table]) {
        if (row.at("sys_id").as_string() == sys_id) {
            return &row;
        }
    }
    return nullptr;
}

const std::vector<json::object>& tables::rows(const std::string& table) const {
    static const std::vector<json::object> none;
    const auto found = rows_.find(table);
    return found == rows_.end() ? none : found->second;
}

json::object& tables::add(const std::string& table, json::object row, const std::string& by) {
    json::object fields = std::move(row);
    json::object made{{"sys_id", next_id()}, {"sys_created_by", by}, {"sys_created_on", now_text()}};
    rows_[table].push_back(std::move(made));
    const std::size_t at = rows_[table].size() - 1;
    change(table, rows_[table][at], fields, by);
    return rows_[table][at];
}

void tables::change(
    const std::string& table, json::object& row, const json::object& fields, const std::string& by
) {
    const std::string id(row.at("sys_id").as_string());
    row["sys_updated_by"] = by;
    row["sys_updated_on"] = now_text();
    std::vector<json::object> journal;
    for (const auto& [column, value] : fields) {
        if (is_journal(column) && table != "sys_journal_field") {
            row[column] = ""; // what it reads back as, ever
            if (value != "") {
                journal.push_back({{"element_id", id}, {"element", column}, {"value", value}, {"name", table}}
                );
            }
        } else {
            row[column] = value;
        }
    }
    for (json::object& one : journal) {
        add("sys_journal_field", std::move(one), by);
    }
}

// "sysapproval.active" is a column of the incident that sysapproval names.
std::string tables::value_of(const json::object& row, const std::string& column, bool& known) const {
    const std::size_t dot = column.find('.');
    if (dot == std::string::npos) {
        known = row.contains(column);
        return text_of(row, column);
    }
    const std::string id = text_of(row, column.substr(0, dot));
    for (const json::object& target : rows("incident")) {
        if (target.at("sys_id").as_string() == id) {
            return value_of(target, column.substr(dot + 1), known);
        }
    }
    known = true;
    return "";
}

bool tables::matches(const std::string&, const json::object& row, const std::string& query) const {
    for (const std::string& part : split(query, '^')) {
        if (part.empty() || part.starts_with("ORDERBY")) {
            continue;
        }
        const condition wanted = read_condition(part);
        bool known = false;
        const std::string value = value_of(row, wanted.column, known);
        const bool listed =
            std::find(wanted.values.begin(), wanted.values.end(), value) != wanted.values.end();
        if (known && listed != wanted.wanted) {
            return false;
        }
    }
    return true;
}

std::vector<json::object> tables::select(const std::string& table, const std::string& query) const {
    std::vector<json::object> found;
    for (const json::object& row : rows(table)) {
        if (matches(table, row, query)) {
            found.push_back(row);
        }
    }
    if (query.find("ORDERBYDESC") != std::string::npos) {
        std::reverse(found.begin(), found.end()); // rows are in the order of their making
    }
    return found;
}

const json::object* tables::user(std::string_view user_name) const {
    for (const json::object& row : rows("sys_user")) {
        if (row.at("user_name").as_string() == user_name) {
            return &row;
        }
    }
    return nullptr;
}

} // namespace hallpass::sandbox::servicenow
