#include "base/text.hpp"
#include "config/sections.hpp"

namespace hallpass::config {

namespace {

// As the operator may write it: with or without the scheme and a slash at the end.
std::string without_slash(std::string_view written) {
    while (written.ends_with('/')) {
        written.remove_suffix(1);
    }
    const bool has_scheme = written.find("://") != std::string_view::npos;
    return (has_scheme ? "" : "https://") + std::string(written);
}

void check_certificate(settings& own, const http_section& read) {
    if (read.insecure && (own.has("https_cert_file") || own.has("https_key_file"))) {
        own.error("insecure", "is plain HTTP, but there is a certificate too; take one of them out");
    }
    if (read.https_cert_file.empty() != read.https_key_file.empty()) {
        own.error(
            read.https_cert_file.empty() ? "https_key_file" : "https_cert_file",
            "needs the other one beside it: https_cert_file and https_key_file"
        );
    }
}

} // namespace

std::string_view http_section::why_unusable() const noexcept {
    if (has_certificate() || insecure) {
        return "";
    }
    return "callbacks need a certificate: set https_cert_file and https_key_file, or insecure = true behind "
           "a "
           "reverse proxy that does TLS";
}

http_section read_http(settings& all) {
    http_section read;
    auto own = all.table("http");
    if (!own) {
        return read;
    }
    read.listen_addr = own->text("listen_addr").value_or(read.listen_addr);
    if (read.listen_addr.find(':') == std::string::npos) {
        own->error(
            "listen_addr",
            "must be host:port, or :port for every address; found \"" + one_line(read.listen_addr, 100) + '"'
        );
    }
    if (const auto written = own->text("public_addr")) {
        read.public_addr = without_slash(*written);
    }
    read.https_cert_file = own->text("https_cert_file").value_or("");
    read.https_key_file = own->text("https_key_file").value_or("");
    read.insecure = own->flag("insecure").value_or(false);
    check_certificate(*own, read);
    if (read.insecure) {
        own->warning(
            "insecure",
            "whoever reads the network between the reverse proxy and hallpass reads the callbacks; "
            "keep it on one machine"
        );
    }
    return read;
}

} // namespace hallpass::config
