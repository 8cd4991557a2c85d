#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace hallpass;

TEST_CASE("text is cut at a character, never inside one") {
    CHECK(prefix_at_character("aé", 2) == "a");
    CHECK(prefix_at_character("aé", 3) == "aé");
    CHECK(prefix_at_character("日本語", 4) == "日");
    CHECK(prefix_at_character("😀", 3).empty());
}

TEST_CASE("what was cut ends with the mark, and the mark counts") {
    CHECK(shortened("short", 10) == "short");
    CHECK(shortened("abcdefghij", 9, "...") == "abcdef...");
    CHECK(shortened("日本語日本語", 10, "...") == "日本...");
    CHECK(shortened("abcdef", 2, "...") == "ab");
}

TEST_CASE("bytes that are not UTF-8 become the replacement character") {
    CHECK(valid_utf8("ok é 😀") == "ok é 😀");
    CHECK(
        valid_utf8("a\xff\x62") == "a\xEF\xBF\xBD"
                                   "b"
    );
    CHECK(valid_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(valid_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(valid_utf8("\xF0\x9F") == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("foreign text takes one line of a log, however it came") {
    CHECK(one_line(" a\r\nb\x1b[0m\t") == "a  b [0m");
    CHECK(one_line(std::string(300, 'x'), 20).size() <= 20);
}

TEST_CASE("the nearest key is found by edit distance") {
    CHECK(edit_distance("token", "token") == 0);
    CHECK(edit_distance("tokn", "token") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("lists are split and joined") {
    CHECK(split("a,b,,c", ',') == std::vector<std::string>{"a", "b", "", "c"});
    CHECK(split("", ',').empty());
    CHECK(joined({"a", "b"}, ", ") == "a, b");
}
