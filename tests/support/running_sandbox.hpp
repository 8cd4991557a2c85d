// hallpass-sandbox as a program of its own, and what its simulated Slack shows.
#pragma once

#include "support/http_peer.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::test {

struct slack_post {
    std::string ts;
    std::string text; // the fallback text and the blocks, as JSON
    std::vector<std::string> replies;
    bool edited = false;
};

class running_sandbox {
public:
    // Returns when it is ready. The arguments are further ones of `hallpass-sandbox serve`.
    explicit running_sandbox(const std::vector<std::string>& arguments = {});

    const http_peer& control() const noexcept { return *control_; }

    const std::string& auth_address() const noexcept { return auth_address_; }

    const std::string& slack_url() const noexcept { return slack_url_; }

    const std::string& ca_file() const noexcept { return ca_file_; }

    const std::string& identity_file() const noexcept { return identity_file_; }

    // The messages of the channel that are not replies and mention the text.
    std::vector<slack_post> posts(std::string_view channel, std::string_view mentioning) const;

    std::string log() const { return program_.standard_error(); }

    process& program() noexcept { return program_; }

private:
    temp_dir folder_;
    process program_;
    std::optional<http_peer> control_;
    std::string auth_address_;
    std::string slack_url_;
    std::string ca_file_;
    std::string identity_file_;
};

} // namespace hallpass::test
