#include "sandbox/plugin_data_store.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;

namespace {

const instant now{1772357400000ms};
const instant access_end = now + 8h;

plugin_data_change change(plugin_entry set, plugin_entry expect, std::string plugin = "slack") {
    return {"access_request", "id-1", std::move(plugin), std::move(set), std::move(expect)};
}

plugin_entry entry_of(const plugin_data_store& store, const std::string& plugin = "slack") {
    const auto records = store.read({"access_request", "id-1", ""}).value();
    if (records.empty()) {
        return {};
    }
    const auto found = records.front().entries.find(plugin);
    return found == records.front().entries.end() ? plugin_entry{} : found->second;
}

std::optional<refusal_code> refused(const outcome<void>& updated) {
    return updated ? std::nullopt : std::optional(updated.error().code);
}

} // namespace

TEST_CASE("compare and swap of plugin data follows Teleport's table") {
    struct row {
        const char* what;
        plugin_entry stored;
        plugin_entry set;
        plugin_entry expect;
        bool taken;
        plugin_entry after;
    };

    const row rows[] = {
        {"no expectation is no check", {{"a", "1"}}, {{"a", "2"}}, {}, true, {{"a", "2"}}},
        {"an equal value passes", {{"a", "1"}}, {{"a", "2"}}, {{"a", "1"}}, true, {{"a", "2"}}},
        {"another value fails", {{"a", "1"}}, {{"a", "2"}}, {{"a", "9"}}, false, {{"a", "1"}}},
        {"a missing key counts as empty",
         {{"a", "1"}},
         {{"b", "2"}},
         {{"b", ""}},
         true,
         {{"a", "1"}, {"b", "2"}}},
        {"an expected value that is missing fails",
         {{"a", "1"}},
         {{"b", "2"}},
         {{"b", "x"}},
         false,
         {{"a", "1"}}},
        {"a key that is there is not empty", {{"a", "1"}}, {{"a", "2"}}, {{"a", ""}}, false, {{"a", "1"}}},
        {"every expectation counts",
         {{"a", "1"}},
         {{"c", "3"}},
         {{"a", "1"}, {"b", "2"}},
         false,
         {{"a", "1"}}},
        {"create if absent", {}, {{"a", "1"}}, {{"a", ""}, {"b", ""}}, true, {{"a", "1"}}},
        {"without an entry only empty passes", {}, {{"a", "1"}}, {{"a", "0"}}, false, {}},
        {"an empty value deletes its key", {{"a", "1"}, {"b", "2"}}, {{"a", ""}}, {}, true, {{"b", "2"}}},
        {"the last key takes the entry with it", {{"a", "1"}}, {{"a", ""}}, {{"a", "1"}}, true, {}},
        {"keys that are not named stay", {{"a", "1"}}, {{"b", "2"}}, {}, true, {{"a", "1"}, {"b", "2"}}},
    };
    for (const row& tried : rows) {
        CAPTURE(tried.what);
        plugin_data_store store;
        if (!tried.stored.empty()) {
            REQUIRE(store.update(change(tried.stored, {}), access_end, now).has_value());
        }
        const auto updated = store.update(change(tried.set, tried.expect), access_end, now);
        const auto expected = tried.taken ? std::nullopt : std::optional(refusal_code::failed_precondition);
        CHECK(refused(updated) == expected);
        CHECK(entry_of(store) == tried.after);
    }
}

TEST_CASE("an entry that became empty is gone, so a look-up by its plugin finds nothing") {
    plugin_data_store store;
    REQUIRE(store.update(change({{"a", "1"}}, {}), access_end, now).has_value());
    REQUIRE(store.update(change({{"a", ""}}, {}), access_end, now).has_value());
    CHECK(store.read({"access_request", "id-1", "slack"}).value().empty());
}

TEST_CASE("the first write needs the request, later ones don't") {
    plugin_data_store store;
    CHECK(refused(store.update(change({{"a", "1"}}, {}), std::nullopt, now)) == refusal_code::not_found);
    REQUIRE(store.update(change({{"a", "1"}}, {}), access_end, now).has_value());
    CHECK_FALSE(refused(store.update(change({{"a", "2"}}, {}), std::nullopt, now)).has_value());
}

TEST_CASE("plugin data outlives the access by an hour") {
    plugin_data_store store;
    REQUIRE(store.update(change({{"a", "1"}}, {}), access_end, now).has_value());
    CHECK_FALSE(store.expire(access_end + 59min));
    CHECK(store.expire(access_end + 1h));
    CHECK(entry_of(store).empty());
    CHECK(refused(store.update(change({{"a", "1"}}, {}), std::nullopt, now)) == refusal_code::not_found);
}

TEST_CASE("an access list needs nothing to exist and is renewed by every write") {
    plugin_data_store store;
    const plugin_data_change kept{"access_list", "list-1", "slack", {{"a", "1"}}, {}};
    REQUIRE(store.update(kept, std::nullopt, now).has_value());
    REQUIRE(store.update(kept, std::nullopt, now + 10 * 24h).has_value());
    CHECK_FALSE(store.expire(now + 20 * 24h));
    CHECK(store.expire(now + 24 * 24h));
}

TEST_CASE("a record is read whole, with every plugin's entry") {
    plugin_data_store store;
    REQUIRE(store.update(change({{"a", "1"}}, {}, "slack"), access_end, now).has_value());
    REQUIRE(store.update(change({{"b", "2"}}, {{"b", ""}}, "email"), access_end, now).has_value());
    const auto records = store.read({"access_request", "id-1", "slack"}).value();
    REQUIRE(records.size() == 1);
    CHECK(records.front().entries.size() == 2);
}

TEST_CASE("other kinds and huge records are refused") {
    plugin_data_store store;
    const plugin_data_change role{"role", "id-1", "slack", {{"a", "1"}}, {}};
    CHECK(refused(store.update(role, access_end, now)) == refusal_code::invalid_argument);
    const auto huge = change({{"a", std::string(300 * 1024, 'x')}}, {});
    CHECK(refused(store.update(huge, access_end, now)) == refusal_code::invalid_argument);
    CHECK(store.read({"role", "", ""}).has_error());
}
