#include "golden.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace hallpass::test {

namespace json = boost::json;

namespace {

void print(std::string& out, const json::value& value, std::size_t depth) {
    const std::string inner(2 * (depth + 1), ' ');
    const std::string outer(2 * depth, ' ');
    std::string_view before = "\n";
    if (value.is_object() && !value.get_object().empty()) {
        out += '{';
        for (const auto& [key, member] : value.get_object()) {
            out.append(before).append(inner).append(json::serialize(json::string(key))).append(": ");
            print(out, member, depth + 1);
            before = ",\n";
        }
        out.append("\n").append(outer).append("}");
    } else if (value.is_array() && !value.get_array().empty()) {
        out += '[';
        for (const json::value& member : value.get_array()) {
            out.append(before).append(inner);
            print(out, member, depth + 1);
            before = ",\n";
        }
        out.append("\n").append(outer).append("]");
    } else {
        out += json::serialize(value);
    }
}

} // namespace

void check_golden(std::string_view name, const json::value& made) {
    const std::string path = std::string(GOLDEN_FOLDER) + '/' + std::string(name) + ".json";
    std::string text;
    print(text, made, 0);
    text += '\n';
    if (std::getenv("HALLPASS_UPDATE_GOLDEN")) {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    std::ostringstream kept;
    kept << std::ifstream(path, std::ios::binary).rdbuf();
    CAPTURE(name);
    CHECK(text == kept.str());
}

} // namespace hallpass::test
