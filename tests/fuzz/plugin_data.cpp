// Plugin data that anybody with the right to write it may have written: "key=value" a line. What is
// understood of it must come back from what we would write.
#include "workflow/ledger_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

using namespace hallpass;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::istringstream lines(std::string(reinterpret_cast<const char*>(bytes), size));
    ports::plugin_data data;
    std::string line;
    while (std::getline(lines, line)) {
        const std::size_t sign = line.find('=');
        if (sign != std::string::npos) {
            data[line.substr(0, sign)] = line.substr(sign + 1);
        }
    }
    for (const char* plugin : {"slack", "email", "msteams", "jira", "pagerduty", "servicenow"}) {
        const access::ledger known = workflow::decode_ledger("request", data, plugin);
        const ports::plugin_data written = workflow::encode_ledger(known, plugin);
        std::size_t total = 0;
        for (const auto& [key, value] : written) {
            total += key.size() + value.size();
        }
        // Nothing grows by being read and written again, beyond what the form itself takes.
        const std::size_t form =
            std::string_view(plugin) == workflow::teams_plugin ? 32 : 8; // base64 of names and time
        if (total > form * size + 1000) {
            std::abort();
        }
        static_cast<void>(workflow::decode_ledger("request", written, plugin));
    }
    return 0;
}
