// The key by which the simulated Discord signs what it posts (api-messaging 2.3): another at each start.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

class discord_signing_key {
public:
    // A new one; what fails there is thrown.
    discord_signing_key();
    // Of 32 bytes.
    explicit discord_signing_key(std::string_view seed);
    ~discord_signing_key();
    discord_signing_key(const discord_signing_key&) = delete;
    discord_signing_key& operator=(const discord_signing_key&) = delete;

    // 64 hex digits, as the Developer Portal shows it.
    std::string public_key() const;
    // Over both, one behind the other, in 128 hex digits.
    std::string sign(std::string_view timestamp, std::string_view body) const;

private:
    struct hidden;

    std::unique_ptr<hidden> inside_;
};

} // namespace hallpass::sandbox
