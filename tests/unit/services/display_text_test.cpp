#include "services/display_text.hpp"

#include <doctest/doctest.h>

using namespace hallpass::services;

TEST_CASE("a display line is one line without what can't be seen") {
    CHECK(display_line("  plain text ", 100) == "plain text");
    CHECK(
        display_line(
            "a\r\nb\nc\td\xE2\x80\xA8"
            "e",
            100
        ) == "a b c d e"
    );
    CHECK(
        display_line(
            "a\x01\x7f\xC2\x85\xC2\x9F"
            "b",
            100
        ) == "a b"
    );
    CHECK(
        display_line(
            "a\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8B\xEF\xBB\xBF\xF3\xA0\x81\x81"
            "b",
            100
        ) == "ab"
    );
    CHECK(display_line("bad \xff", 100) == "bad \xEF\xBF\xBD");
    CHECK(display_line("", 100).empty());
    CHECK(display_line(" \n\x01 ", 100).empty());
}

TEST_CASE("joiners that emoji and scripts need stay") {
    CHECK(display_line("👩‍💻", 100) == "👩‍💻");
}

TEST_CASE("a display text is cut at a character, and says so") {
    CHECK(display_line(std::string(50, 'x'), 20) == "xxxxxxxx (truncated)");
    CHECK(display_line("日本語日本語日本語", 20) == "日本 (truncated)");
    CHECK(display_line("exactly twenty bytes", 20) == "exactly twenty bytes");
    CHECK(display_line(std::string(100000, '\x01') + "late", 20).ends_with("(truncated)"));
}

TEST_CASE("lines are kept, but neither endless nor empty by the dozen") {
    CHECK(display_lines("a\nb", 100) == "a\nb");
    CHECK(display_lines("a\n\n\n\n\nb\n\n", 100) == "a\n\nb");
    CHECK(display_lines("a\r\n\r\nb", 100) == "a\n\nb");
    CHECK(display_lines("1\n2\n3\n4", 100, 2) == "1\n2 (truncated)");
    CHECK(display_lines("1\n2", 100, 2) == "1\n2");
}
