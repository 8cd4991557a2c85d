#include "base/small_file.hpp"

#include "base/text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hallpass {

namespace {

class descriptor {
public:
    // Without O_NONBLOCK a named pipe would hold the start up for ever.
    explicit descriptor(const std::string& path)
        : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }

    int number() const noexcept { return number_; }

private:
    int number_;
};

fault cant_read(const std::string& path, int error) {
    const auto kind = error == ENOENT || error == ENOTDIR ? fault_kind::not_found : fault_kind::permanent;
    std::string text = "can't read " + one_line(path) + ": " + std::generic_category().message(error);
    if (error == ENOENT) {
        text += "; check the path";
    } else if (error == EACCES) {
        text += "; give the user that hallpass runs as the right to read it";
    }
    return fault(kind, text);
}

} // namespace

result<std::string> read_small_file(const std::string& path, std::size_t at_most) {
    const descriptor file(path);
    if (file.number() < 0) {
        return cant_read(path, errno);
    }

    struct ::stat about {};

    if (::fstat(file.number(), &about) != 0) {
        return cant_read(path, errno);
    }
    if (S_ISDIR(about.st_mode)) {
        return cant_read(path, EISDIR);
    }
    std::string content(at_most + 1, '\0');
    std::size_t have = 0;
    while (have < content.size()) {
        const ::ssize_t more = ::read(file.number(), content.data() + have, content.size() - have);
        if (more < 0 && errno == EINTR) {
            continue;
        }
        if (more < 0) {
            return cant_read(path, errno);
        }
        if (more == 0) {
            break;
        }
        have += static_cast<std::size_t>(more);
    }
    if (have > at_most) {
        return fault(
            fault_kind::permanent,
            one_line(path) + " holds more than " + std::to_string(at_most) + " bytes; is it the right file?"
        );
    }
    content.resize(have);
    return content;
}

} // namespace hallpass
