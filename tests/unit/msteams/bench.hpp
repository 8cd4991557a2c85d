// A Teams service with everything around it scripted, and Microsoft's side of a signed call.
#pragma once

#include "../services/scripted_http.hpp"
#include "services/msteams/client.hpp"

#include <boost/json/object.hpp>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace hallpass::test {

inline constexpr std::string_view app_secret = "the~secret&of the app";
inline constexpr const char* app_id = "0a990000-0000-4000-8000-00000000b017";
inline constexpr const char* tenant_id = "7e4a4700-0000-4000-8000-0000000000aa";
inline constexpr const char* alice_id = "a11ce000-0000-4000-8000-000000000001";
inline constexpr const char* bob_id = "b0b00000-0000-4000-8000-000000000002";
inline constexpr const char* channel_id = "19:approvals@thread.tacv2";

services::msteams::msteams_config sample_config();

struct bench : service_bench {
    bench();

    ports::service_environment environment();

    // Answers, in the order in which they are asked for.
    void token(std::string_view word);
    void catalogue();
    void says(std::string body, int status = 200);

    // No trace of the secret but in the bodies of the calls for tokens.
    void check_secret_is_kept() const;

    access::people people{{alice_id, "Alice"}};
    services::msteams::msteams_service teams;
};

// An RSA key with which a test signs as Microsoft does.
class test_key {
public:
    explicit test_key(std::string id);

    std::string sign(const boost::json::object& claims, boost::json::object header = {}) const;
    boost::json::object published(const boost::json::value& endorsements) const;

private:
    std::string id_;
    std::shared_ptr<EVP_PKEY> key_;
};

// One for all tests: making one takes a moment.
const test_key& microsofts_key();
const test_key& strangers_key(); // of the same name

} // namespace hallpass::test
