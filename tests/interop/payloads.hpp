// What a service was sent, one file each, for a script that judges it.
#pragma once

#include "judges.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::interop {

class payloads {
public:
    void keep(std::string_view name, const boost::json::value& payload) {
        const std::string number = std::to_string(100 + count_++);
        folder_.write(number + "-" + std::string(name) + ".json", boost::json::serialize(payload));
    }

    // A good one with another value at a place in it ("/blocks/0/type").
    void keep_broken(
        std::string_view name, boost::json::value good, std::string_view place, boost::json::value value
    ) {
        good.at_pointer(place) = std::move(value);
        keep(name, good);
    }

    // After its other arguments.
    judgement judged_by(const std::string& script, std::vector<std::string> arguments = {}) const {
        arguments.push_back(folder());
        return ask(script, arguments);
    }

    std::string folder() const { return folder_.path().string(); }

    // What the script says where it takes all, and where it takes none.
    std::string all_accepted() const { return std::to_string(count_) + " accepted, 0 refused\n"; }

    std::string all_refused() const { return "\n0 accepted, " + std::to_string(count_) + " refused\n"; }

private:
    test::temp_dir folder_;
    std::size_t count_ = 0;
};

} // namespace hallpass::interop
