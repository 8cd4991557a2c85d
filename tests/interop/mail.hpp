// hallpass that sends letters, and what Python's email package reads in those that arrive.
#pragma once

#include "integration/rig.hpp"
#include "judges.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::interop {

// What somebody would write who wants a mail server to take the rest for a second letter.
std::string smuggled_letter(std::string_view line_end, std::string_view line_end_after_dot);

class mail {
public:
    test::rig rig;

    // hallpass with letters for each of those names at example.com, by that server; `more` are lines of
    // [smtp]. Returns when it watches.
    void start(std::uint16_t port, const std::vector<std::string>& names, const std::string& more = "");
    void launch(std::uint16_t port, const std::vector<std::string>& names, const std::string& more = "");

    test::running_hallpass& hallpass() noexcept { return *hallpass_; }

    // A request of alice's; its id.
    std::string request(std::string_view reason, std::string_view role = "dba");
    void deny(const std::string& id, std::string_view reason);

private:
    std::unique_ptr<test::running_hallpass> hallpass_;
    int started_ = 0;
};

// Those in that folder and below, as mail_letters.py tells of them.
std::vector<boost::json::object> letters_in(const std::string& folder);

// Those of them to that name at example.com.
std::vector<boost::json::object> letters_to(const std::string& folder, std::string_view name);

} // namespace hallpass::interop
