#include "ops/instance_slot.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hallpass;
using ops::instance_slot;

namespace {

// A process of its own that holds a slot until it is killed, as a hallpass does that crashes.
class holder {
public:
    explicit holder(const std::string& directory) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        child_ = ::fork();
        if (child_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            const result<instance_slot> mine = instance_slot::take(directory);
            const std::string told = mine ? mine->id() : "nothing";
            const bool written = ::write(ends[1], told.data(), told.size()) > 0;
            ::close(ends[1]);
            while (written) {
                ::pause();
            }
            ::_exit(1);
        }
        ::close(ends[1]);
        char buffer[64];
        ssize_t got = 0;
        while ((got = ::read(ends[0], buffer, sizeof buffer)) > 0) {
            id_.append(buffer, static_cast<std::size_t>(got));
        }
        ::close(ends[0]);
    }

    holder(const holder&) = delete;
    holder& operator=(const holder&) = delete;

    ~holder() { kill(); }

    void kill() {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
            child_ = -1;
        }
    }

    const std::string& id() const noexcept { return id_; }

private:
    pid_t child_ = -1;
    std::string id_;
};

std::string id_taken_in(const std::string& directory) {
    const result<instance_slot> slot = instance_slot::take(directory);
    return slot ? slot->id() : slot.error().text();
}

bool is_id(const std::string& text) {
    return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

} // namespace

TEST_CASE("whoever comes back to a state directory gets the id it had") {
    const test::temp_dir folder;
    const std::string directory = folder.file("state");
    const std::string first = id_taken_in(directory);
    CHECK(is_id(first));
    CHECK(id_taken_in(directory) == first);
    CHECK(test::read_file(directory + "/instance-0") == first + "\n");

    struct ::stat about {};

    REQUIRE(::stat(directory.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0700);
}

TEST_CASE("living processes never share an id, and one that was killed leaves its own to the next") {
    const test::temp_dir folder;
    const std::string directory = folder.path().string();
    holder first(directory);
    const holder second(directory);
    CHECK(is_id(first.id()));
    CHECK(is_id(second.id()));
    CHECK(first.id() != second.id());
    const result<instance_slot> third = instance_slot::take(directory);
    REQUIRE(third.has_value());
    CHECK(third->id() != first.id());
    CHECK(third->id() != second.id());
    CHECK(third->socket_path() == directory + "/instance-2.sock");
    first.kill();
    CHECK(id_taken_in(directory) == first.id());
}

TEST_CASE("within one process a slot is as exclusive, and moving it keeps it") {
    const test::temp_dir folder;
    const std::string directory = folder.path().string();
    result<instance_slot> first = instance_slot::take(directory);
    REQUIRE(first.has_value());
    const std::string id = first->id();
    const instance_slot moved = std::move(*first);
    CHECK(moved.id() == id);
    CHECK(id_taken_in(directory) != id);
}

TEST_CASE("nonsense in the place of an id is replaced") {
    const test::temp_dir folder;
    for (const std::string nonsense :
         {"", "\n", "0123456789abcde", "0123456789abcdefg", "0123456789ABCDEF", "../../etc/passwd"}) {
        CAPTURE(nonsense);
        folder.write("instance-0", nonsense);
        const std::string id = id_taken_in(folder.path().string());
        CHECK(is_id(id));
        CHECK(test::read_file(folder.file("instance-0")) == id + "\n");
    }
    folder.write("instance-0", std::string(100'000, 'a'));
    CHECK(is_id(id_taken_in(folder.path().string())));
}

TEST_CASE("a directory that can't be used is named, with the mend") {
    const test::temp_dir folder;
    const std::string file = folder.write("file", "");
    const std::string deep = id_taken_in(folder.file("missing/deeper"));
    CHECK(deep.find(folder.file("missing/deeper")) != std::string::npos);
    CHECK(deep.find("make it, or set state_dir") != std::string::npos);
    const std::string no_folder = id_taken_in(file);
    CHECK(no_folder.find("Not a directory; make it, or set state_dir") != std::string::npos);
    // Everybody, root too, is refused here.
    const std::string forbidden = id_taken_in("/proc/hallpass");
    CHECK(forbidden.find("state directory /proc/hallpass can't be used: making it: ") == 0);
}

TEST_CASE("a link in the place of the lock is not followed") {
    const test::temp_dir folder;
    const std::string elsewhere = folder.file("elsewhere");
    std::filesystem::create_symlink(elsewhere, folder.file("instance-0.lock"));
    const std::string refused = id_taken_in(folder.path().string());
    CHECK(refused.find("instance-0.lock") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(elsewhere));
}

TEST_CASE("without a directory there is an id for one life, and no socket") {
    const instance_slot one = instance_slot::without_directory();
    const instance_slot other = instance_slot::without_directory();
    CHECK(is_id(one.id()));
    CHECK(one.id() != other.id());
    CHECK(one.socket_path().empty());
}

TEST_CASE("the sockets of a state directory are found in the order of their numbers") {
    const test::temp_dir folder;
    for (const std::string name :
         {"instance-10.sock", "instance-2.sock", "instance-0", "instance-0.lock", "instance-x.sock",
          "instance-.sock", "instance--1.sock", "other.sock"}) {
        folder.write(name, "");
    }
    const result<std::vector<std::string>> found = ops::instance_sockets(folder.path().string());
    REQUIRE(found.has_value());
    CHECK(*found == std::vector{folder.file("instance-2.sock"), folder.file("instance-10.sock")});
    const result<std::vector<std::string>> missing = ops::instance_sockets(folder.file("missing"));
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().kind() == fault_kind::not_found);
}

TEST_CASE("systemd's state directory is taken where it gives one") {
    ::unsetenv("STATE_DIRECTORY");
    CHECK(ops::default_state_directory() == "/var/lib/hallpass");
    ::setenv("STATE_DIRECTORY", "", 1);
    CHECK(ops::default_state_directory() == "/var/lib/hallpass");
    ::setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", 1);
    CHECK(ops::default_state_directory() == "/var/lib/one");
    ::unsetenv("STATE_DIRECTORY");
}
