#include "services/base64url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hallpass::services;

TEST_CASE("base64url goes both ways, and nothing else is taken") {
    for (const std::string& bytes :
         {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
          std::string("\xff\xfe\xfd\x00z", 5)}) {
        CHECK(from_base64url(to_base64url(bytes)) == bytes);
    }
    CHECK(to_base64url("fo") == "Zm8");
    for (const char* text : {"Zm8=", "Zm9", "Z", "Zm+8", "Zm/8", "Zm 8", "Zm8\n"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64url(text));
    }
}
