// Where the identity is read from, again for each new connection.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "teleport/identity.hpp"

#include <memory>
#include <string>

namespace hallpass::ports {
class log;
}

namespace hallpass::teleport {

// Either an identity file or the three others.
struct credential_files {
    std::string identity_file;
    std::string client_key;
    std::string client_crt;
    std::string root_cas;
};

class credentials {
public:
    credentials(credential_files files, ports::log& out);

    // Reads the files. Where that fails and an older identity is still good, the failure is logged and the
    // older one returned: tbot rewrites the file, and it may be half written.
    result<std::shared_ptr<const identity>> load(instant now);

private:
    result<identity> read() const;

    credential_files files_;
    ports::log& out_;
    std::shared_ptr<const identity> last_;
};

} // namespace hallpass::teleport
