#include "written_file.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace hallpass::test {

namespace {

constexpr ports::service_kind slack{"slack", "", nullptr};
constexpr ports::service_kind chat{"chat", "", nullptr, false, {}, {}, false, nullptr, true};
constexpr std::array<const ports::service_kind*, 2> kinds{&slack, &chat};

} // namespace

scratch_folder::scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hallpass-config-XXXXXX").string();
    if (!::mkdtemp(name.data())) {
        throw std::runtime_error("can't make a directory for the test");
    }
    folder_ = name;
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string scratch_folder::path(std::string_view name) const {
    return (folder_ / name).string();
}

std::string scratch_folder::write(std::string_view name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
}

std::vector<std::string> said_of(const problems& found, const std::string& path) {
    std::vector<std::string> said;
    for (const problem& one : found) {
        std::string text = one.text;
        for (auto at = text.find(path); at != std::string::npos; at = text.find(path)) {
            text.replace(at, path.size(), "FILE");
        }
        said.push_back((one.level == problem_level::error ? "error: " : "warning: ") + text);
    }
    return said;
}

outcome load_text(std::string_view toml) {
    const scratch_folder folder;
    const std::string path = folder.write("hallpass.toml", toml);
    outcome made{config::load(path, kinds), {}};
    if (made.read.value) {
        for (config::service_section& service : made.read.value->services) {
            service.own.accept("token");
        }
        made.read.value->all.warn_of_unknown_keys();
    }
    made.said = said_of(*made.read.found, path);
    return made;
}

} // namespace hallpass::test
