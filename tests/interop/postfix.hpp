// Debian's Postfix as a mail server of the test's own: unpacked, not installed, and with nothing outside a
// folder.
#pragma once

#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hallpass::interop {

// Why it can't run here, "" where it can. It is fetched and unpacked into the build folder when it is asked
// for the first time. Throws where the archive answers, and something else is wrong.
const std::string& why_no_postfix();

// Takes letters for example.com on a port of 127.0.0.1, by STARTTLS only, and puts them into folders. As lax
// about line ends as Postfix gets. nobody@ is refused, late@ is put off at its address, and slow@ at the end
// of its letter.
class postfix {
public:
    // Returns when it listens. Precondition: it can run, and Python's judges are there.
    postfix(const std::string& certificate_file, const std::string& key_file);
    ~postfix();
    postfix(const postfix&) = delete;
    postfix& operator=(const postfix&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    // Whose files are letters.
    std::string letters_folder() const { return folder_.file("letters"); }

    std::string log() const;

private:
    void configure(const std::string& certificate_file, const std::string& key_file);

    test::temp_dir folder_;
    test::temp_dir policy_folder_;
    test::process policy_;
    std::uint16_t port_;
    std::optional<test::process> master_;
};

} // namespace hallpass::interop
