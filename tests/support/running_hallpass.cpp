#include "support/running_hallpass.hpp"

#include "support/eventually.hpp"

#include <stdexcept>

namespace hallpass::test {

namespace {

std::map<std::string, std::string>
with_state_directory(std::map<std::string, std::string> environment, const temp_dir& state) {
    environment.emplace("STATE_DIRECTORY", state.path().string());
    return environment;
}

} // namespace

running_hallpass::running_hallpass(
    const std::string& config_file, const std::map<std::string, std::string>& environment
)
    : program_({HALLPASS_PROGRAM, "start", "-c", config_file}, with_state_directory(environment, state_)) {}

void running_hallpass::wait_for_text(const std::string& text) {
    try {
        eventually("hallpass logs \"" + text + "\"", [&] { return log().find(text) != std::string::npos; });
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(late.what() + ("; its log:\n" + log()));
    }
}

void running_hallpass::wait_for_event(const std::string& event) {
    try {
        eventually("hallpass logs " + event, [&] {
            return count_of(event) > 0 || program_.exit_status().has_value();
        });
    } catch (const std::runtime_error& late) {
        throw std::runtime_error(late.what() + ("; its log:\n" + log()));
    }
    if (count_of(event) == 0) {
        throw std::runtime_error("hallpass ended before it logged " + event + "; its log:\n" + log());
    }
}

std::size_t running_hallpass::count_of(const std::string& event) const {
    const std::string text = log();
    const std::string word = " " + event;
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) {
        const std::size_t after = at + word.size();
        const bool whole = after == text.size() || text[after] == ' ' || text[after] == '\n';
        count += whole ? std::size_t{1} : std::size_t{0};
    }
    return count;
}

} // namespace hallpass::test
