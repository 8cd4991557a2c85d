// What the operator wrote, checked and as values.
#pragma once

#include "access/review_rules.hpp"
#include "access/routing.hpp"
#include "base/settings.hpp"
#include "config/people.hpp"
#include "ports/log.hpp"
#include "ports/service_kind.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::config {

// Either `identity` or the three files of a key, a certificate and the cluster's authorities.
struct teleport_section {
    std::string addr = "localhost:3025"; // host:port of the Auth Service
    std::string identity;
    std::string client_key;
    std::string client_crt;
    std::string root_cas;
    bool refresh_identity = false;
    std::chrono::milliseconds refresh_identity_interval = std::chrono::minutes(1);
};

// The public listener of callbacks.
struct http_section {
    std::string listen_addr = ":8081";
    std::string
        public_addr; // "https://host[:port]", without a slash at its end; "" where the file doesn't say
    std::string https_cert_file;
    std::string https_key_file;
    bool insecure = false; // plain HTTP, for a reverse proxy that does TLS

    bool has_certificate() const noexcept { return !https_cert_file.empty() && !https_key_file.empty(); }

    // Why no listener can be opened with it, and what to do; "" where one can.
    std::string_view why_unusable() const noexcept;
};

enum class log_output { standard_error, standard_output, journal, file };
enum class log_format { text, json };

struct log_section {
    log_output output = log_output::standard_error;
    std::string path; // where output is a file; it is appended to
    ports::severity severity = ports::severity::info;
    log_format format = log_format::text;
};

// What to do where nobody can tell whether a message was sent: risk it twice, or risk that it never comes.
enum class uncertain_policy { resend, skip };

struct service_section {
    const ports::service_kind* kind;
    settings own; // the service's own table, for kind->make
    access::routing_table routing;
    access::review_rules review; // [review], overridden by [<service>.review]
    people_section people;
};

struct configuration {
    teleport_section teleport;
    log_section log;
    uncertain_policy on_uncertain = uncertain_policy::resend;
    std::string state_dir; // "" where the file doesn't say
    http_section http;
    std::vector<service_section> services; // in the order of the kinds
    std::optional<settings> review;        // [review] itself
    settings all;                          // the whole file
};

} // namespace hallpass::config
