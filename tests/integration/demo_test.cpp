#include "rig.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hallpass;
using test::has;

namespace {

std::vector<std::string> demo_command(const std::string& hallpass, const test::temp_dir& files) {
    return {HALLPASS_SANDBOX_PROGRAM, "demo", "--once", "--hallpass", hallpass, "--dir",
            files.path().string()};
}

} // namespace

TEST_CASE("the demo that needs nobody decides a request by signed clicks, and says each step") {
    const test::temp_dir files;
    test::process demo(demo_command(HALLPASS_PROGRAM, files));
    const int status = demo.wait();
    const std::string said = demo.standard_output();
    INFO(said << demo.standard_error());
    CHECK(status == 0);
    std::size_t at = 0;
    for (const char* step :
         {"watches the cluster", "Slack sends its clicks to hallpass",
          "posted to #dba-requests, with buttons", "carried to Discord, Mattermost",
          "Alice clicks Approve on her own request, and is refused", "a form opens",
          "told that his approval is recorded", "Carol clicks Approve and sends the form, request approved",
          "has no buttons any more", "requester told"}) {
        CAPTURE(step);
        const std::size_t found = said.find(step, at);
        REQUIRE(found != std::string::npos);
        at = found;
    }
    const std::string log = test::read_file(files.file("hallpass.log"));
    CHECK(has(log, "user=bob@example.com"));
    CHECK(has(log, "outcome=own_request"));
}

TEST_CASE("a demo whose hallpass ends early says so, and fails") {
    const test::temp_dir files;
    test::process demo(demo_command(test::find_program("false"), files));
    CHECK(demo.wait() == 1);
    CHECK(has(demo.standard_error(), "FAILED: hallpass started and watches the cluster: hallpass has ended"));
}
