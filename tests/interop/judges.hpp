// Libraries that others wrote for the services, and what they say of hallpass.
#pragma once

#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <map>
#include <string>
#include <vector>

namespace hallpass::interop {

// An interpreter with the libraries beside it; where they can't be had, `path` is "" and `why` says why.
struct judges {
    std::string path;
    std::string why;
};

// Those of requirements.txt in a virtual environment, and those of package.json. Each is installed when it is
// asked for the first time, stays in the build folder, and is installed anew when its list has changed.
// Throws where the registry answers, and something else is wrong.
const judges& python_judges();
const judges& node_judges();

// A program of this repository's, with go-pagerduty in it, built with `go` when it is asked for the first
// time.
const judges& pagerduty_judge();

// A file with the part of Datadog's OpenAPI document that hallpass uses, from where PyPI has the source of
// datadog-api-client. Precondition: python_judges() are there.
const judges& datadog_document();

// Where npm's are, once node_judges() are there.
std::string node_modules();

struct judgement {
    int status = -1;  // of the script
    std::string said; // on both outputs
};

// Runs a script of this folder, "slack_blocks.py" or "discord_messages.cjs". Precondition: its judges are
// there.
judgement ask(const std::string& script, const std::vector<std::string>& arguments);

// The same without waiting for its end.
test::process begin_asking(
    const std::string& script,
    const std::vector<std::string>& arguments,
    const std::map<std::string, std::string>& environment = {}
);

// The same of a program that isn't a script.
judgement run_judge(std::vector<std::string> command);

// Where a script listens that writes its port into FOLDER/port; waited for. Throws where the script has
// ended.
std::string port_of(test::process& script, const test::temp_dir& folder);

} // namespace hallpass::interop
