// A folder for one test, gone with the object.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hallpass::test {

class temp_dir {
public:
    temp_dir();
    temp_dir(const temp_dir&) = delete;
    temp_dir& operator=(const temp_dir&) = delete;
    ~temp_dir();

    const std::filesystem::path& path() const noexcept { return path_; }

    std::string file(std::string_view name) const { return (path_ / name).string(); }

    // Writes the file anew and gives its path.
    std::string write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

// The whole content; throws where the file can't be read.
std::string read_file(const std::string& path);

} // namespace hallpass::test
