// Who is who in a service: the table [<service>.users], and the file that `users_file` names.
#pragma once

#include "access/identity.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"

#include <string>

namespace hallpass::config {

struct people_section {
    access::people written;  // in the configuration itself
    bool by_address = false; // accounts are mail addresses, and kept in lower case
    std::string file;        // "" where none is named; it is read again when it changes
};

// Of a service's own section.
people_section read_people(settings& own, bool by_address = false);

// Everybody, of the table and of the file as it is now. Faults name the file and what to do: malformed where
// it isn't such a table, or says somebody else of an account than the table does.
result<access::people> everybody(const people_section& section);

} // namespace hallpass::config
