// The Auth Service built on Teleport's published Go types, which stands beside the repository. Its control
// port is described at the top of its main.go.
#pragma once

#include "support/http_peer.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hallpass::interop {

// The program, built when it is asked for the first time; "" where it can't be, and then `why` says why.
struct oracle_program {
    std::string path;
    std::string why;
};

const oracle_program& the_oracle_program();

class oracle {
public:
    // Returns when it is ready. Options beside the folder are in its main.go.
    explicit oracle(const std::vector<std::string>& options = {});

    const std::string& auth_address() const noexcept { return auth_address_; }

    const std::string& control_address() const noexcept { return control_address_; }

    std::string identity_file() const { return folder_.file("identity"); }

    // Creates one Access Request and gives its id.
    std::string request(const std::string& user, const std::string& role, const std::string& reason) const;
    void review(
        const std::string& id, const std::string& author, const std::string& state, const std::string& reason
    ) const;
    void erase(const std::string& id) const;
    // Closes every watch.
    void drop() const;
    // A new identity file; the old certificate is refused from now on.
    void rotate() const;
    // The next `count` calls of the method fail with the gRPC code.
    void fail(const std::string& method, const std::string& code, int count) const;
    // So many calls of the method, failed ones included.
    std::int64_t calls(const std::string& method) const;

private:
    test::temp_dir folder_;
    test::process program_;
    std::optional<test::http_peer> control_;
    std::string auth_address_;
    std::string control_address_;
};

} // namespace hallpass::interop
