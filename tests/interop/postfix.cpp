#include "postfix.hpp"

#include "judges.hpp"
#include "support/eventually.hpp"
#include "support/http_peer.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <pwd.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace hallpass::interop {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const fs::path unpacked = HALLPASS_INTEROP_BUILD "/postfix";
const fs::path libraries = unpacked / "usr/lib/postfix";

// Users that every Debian has: Postfix wants one that nobody else is, and another for deliveries.
constexpr const char* owner = "mail";
constexpr const char* group = "games";
constexpr const char* deliverer = "nobody";

struct finished {
    int status = 0;
    std::string said;
};

finished
run(std::vector<std::string> command,
    const std::string& folder = {},
    const std::map<std::string, std::string>& environment = {}) {
    test::process program(std::move(command), environment, folder);
    finished end;
    try {
        end.status = program.wait(90s);
    } catch (const std::runtime_error&) {
        return {-1, "no end within a minute and a half"};
    }
    end.said = program.standard_output() + program.standard_error();
    return end;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::map<std::string, std::string> with_libraries() {
    return {{"LD_LIBRARY_PATH", libraries.string()}};
}

std::string unpack() {
    const fs::path fetched = unpacked / "fetched";
    fs::remove_all(unpacked);
    fs::create_directories(fetched);
    const finished got =
        run({"apt-get", "-q", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=10", "download",
             "postfix"},
            fetched.string());
    std::string package;
    for (const fs::directory_entry& one : fs::directory_iterator(fetched)) {
        package = one.path().extension() == ".deb" ? one.path().string() : package;
    }
    if (got.status != 0 || package.empty()) {
        return "apt-get can't fetch postfix: " + first_line(got.said);
    }
    const finished taken = run({"dpkg-deb", "--extract", package, unpacked.string()});
    if (taken.status != 0) {
        throw std::runtime_error("dpkg-deb can't unpack postfix: " + taken.said);
    }
    return "";
}

std::string find_out() {
    if (::geteuid() != 0) {
        return "postfix is to be started by root";
    }
    for (const char* tool : {"apt-get", "dpkg-deb"}) {
        if (test::find_program(tool).empty()) {
            return std::string(tool) + " is not here, to fetch postfix";
        }
    }
    const std::string postconf = (unpacked / "usr/sbin/postconf").string();
    if (!fs::exists(postconf)) {
        if (std::string why = unpack(); !why.empty()) {
            return why;
        }
    }
    const finished version = run({postconf, "-d", "mail_version"}, {}, with_libraries());
    return version.status == 0 ? "" : "postfix doesn't run here: " + first_line(version.said);
}

void give(const fs::path& what, const char* whom) {
    const struct passwd* user = ::getpwnam(whom);
    if (user == nullptr || ::chown(what.c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::system_error(errno, std::generic_category(), "chown " + what.string());
    }
}

constexpr const char* services = R"(
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
)";

// The most that it does with lines that end otherwise than by CR LF: nothing.
constexpr const char* behaviour = R"(
compatibility_level = 3.7
import_environment = MAIL_CONFIG LD_LIBRARY_PATH TZ
export_environment = MAIL_CONFIG LD_LIBRARY_PATH TZ
myhostname = mail.example.com
mydestination =
alias_maps =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
virtual_mailbox_domains = example.com
virtual_mailbox_maps = static:letters/
virtual_minimum_uid = 1
smtpd_tls_security_level = encrypt
smtpd_tls_loglevel = 1
smtpd_forbid_bare_newline = no
)";

} // namespace

const std::string& why_no_postfix() {
    static const std::string why = find_out();
    return why;
}

postfix::postfix(const std::string& certificate_file, const std::string& key_file)
    : policy_(begin_asking("mail_policy.py", {policy_folder_.path().string()})), port_(test::free_port()) {
    configure(certificate_file, key_file);
    auto environment = with_libraries();
    environment["MAIL_CONFIG"] = folder_.file("config");
    master_.emplace(
        std::vector<std::string>{(libraries / "sbin/master").string(), "-c", folder_.file("config")},
        environment
    );
    test::eventually("postfix listens", [&] {
        if (master_->exit_status()) {
            throw std::runtime_error("postfix ended: " + master_->standard_error() + log());
        }
        return log().find("daemon started") != std::string::npos;
    });
}

postfix::~postfix() {
    try {
        master_->send_signal(SIGTERM); // it ends all that it has started
        master_->wait(10s);
    } catch (const std::exception&) {
        master_.reset(); // by force
    }
}

void postfix::configure(const std::string& certificate_file, const std::string& key_file) {
    const fs::path& at = folder_.path();
    fs::permissions(at, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    for (const char* name : {"config", "data", "letters", "queue"}) {
        fs::create_directory(at / name);
    }
    for (const char* name :
         {"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop",
          "private", "public", "saved", "trace"}) {
        fs::create_directory(at / "queue" / name);
        give(at / "queue" / name, owner);
    }
    fs::create_directory(at / "queue/pid");
    give(at / "data", owner);
    give(at / "letters", deliverer);
    fs::copy_file(unpacked / "usr/share/postfix/dynamicmaps.cf", at / "config/dynamicmaps.cf");
    const struct passwd* receiver = ::getpwnam(deliverer);
    const std::string uid = std::to_string(receiver == nullptr ? 65534 : receiver->pw_uid);
    const std::string here = at.string();
    const std::array<std::pair<std::string, std::string>, 17> places{{
        {"config_directory", here + "/config"},
        {"meta_directory", here + "/config"},
        {"queue_directory", here + "/queue"},
        {"data_directory", here + "/data"},
        {"virtual_mailbox_base", here},
        {"maillog_file", here + "/log"},
        {"maillog_file_prefixes", here},
        {"daemon_directory", (libraries / "sbin").string()},
        {"command_directory", (unpacked / "usr/sbin").string()},
        {"shlib_directory", libraries.string()},
        {"mail_owner", owner},
        {"setgid_group", group},
        {"default_privs", deliverer},
        {"virtual_uid_maps", "static:" + uid},
        {"virtual_gid_maps", "static:" + uid},
        {"smtpd_tls_cert_file", certificate_file},
        {"smtpd_tls_key_file", key_file},
    }};
    const std::string policy = "check_policy_service inet:127.0.0.1:" + port_of(policy_, policy_folder_);
    std::string main = behaviour;
    main += "smtpd_recipient_restrictions = " + policy + ", reject_unauth_destination\n";
    main += "smtpd_end_of_data_restrictions = " + policy + '\n';
    for (const auto& [name, value] : places) {
        main += name + " = " + value + '\n';
    }
    folder_.write("config/main.cf", main);
    folder_.write(
        "config/master.cf", "127.0.0.1:" + std::to_string(port_) + " inet n - n - - smtpd" + services
    );
}

std::string postfix::log() const {
    return fs::exists(folder_.file("log")) ? test::read_file(folder_.file("log")) : "";
}

} // namespace hallpass::interop
