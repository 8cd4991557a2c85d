#include "rig.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

using namespace hallpass;

namespace {

// systemd's end of sd_notify(3).
class service_manager {
public:
    explicit service_manager(const std::string& path)
        : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        REQUIRE(path.size() < sizeof at.sun_path);
        std::memcpy(at.sun_path, path.c_str(), path.size());
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    }

    service_manager(const service_manager&) = delete;
    service_manager& operator=(const service_manager&) = delete;

    ~service_manager() { ::close(socket_); }

    // What was said so far, without the lines for `systemctl status`.
    const std::vector<std::string>& heard() {
        std::array<char, 4096> part;
        ssize_t got = 0;
        while ((got = ::recv(socket_, part.data(), part.size(), 0)) > 0) {
            std::string said(part.data(), static_cast<std::size_t>(got));
            if (!said.starts_with("STATUS=")) {
                heard_.push_back(std::move(said));
            }
        }
        return heard_;
    }

    void wait_for(std::size_t count) {
        test::eventually("the service manager hears " + std::to_string(count) + " words", [&] {
            return heard().size() >= count;
        });
    }

private:
    int socket_;
    std::vector<std::string> heard_;
};

} // namespace

TEST_CASE("the service manager is told of readiness, reloads and the end as sd_notify(3) asks") {
    test::rig rig;
    const std::string path = rig.folder.file("notify");
    service_manager manager(path);
    const auto hallpass = rig.start({{"NOTIFY_SOCKET", path}});
    hallpass->wait_for_event("watching");
    if (manager.heard().empty()) {
        test::skip("this build has no systemd support");
        return;
    }
    CHECK(manager.heard() == std::vector<std::string>{"READY=1"});
    hallpass->program().send_signal(SIGHUP);
    hallpass->wait_for_event("reloaded");
    manager.wait_for(3);
    CHECK(manager.heard()[1].starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(manager.heard()[2] == "READY=1");
    rig.configure_with("nonsense");
    hallpass->program().send_signal(SIGHUP);
    hallpass->wait_for_event("configuration_kept");
    hallpass->program().send_signal(SIGTERM);
    CHECK(hallpass->program().wait() == 0);
    const std::vector<std::string>& all = manager.heard();
    CHECK(std::count(all.begin(), all.end(), "STOPPING=1") == 1);
    CHECK(all.back() == "STOPPING=1");
    CHECK(std::count_if(all.begin(), all.end(), [](const std::string& said) {
              return said.starts_with("RELOADING=1\nMONOTONIC_USEC=");
          }) == 2);
}
