#include "sandbox/discord_form.hpp"

#include <doctest/doctest.h>

using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

std::int64_t code_of(const json::object& body) {
    const auto form = read_discord_form(body);
    return form ? 0 : form.error().code;
}

json::object with_embed(json::object embed) {
    return {{"embeds", json::array{std::move(embed)}}};
}

json::object field(std::size_t name, std::size_t value) {
    return {{"name", std::string(name, 'n')}, {"value", std::string(value, 'v')}};
}

} // namespace

TEST_CASE("a message within Discord's limits is taken, and one over any of them is not") {
    constexpr std::int64_t invalid = 50035;
    std::string euros;
    for (int i = 0; i < 2000; ++i) {
        euros += "€";
    }
    CHECK(code_of({{"content", euros}}) == 0);
    CHECK(code_of({{"content", euros + "€"}}) == invalid);
    CHECK(code_of({{"content", "x"}, {"nonce", std::string(25, '1')}}) == 0);
    CHECK(code_of({{"content", "x"}, {"nonce", std::string(26, '1')}}) == invalid);
    CHECK(code_of(with_embed({{"title", std::string(256, 'x')}})) == 0);
    CHECK(code_of(with_embed({{"title", std::string(257, 'x')}})) == invalid);
    CHECK(code_of(with_embed({{"description", std::string(4096, 'x')}})) == 0);
    CHECK(code_of(with_embed({{"description", std::string(4097, 'x')}})) == invalid);
    CHECK(code_of(with_embed({{"author", json::object{{"name", std::string(257, 'x')}}}})) == invalid);
    CHECK(code_of(with_embed({{"footer", json::object{{"text", std::string(2049, 'x')}}}})) == invalid);
    CHECK(code_of(with_embed({{"fields", json::array{field(256, 1024)}}})) == 0);
    CHECK(code_of(with_embed({{"fields", json::array{field(257, 1)}}})) == invalid);
    CHECK(code_of(with_embed({{"fields", json::array{field(1, 1025)}}})) == invalid);
    CHECK(code_of(with_embed({{"fields", json::array{field(1, 0)}}})) == invalid);
    CHECK(code_of(with_embed({{"fields", json::array(26, field(1, 1))}})) == invalid);
    CHECK(code_of({{"embeds", json::array(10, json::object{{"title", "x"}})}}) == 0);
    CHECK(code_of({{"embeds", json::array(11, json::object{{"title", "x"}})}}) == invalid);
    CHECK(code_of({{"embeds", json::array(2, json::object{{"description", std::string(3000, 'x')}})}}) == 0);
    CHECK(
        code_of({{"embeds", json::array(2, json::object{{"description", std::string(3001, 'x')}})}}) ==
        invalid
    );
    CHECK(code_of({{"embeds", "x"}}) == invalid);
    CHECK(code_of({{"embeds", json::array{1}}}) == invalid);
    CHECK(code_of({{"content", "x"}, {"message_reference", json::object()}}) == invalid);
}
