// The real hallpass program, started by a test.
#pragma once

#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <map>
#include <string>

namespace hallpass::test {

class running_hallpass {
public:
    // `hallpass start -c FILE`, with a state directory of its own unless the environment or the file names
    // one. Returns at once.
    explicit running_hallpass(
        const std::string& config_file, const std::map<std::string, std::string>& environment = {}
    );

    // Returns when it has logged this event; throws, with its log, where it hasn't within 20 seconds.
    void wait_for_event(const std::string& event);

    // How often it has logged the event.
    std::size_t count_of(const std::string& event) const;

    std::string log() const { return program_.standard_output() + program_.standard_error(); }

    // The log has the text somewhere within 20 seconds; throws, with the log, where it hasn't.
    void wait_for_text(const std::string& text);

    process& program() noexcept { return program_; }

private:
    temp_dir state_;
    process program_;
};

} // namespace hallpass::test
