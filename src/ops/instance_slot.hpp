// The name of this process among the instances of hallpass: the same after a restart, never shared by two
// that live.
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace hallpass::ops {

// systemd's $STATE_DIRECTORY (the first of several), else /var/lib/hallpass.
std::string default_state_directory();

// A slot is a number with three files in the state directory: instance-N.lock, which a living process holds
// locked; instance-N, its id; and instance-N.sock, where it answers `hallpass status`.
class instance_slot {
public:
    // Takes the first slot that no living process holds, and its id, or makes one of 16 hex digits. The
    // directory is made where only its last part is missing. permanent, with the mend, where it can't be
    // used.
    static result<instance_slot> take(const std::string& directory);

    // Without a state directory: an id for this life only, and no socket.
    static instance_slot without_directory();

    instance_slot(instance_slot&& other) noexcept;
    instance_slot& operator=(instance_slot&& other) noexcept;
    // Lets the slot go; its id stays for the next process.
    ~instance_slot();

    const std::string& id() const noexcept { return id_; }

    // "" without a directory.
    const std::string& socket_path() const noexcept { return socket_path_; }

private:
    instance_slot(std::string id, std::string socket_path, int lock) noexcept;

    std::string id_;
    std::string socket_path_;
    int lock_ = -1; // open, and so locked, for life
};

// The sockets of all slots, in the order of their numbers. not_found, permanent: the directory can't be read.
result<std::vector<std::string>> instance_sockets(const std::string& directory);

} // namespace hallpass::ops
