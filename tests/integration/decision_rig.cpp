#include "decision_rig.hpp"

#include <chrono>

namespace hallpass::test {

decision_rig::decision_rig(const std::string& review_lines, const std::string& http_lines) {
    configure(review_lines, http_lines);
    hallpass = rig.start_watching();
    point_slack_at(*hallpass);
}

void decision_rig::configure(const std::string& review_lines, const std::string& http_lines) {
    configure_reviews(
        "signing_secret = \"" + rig.sandbox.signing_secret() + "\"\n", review_lines,
        "[http]\nlisten_addr = \"127.0.0.1:0\"\n" + http_lines
    );
}

std::string decision_rig::listener_of(running_hallpass& at) {
    at.wait_for_event("listening");
    const std::string key = "listening address=";
    const std::string log = at.log();
    const std::size_t begin = log.rfind(key) + key.size();
    return log.substr(begin, log.find(' ', begin) - begin);
}

void decision_rig::point_slack_at(running_hallpass& at) {
    const std::string address = listener_of(at);
    wait_for_the_next_second();
    rig.sandbox.post_clicks_to("http://" + address + "/slack/interactivity");
}

void decision_rig::wait_for_the_next_second() {
    const auto now = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    const auto begun = now();
    test::eventually("the next second has begun", [&] { return now() > begun; });
}

} // namespace hallpass::test
