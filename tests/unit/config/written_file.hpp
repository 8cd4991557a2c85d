// Files of a test, and what loading one says.
#pragma once

#include "config/load.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

// A directory of its own, gone at the end.
class scratch_folder {
public:
    scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder();

    std::string path(std::string_view name) const;
    std::string write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path folder_;
};

struct outcome {
    config::loaded read;
    std::vector<std::string> said; // "error: FILE:3: ...", the file's path replaced by FILE
};

// Loads the text as a file, with the kinds "slack" and "chat", and warns of unknown keys.
outcome load_text(std::string_view toml);

// The problems' texts with their level, `path` replaced by FILE.
std::vector<std::string> said_of(const problems& found, const std::string& path);

} // namespace hallpass::test
