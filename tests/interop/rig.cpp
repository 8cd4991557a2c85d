#include "rig.hpp"

#include "support/eventually.hpp"

#include <stdexcept>

namespace hallpass::interop {

rig::rig() {
    const std::string config = folder_.write(
        "hallpass.toml", "[teleport]\n"
                         "addr = \"" +
                             oracle.auth_address() +
                             "\"\n"
                             "identity = \"" +
                             oracle.identity_file() +
                             "\"\n"
                             "refresh_identity = true\n"
                             "refresh_identity_interval = \"1s\"\n"
                             "[slack]\n"
                             "token = \"xoxb-sandbox-token\"\n"
                             "api_url = \"" +
                             slack.slack_url() +
                             "\"\n"
                             "[slack.role_to_recipients]\n"
                             "\"*\" = \"" +
                             std::string(channel) +
                             "\"\n"
                             "[log]\n"
                             "output = \"stderr\"\n"
                             "severity = \"DEBUG\"\n"
    );
    hallpass_.emplace(config, std::map<std::string, std::string>{{"SSL_CERT_FILE", slack.ca_file()}});
    hallpass_->wait_for_event("watching");
}

test::slack_post rig::post_that(
    std::string_view what,
    const std::string& request_id,
    const std::function<bool(const test::slack_post&)>& condition
) const {
    std::vector<test::slack_post> there;
    try {
        test::eventually(what, [&] {
            there = posts(request_id);
            return there.size() == 1 && condition(there[0]);
        });
    } catch (const std::runtime_error& late) {
        std::string seen;
        for (const test::slack_post& post : there) {
            seen += "\nmessage: " + post.text + "\nreplies: " + std::to_string(post.replies.size());
        }
        throw std::runtime_error(late.what() + seen + "\nhallpass's log:\n" + hallpass_->log());
    }
    return there[0];
}

test::slack_post rig::post_with(const std::string& request_id, std::string_view text) const {
    return post_that("one message with \"" + std::string(text) + "\"", request_id, [text](const auto& post) {
        return post.text.find(text) != std::string::npos;
    });
}

} // namespace hallpass::interop
