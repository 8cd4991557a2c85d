#include "teleport/credentials.hpp"

#include "ports/log.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace hallpass::teleport {

namespace {

result<std::string> read_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text(max_identity_bytes + 1, '\0');
    if (file) {
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    }
    // A directory opens, and fails at the first read.
    if (!file.is_open() || file.bad()) {
        const std::string why = std::generic_category().message(errno != 0 ? errno : EIO);
        return fault(
            fault_kind::malformed,
            "identity file " + path + " can't be read: " + why + "; check its path and permissions"
        );
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

} // namespace

credentials::credentials(credential_files files, ports::log& out) : files_(std::move(files)), out_(out) {}

result<identity> credentials::read() const {
    if (!files_.identity_file.empty()) {
        result<std::string> text = read_file(files_.identity_file);
        if (!text) {
            return text.error();
        }
        const secret wiped(std::move(*text));
        return parse_identity(wiped.reveal(), files_.identity_file);
    }
    result<std::string> key = read_file(files_.client_key);
    if (!key) {
        return key.error();
    }
    named_text key_text(files_.client_key, std::move(*key));
    result<std::string> certificate = read_file(files_.client_crt);
    if (!certificate) {
        return certificate.error();
    }
    result<std::string> authorities = read_file(files_.root_cas);
    if (!authorities) {
        return authorities.error();
    }
    result<identity> made = make_identity(
        key_text, named_text(files_.client_crt, std::move(*certificate)),
        named_text(files_.root_cas, std::move(*authorities))
    );
    const secret wiped(std::move(key_text.text));
    return made;
}

result<std::shared_ptr<const identity>> credentials::load(instant now) {
    result<identity> fresh = read();
    if (fresh) {
        if (const auto in_time = check_not_expired(*fresh, now); !in_time) {
            return in_time.error();
        }
        last_ = std::make_shared<const identity>(std::move(*fresh));
        return last_;
    }
    if (!last_) {
        return fresh.error();
    }
    if (const auto in_time = check_not_expired(*last_, now); !in_time) {
        return fresh.error();
    }
    out_.warning("identity_kept", {{"reason", fresh.error().text()}});
    return last_;
}

} // namespace hallpass::teleport
