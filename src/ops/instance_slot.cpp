#include "ops/instance_slot.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hallpass::ops {

namespace {

constexpr int most_slots = 256;
constexpr std::size_t id_digits = 16;
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view prefix = "instance-";
constexpr std::string_view socket_suffix = ".sock";

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_(number) {}

    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }

    int number() const noexcept { return number_; }

    int release() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

fault unusable(const std::string& directory, const std::string& step, int error) {
    std::string text = "state directory " + one_line(directory) + " can't be used: " + step + ": " +
                       std::generic_category().message(error);
    if (error == EACCES || error == EPERM) {
        text += "; give it to the user that hallpass runs as, or set state_dir";
    } else if (error == ENOENT || error == ENOTDIR) {
        text += "; make it, or set state_dir";
    } else if (error == EROFS) {
        text += "; set state_dir to a place that can be written";
    } else if (error == ENOSPC || error == EDQUOT) {
        text += "; make room";
    }
    return fault(fault_kind::permanent, text);
}

std::string random_id() {
    std::random_device random;
    std::string id;
    for (std::size_t i = 0; i < id_digits; ++i) {
        id += hex_digits[random() & 15U];
    }
    return id;
}

// The id that the file holds, where it holds one.
std::optional<std::string> read_id(const std::string& path) {
    const result<std::string> content = read_small_file(path, 64);
    if (!content) {
        return std::nullopt; // missing, or nonsense: it is replaced, and what can't be replaced is a fault
                             // then
    }
    const std::string id(trimmed(*content));
    const bool sound = id.size() == id_digits && id.find_first_not_of(hex_digits) == std::string::npos;
    return sound ? std::optional(id) : std::nullopt;
}

bool write_all(int file, std::string_view text) noexcept {
    while (!text.empty()) {
        const ::ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return true;
}

// All of it or nothing, also where the machine stops in between. 0, or errno.
int write_durably(const std::string& directory, const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    const descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0 || !write_all(file.number(), text) || ::fsync(file.number()) != 0) {
        return errno;
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        return errno;
    }
    const descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.number() < 0 || ::fsync(folder.number()) != 0 ? errno : 0;
}

// The number in "instance-12.sock"; nothing for any other name.
std::optional<int> number_of_socket(std::string_view name) {
    if (!name.starts_with(prefix) || !name.ends_with(socket_suffix)) {
        return std::nullopt;
    }
    name.remove_prefix(prefix.size());
    name.remove_suffix(std::min(name.size(), socket_suffix.size()));
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool whole = error == std::errc() && end == name.data() + name.size() && number >= 0;
    return whole ? std::optional(number) : std::nullopt;
}

} // namespace

std::string default_state_directory() {
    const char* const given = std::getenv("STATE_DIRECTORY");
    const std::vector<std::string> all = split(given == nullptr ? "" : given, ':');
    return all.empty() || all.front().empty() ? "/var/lib/hallpass" : all.front();
}

instance_slot::instance_slot(std::string id, std::string socket_path, int lock) noexcept
    : id_(std::move(id)), socket_path_(std::move(socket_path)), lock_(lock) {}

instance_slot::instance_slot(instance_slot&& other) noexcept
    : id_(std::move(other.id_)),
      socket_path_(std::move(other.socket_path_)),
      lock_(std::exchange(other.lock_, -1)) {}

instance_slot& instance_slot::operator=(instance_slot&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(socket_path_, other.socket_path_);
    std::swap(lock_, other.lock_);
    return *this;
}

instance_slot::~instance_slot() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

result<instance_slot> instance_slot::take(const std::string& directory) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return unusable(directory, "making it", errno);
    }
    for (int number = 0; number < most_slots; ++number) {
        const std::string path = directory + "/" + std::string(prefix) + std::to_string(number);
        const std::string lock_path = path + ".lock";
        descriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (lock.number() < 0) {
            return unusable(directory, "opening " + one_line(lock_path), errno);
        }
        if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) {
                continue; // somebody lives there
            }
            return unusable(directory, "locking " + one_line(lock_path), errno);
        }
        std::optional<std::string> id = read_id(path);
        if (!id) {
            id = random_id();
            if (const int error = write_durably(directory, path, *id + "\n"); error != 0) {
                return unusable(directory, "writing " + one_line(path), error);
            }
        }
        return instance_slot(std::move(*id), path + std::string(socket_suffix), lock.release());
    }
    return fault(
        fault_kind::permanent, "state directory " + one_line(directory) + ": all " +
                                   std::to_string(most_slots) +
                                   " slots belong to running processes; set another state_dir"
    );
}

instance_slot instance_slot::without_directory() {
    return {random_id(), "", -1};
}

result<std::vector<std::string>> instance_sockets(const std::string& directory) {
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    std::vector<std::pair<int, std::string>> found;
    while (!error && entries != std::filesystem::directory_iterator()) {
        if (const auto number = number_of_socket(entries->path().filename().native())) {
            found.emplace_back(*number, entries->path().native());
        }
        entries.increment(error);
    }
    if (error) {
        const auto kind =
            error == std::errc::no_such_file_or_directory ? fault_kind::not_found : fault_kind::permanent;
        return fault(kind, "can't read the state directory " + one_line(directory) + ": " + error.message());
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> paths;
    for (auto& [number, path] : found) {
        paths.push_back(std::move(path));
    }
    return paths;
}

} // namespace hallpass::ops
