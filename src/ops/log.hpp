// Where the daemon's events go.
#pragma once

#include "base/result.hpp"
#include "ports/log.hpp"

#include <memory>
#include <string>

namespace hallpass::ops {

enum class log_output { standard_error, standard_output, journal, file };
enum class log_format { text, json };

struct log_options {
    log_output output = log_output::standard_error;
    std::string path; // of a file, which is appended to
    ports::severity least = ports::severity::info;
    log_format format = log_format::text;
};

// permanent: the file can't be opened, or this build knows no journal.
result<std::unique_ptr<ports::log>> make_log(const log_options& options);

} // namespace hallpass::ops
