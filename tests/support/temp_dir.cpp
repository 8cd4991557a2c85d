#include "support/temp_dir.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <system_error>

namespace hallpass::test {

temp_dir::temp_dir() {
    std::string name = (std::filesystem::temp_directory_path() / "hallpass-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
    }
    path_ = name;
}

temp_dir::~temp_dir() {
    std::error_code ignored; // a leftover in the temporary folder must not hide how the test ended
    std::filesystem::remove_all(path_, ignored);
}

std::string temp_dir::write(std::string_view name, std::string_view content) const {
    std::string target = file(name);
    std::ofstream out(target, std::ios::binary | std::ios::trunc);
    out << content;
    out.close();
    if (!out) {
        throw std::runtime_error("can't write " + target);
    }
    return target;
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (!in) {
        throw std::runtime_error("can't read " + path);
    }
    return content.str();
}

} // namespace hallpass::test
