#include "base/text.hpp"
#include "config/sections.hpp"

#include <algorithm>

namespace hallpass::config {

namespace {

bool is_port(std::string_view text) noexcept {
    const bool digits = !text.empty() && text.size() <= 5 &&
                        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) {
        return false;
    }
    int port = 0;
    for (const char digit : text) {
        port = port * 10 + (digit - '0');
    }
    return port > 0 && port <= 65535;
}

bool is_host(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        return text.ends_with(']') && text.size() > 4 &&
               text.find_first_not_of("0123456789abcdefABCDEF:.", 1) == text.size() - 1;
    }
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_';
    });
}

// "host:port" of what upstream takes: with "https://" before it, the port may be left out.
std::optional<std::string> to_host_and_port(std::string_view written) {
    constexpr std::string_view scheme = "https://";
    const bool with_scheme = written.starts_with(scheme);
    if (with_scheme) {
        written.remove_prefix(scheme.size());
        if (written.ends_with('/')) {
            written.remove_suffix(1);
        }
        if (is_host(written)) {
            return std::string(written) + ":443";
        }
    }
    const std::size_t colon = written.rfind(':');
    if (colon == std::string_view::npos || !is_host(written.substr(0, colon)) ||
        !is_port(written.substr(colon + 1))) {
        return std::nullopt;
    }
    return std::string(written);
}

void read_addr(settings& own, teleport_section& into) {
    std::string_view key = "addr";
    auto written = own.text(key);
    const auto old = own.text("auth_server");
    if (old) {
        own.warning(
            "auth_server", written ? "ignored, because addr is there; take it out" : "is now called addr"
        );
    }
    if (!written && old) {
        key = "auth_server";
        written = old;
    }
    if (!written) {
        return;
    }
    if (auto addr = to_host_and_port(*written)) {
        into.addr = std::move(*addr);
    } else {
        own.error(
            key, "must be host:port, such as auth.example.com:3025; found \"" + one_line(*written, 100) + '"'
        );
    }
}

void check_credentials(settings& own, const teleport_section& read) {
    const int parts =
        int{!read.client_key.empty()} + int{!read.client_crt.empty()} + int{!read.root_cas.empty()};
    if (!read.identity.empty() && parts > 0) {
        own.error(
            "identity", "stands beside client_key, client_crt or root_cas; keep one kind of credentials"
        );
    } else if (read.identity.empty() && parts == 0) {
        own.error(
            "", "no credentials; set identity to the path of an identity file (tctl auth sign --format=file, "
                "or a "
                "Machine ID bot's output)"
        );
    } else if (parts > 0 && parts < 3) {
        for (const auto& [key, value] :
             {std::pair("client_key", &read.client_key), std::pair("client_crt", &read.client_crt),
              std::pair("root_cas", &read.root_cas)}) {
            if (value->empty()) {
                own.error(key, "is missing; client_key, client_crt and root_cas belong together");
            }
        }
    }
}

void read_refresh(settings& own, teleport_section& into) {
    into.refresh_identity = own.flag("refresh_identity").value_or(false);
    if (into.refresh_identity && into.identity.empty()) {
        own.error("refresh_identity", "needs identity; set it, or take refresh_identity out");
    }
    const auto interval = own.duration("refresh_identity_interval");
    if (interval && *interval < std::chrono::seconds(1)) {
        own.error("refresh_identity_interval", "must be at least \"1s\"");
    } else if (interval) {
        into.refresh_identity_interval = *interval;
    }
}

} // namespace

teleport_section read_teleport(settings& all) {
    teleport_section read;
    if (!all.has("teleport")) {
        all.error("teleport", "is missing; add [teleport] with addr and identity");
        return read;
    }
    auto own = all.table("teleport");
    if (!own) {
        return read;
    }
    read_addr(*own, read);
    read.identity = own->text("identity").value_or("");
    read.client_key = own->text("client_key").value_or("");
    read.client_crt = own->text("client_crt").value_or("");
    read.root_cas = own->text("root_cas").value_or("");
    check_credentials(*own, read);
    read_refresh(*own, read);
    return read;
}

} // namespace hallpass::config
