#include "cases.hpp"
#include "support/eventually.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace hallpass::test::conformance {

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Makes a request whose message meets it, and waits until that has come through all the same.
std::string request_in(stage& on, const trouble& met) {
    const unsigned before = on.calls();
    on.command(met.path, met.body);
    std::string id = on.request(on.row.one);
    on.wait_for("a message", id, [](const auto& there) { return !there.empty(); });
    if (!met.logged.empty()) {
        on.wait_for_log(met.logged);
    } else {
        CHECK(on.calls() > before);
    }
    return id;
}

void end_once(stage& on, const std::string& id) {
    on.wait_until_told(id, on.row.one);
    on.review(id, "bob@example.com", "DENIED");
    CHECK(on.wait_for_end(id, "DENIED").size() == 1);
}

// Nothing was done by the service: it is done once, later.
void is_refused_once(stage& on, const trouble& met) {
    const unsigned before = on.calls();
    const std::string id = request_in(on, met);
    if (met.logged.empty()) {
        CHECK(on.calls() == before + 2);
    }
    end_once(on, id);
}

void too_many_requests(stage& on) {
    is_refused_once(on, on.row.busy);
}

void server_error(stage& on) {
    is_refused_once(on, on.row.broken);
}

// Same words, same id where the service keeps ours: what people have twice is one thing.
void lost_answer(stage& on) {
    const std::string id = request_in(on, on.row.lost);
    if (on.row.then == after_lost_answer::found) {
        end_once(on, id);
        return;
    }
    on.wait_for_log("uncertain_send_repeated");
    const std::vector<message> there =
        on.wait_for("the message, again", id, [](const auto& all) { return all.size() == 2; });
    CHECK(there[0].place == there[1].place);
    CHECK(there[0].text == there[1].text);
    on.review(id, "bob@example.com", "DENIED");
    on.wait_for("the end on what was recorded", id, [](const auto& all) {
        return all.size() == 2 && std::ranges::any_of(all, [](const message& one) {
                   return std::ranges::any_of(
                              one.replies, [](const auto& reply) { return has(reply, "DENIED"); }
                          ) ||
                          has(one.text, "DENIED");
               });
    });
}

// It is found before the first request, named with its key, and once it is mended what waited is told.
void bad_credentials(stage& on) {
    on.stop();
    on.configure(false);
    const auto [status, said] = on.check();
    INFO(said);
    CHECK(status != 0);
    CHECK(has(said, on.row.credential_said));
    CHECK_FALSE(has(said, stage::wrong_credential));

    const std::string id = on.request(on.row.one);
    on.start();
    CHECK(on.hallpass->program().wait() != 0);
    CHECK(has(on.hallpass->log(), on.row.credential_said));
    CHECK_FALSE(has(on.hallpass->log(), stage::wrong_credential));
    CHECK(on.messages(id).empty());
    on.configure(true);
    on.start_watching();
    end_once(on, id);
}

} // namespace

std::span<const conformance_case> failure_cases() {
    static constexpr std::array all{
        conformance_case{"429", too_many_requests}, conformance_case{"5xx", server_error},
        conformance_case{"lost answer", lost_answer}, conformance_case{"bad credentials", bad_credentials}};
    return all;
}

} // namespace hallpass::test::conformance
