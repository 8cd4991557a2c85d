#include "cases.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace hallpass::test::conformance {

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

void end_once(const stage& on, const std::string& id) {
    CHECK(on.wait_for_end(id, on.row.one, "DENIED").size() == 1);
    CHECK(on.messages(id).size() == on.row.one.places.size());
}

// The service has done nothing of one call: it does it once, later.
void is_refused_once(stage& on, const trouble& met) {
    const std::size_t before = on.logged(met.logged);
    on.command(met.path, met.body);
    const std::string id = on.request(on.row.one);
    on.wait_until_told(id, on.row.one);
    on.review(id, "bob@example.com", "DENIED");
    end_once(on, id);
    on.wait_until_met(met, before);
}

void too_many_requests(stage& on) {
    is_refused_once(on, on.row.busy);
}

void server_error(stage& on) {
    is_refused_once(on, on.row.broken);
}

// Where it can't be found out whether there is one, people have the same twice.
void lost_answer(stage& on) {
    const trouble& met = on.row.lost;
    const std::size_t lost = on.logged(met.logged);
    const std::size_t repeated = on.logged("uncertain_send_repeated");
    on.command(met.path, met.body);
    const std::string id = on.request(on.row.one);
    on.wait_until_met(met, lost);
    if (on.row.then == after_lost_answer::found) {
        on.wait_until_told(id, on.row.one);
        on.review(id, "bob@example.com", "DENIED");
        end_once(on, id);
        return;
    }
    const std::vector<message> there =
        on.wait_for("the message, again", id, [](const auto& all) { return all.size() == 2; });
    CHECK(on.logged("uncertain_send_repeated") > repeated);
    CHECK(there[0].place == there[1].place);
    CHECK(there[0].markup == there[1].markup);
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
    on.wait_until_told(id, on.row.one);
    on.review(id, "bob@example.com", "DENIED");
    end_once(on, id);
}

} // namespace

std::span<const conformance_case> failure_cases() {
    static constexpr std::array all{
        conformance_case{"429", too_many_requests}, conformance_case{"5xx", server_error},
        conformance_case{"lost answer", lost_answer}};
    return all;
}

std::span<const conformance_case> credential_cases() {
    static constexpr std::array all{conformance_case{"bad credentials", bad_credentials}};
    return all;
}

} // namespace hallpass::test::conformance
