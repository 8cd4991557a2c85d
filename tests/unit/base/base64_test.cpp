#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hallpass;

TEST_CASE("base64 goes both ways in either form, and nothing else is taken") {
    for (const std::string& bytes :
         {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
          std::string("\xff\xfe\xfd\x00z", 5)}) {
        CHECK(from_base64url(to_base64url(bytes)) == bytes);
        CHECK(from_base64(to_base64(bytes)) == bytes);
    }
    CHECK(to_base64url("fo") == "Zm8");
    CHECK(to_base64("fo") == "Zm8=");
    CHECK(to_base64("f") == "Zg==");
    CHECK(to_base64("\xff\xfe") == "//4=");
    for (const char* text : {"Zm8", "Zm9=", "Z===", "Z", "Zm-8", "=", "====", "Zg==Zg=="}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text));
    }
    for (const char* text : {"Zm8=", "Zm9", "Z", "Zm+8", "Zm/8", "Zm 8", "Zm8\n"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64url(text));
    }
}
