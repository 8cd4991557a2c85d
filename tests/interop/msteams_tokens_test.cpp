// What Microsoft's botframework-connector says of the tokens that hallpass takes, and of the simulated ones.
#include "judges.hpp"
#include "support/skip.hpp"
#include "teams.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

constexpr const char* script = "msteams_tokens.py";

// The judge as the Bot Framework's login, and hallpass that believes it.
struct judged {
    explicit judged(teams& rig)
        : environment{{"REQUESTS_CA_BUNDLE", rig.all.rig.sandbox.ca_file()}},
          app_id(rig.all.text("app_id")),
          login(begin_asking(
              script,
              {"serve", folder.path().string(), rig.all.rig.sandbox.listener_certificate_file(),
               rig.all.rig.sandbox.listener_key_file(), app_id, rig.all.text("bot_login_url")},
              environment
          )) {
        address = "https://127.0.0.1:" + port_of(login, folder);
        rig.start(address + "/v1/");
        folder.write("target", rig.url());
        rig.post_clicks_to(address + "/messages");
    }

    // What the table says, and its exit status.
    std::string table() const {
        const std::vector<std::string> words{"table", folder.path().string(), app_id, address + "/v1/"};
        test::process program = begin_asking(script, words, environment);
        const int ended = program.wait(std::chrono::seconds(60));
        return program.standard_output() + program.standard_error() + "exit " + std::to_string(ended);
    }

    test::temp_dir folder;
    std::map<std::string, std::string> environment;
    std::string app_id;
    test::process login;
    std::string address;
};

} // namespace

TEST_CASE("hallpass takes a call whose token botframework-connector takes, and none that it refuses") {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return;
    }
    teams rig;
    judged by(rig);
    const std::string id = rig.request("dba", "the job fails");
    // The simulated tokens are as the library wants them, and the forged ones are not.
    for (const char* how :
         {"signature", "audience", "issuer", "expired", "service_url", "endorsement", "no_token"}) {
        const json::object forged = rig.press(id, "approve", {{"forge", how}});
        CHECK_MESSAGE(forged.at("status") == 403, how, ": ", json::serialize(forged));
    }
    CHECK(rig.state_of(id) == "PENDING");
    const json::object pressed = rig.press(id, "approve");
    CHECK_MESSAGE(pressed.at("status") == 200, json::serialize(pressed), by.login.standard_error());
    CHECK_FALSE(pressed.contains("problem"));
    CHECK(rig.state_of(id) == "APPROVED");

    const std::string answered = by.table();
    CHECK_MESSAGE(test::has(answered, "exit 0"), answered);
    MESSAGE("variations of that call:\n", answered);
}
