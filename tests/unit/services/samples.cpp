#include "samples.hpp"

#include <stdexcept>

namespace hallpass::test {

using access::access_request;
using access::request_state;

namespace {

const access::cluster web{"example.teleport.sh", "https://example.teleport.sh"};

instant at(const std::string& text) {
    const auto parsed = parse_rfc3339(text);
    if (!parsed) {
        throw std::logic_error("not an instant: " + text);
    }
    return *parsed;
}

access::review
review_by(std::string author, request_state proposed, std::string reason, const std::string& when) {
    access::review made;
    made.author = std::move(author);
    made.proposed = proposed;
    made.reason = std::move(reason);
    made.created = at(when);
    return made;
}

std::string repeated(const std::string& unit, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
        text += unit;
    }
    return text;
}

} // namespace

access_request sample_request() {
    access_request request;
    request.id = "0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11";
    request.user = "alice@example.com";
    request.roles = {"prod-admin", "db_reader"};
    request.state = request_state::pending;
    request.created = at("2026-03-01T02:55:00Z");
    request.access_expires = at("2026-03-01T07:00:00Z");
    request.request_expires = at("2026-03-01T03:55:00Z");
    request.request_reason = "Checkout is down.\nPager INC-4711: need the orders database.";
    request.logins_by_role = {{"prod-admin", {"root", "ubuntu"}}};
    return request;
}

access_request reviewed_request() {
    access_request request = sample_request();
    request.logins_by_role.clear();
    request.resources = {{"example.teleport.sh", "db", "orders", "", "orders-prod"}};
    request.reviews = {
        review_by("bob@example.com", request_state::approved, "", "2026-03-01T03:01:00Z"),
        review_by("carol@example.com", request_state::denied, "Use the replica.", "2026-03-01T03:02:30Z"),
    };
    return request;
}

access_request hostile_request() {
    access_request request = sample_request();
    request.user = "<@U0123ABCD> *mallory* <!channel>";
    request.roles = {"`admin` @here", "<https://evil.example|dev>", "_x_ ~y~"};
    request.logins_by_role.clear();
    request.request_reason =
        "<!here> <!channel> <!everyone> <@U0123ABCD> <#C0123ABCD> <https://evil.example|Review in Teleport>\n"
        "*bold* _italic_ ~gone~ `code` ```\nfenced\n``` &lt;escaped&gt; :skull: @here\n> quote\r\n"
        "evil\xE2\x80\xAEtxt.exe \xE2\x80\x8Bhidden \x1b[31mred\x07 \xff\xfe\n\n\n\n\nend";
    request.reviews = {
        review_by("*eve* <@U9>", request_state::denied, "<!channel>\nno *way* `x`", "2026-03-01T03:01:00Z")};
    return request;
}

access_request huge_request(const std::string& unit) {
    access_request request = sample_request();
    request.user = repeated(unit, 3000);
    request.request_reason = repeated(unit, 100000);
    request.resolve_reason = repeated(unit, 100000);
    request.promoted_access_list = repeated(unit, 3000);
    request.roles.clear();
    for (int i = 0; i < 300; ++i) {
        const std::string role = std::to_string(i) + repeated(unit, 300);
        request.roles.push_back(role);
        request.logins_by_role[role] = std::vector<std::string>(100, repeated(unit, 300));
        request.resources.push_back({"c", "node", repeated(unit, 300), "", ""});
        request.reviews.push_back(review_by(
            repeated(unit, 500), request_state::approved, repeated(unit, 9000), "2026-03-01T03:01:00Z"
        ));
    }
    return request;
}

access::card approver_card(const access_request& request) {
    return access::make_card(request, web, access::audience::approver);
}

access::card requester_card(const access_request& request) {
    return access::make_card(request, web, access::audience::requester);
}

access_request resolved(access_request request, request_state state, std::string reason) {
    request.state = state;
    request.resolve_reason = std::move(reason);
    return request;
}

} // namespace hallpass::test
