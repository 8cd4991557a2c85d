#include "config/people.hpp"

#include "access/routing.hpp"
#include "base/small_file.hpp"
#include "base/text.hpp"
#include "config/toml.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace hallpass::config {

namespace {

constexpr std::string_view table_key = "users";
constexpr std::string_view file_key = "users_file";
constexpr std::size_t file_bytes = std::size_t{4} * 1024 * 1024;

// As some write it the wrong way round.
bool is_no_account(const std::string& id) {
    return id.find_first_of("@ ") != std::string::npos;
}

void read_table(settings& table, bool by_address, access::people& into) {
    for (const std::string& id : table.keys()) {
        if (by_address && !access::looks_like_email(id)) {
            table.error(id, "must be a mail address, with its Teleport user behind it");
        } else if (!by_address && is_no_account(id)) {
            table.error(id, "must be the id of an account, with its Teleport user behind it");
        }
        if (auto user = table.text(id)) {
            into.emplace(by_address ? lower_case(id) : id, std::move(*user));
        } else if (!table.has(id)) {
            table.error(id, "must name a Teleport user; fill it in or take it out");
        }
    }
}

result<access::people> read_file(const std::string& path, bool by_address) {
    const auto text = read_small_file(path, file_bytes);
    if (text.has_error()) {
        return text.error();
    }
    const auto found = std::make_shared<problems>();
    auto table = parse_toml(path, *text, *found);
    access::people read;
    if (table) {
        settings all(path, std::move(table), found);
        read_table(all, by_address, read);
    }
    if (any_error(*found)) {
        return fault(fault_kind::malformed, found->front().text);
    }
    return read;
}

} // namespace

people_section read_people(settings& own, bool by_address) {
    people_section read;
    read.by_address = by_address;
    if (auto table = own.table(table_key)) {
        read_table(*table, by_address, read.written);
    }
    read.file = own.text(file_key).value_or("");
    if (!read.file.empty() && !read.file.starts_with('/')) {
        own.error(file_key, "must be an absolute path");
        read.file.clear();
    }
    if (!read.file.empty()) {
        if (const auto all = everybody(read); all.has_error()) {
            own.error(file_key, all.error().text());
        }
    }
    return read;
}

result<access::people> everybody(const people_section& section) {
    if (section.file.empty()) {
        return section.written;
    }
    auto all = read_file(section.file, section.by_address);
    if (all.has_error()) {
        return all;
    }
    for (const auto& [id, user] : section.written) {
        const auto [at, added] = all->emplace(id, user);
        if (!added && at->second != user) {
            return fault(
                fault_kind::malformed, section.file + ": " + one_line(id, 80) +
                                           ": is somebody else in the configuration; take one of them out"
            );
        }
    }
    return all;
}

} // namespace hallpass::config
