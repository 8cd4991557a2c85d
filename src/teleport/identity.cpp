#include "teleport/identity.hpp"

#include "base/text.hpp"
#include "teleport/key_material.hpp"

#include <utility>

namespace hallpass::teleport {

namespace {

constexpr std::string_view write_again = "; write it again with tbot or `tctl auth sign`";
constexpr std::size_t max_pem_blocks = 64;

fault malformed(const std::string& source, std::string_view what) {
    std::string text = "identity file " + source + ": ";
    text += what;
    return fault(fault_kind::malformed, std::move(text));
}

std::string_view take_line(std::string_view& text) noexcept {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return trimmed(line);
}

// The block whose BEGIN line was just taken; nothing where the text ends before its END.
bool take_pem_block(std::string_view& text, std::string_view begin_line, std::string& block) {
    block.assign(begin_line).append("\n");
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.starts_with("-----BEGIN")) {
            return false;
        }
        block.append(line).append("\n");
        if (line.starts_with("-----END") && line.size() > 8 && line.ends_with("-----")) {
            return true;
        }
    }
    return false;
}

struct scanned_text {
    std::vector<secret> blocks;
    std::string ssh_certificate;
    std::vector<std::string> ssh_authorities;
};

result<scanned_text> scan(std::string_view text, const std::string& source) {
    if (text.size() > max_identity_bytes) {
        return malformed(source, "is longer than 1 MiB, so it is no identity file");
    }
    scanned_text found;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.starts_with("-----BEGIN")) {
            std::string block;
            if (!take_pem_block(text, line, block)) {
                const secret wiped(std::move(block));
                return malformed(source, "is cut short: a block has no END line" + std::string(write_again));
            }
            found.blocks.emplace_back(std::move(block));
        } else if (line.starts_with("@cert-authority")) {
            found.ssh_authorities.emplace_back(line);
        } else if (line.starts_with("ssh") || line.starts_with("ecdsa-sha2-") || line.starts_with("sk-")) {
            found.ssh_certificate = line;
        }
        if (found.blocks.size() > max_pem_blocks || found.ssh_authorities.size() > max_pem_blocks) {
            return malformed(source, "holds more than 64 blocks, so it is no identity file");
        }
    }
    return found;
}

// Checks what was gathered and fills in what the certificates tell.
result<identity> completed(identity made, std::string_view mend) {
    const std::string suffix(mend);
    if (const auto pair = check_key_pair(made.private_key.reveal(), made.certificate); !pair) {
        return malformed(made.source, "the private key " + pair.error().text() + suffix);
    }
    const result<certificate_facts> own = read_certificate(made.certificate);
    if (!own) {
        return malformed(made.source, "the client certificate " + own.error().text() + suffix);
    }
    made.user = own->common_name;
    made.not_after = own->not_after;
    made.cluster = own->issuer_organization;
    for (const std::string& authority : made.authorities) {
        const result<certificate_facts> facts = read_certificate(authority);
        if (!facts) {
            return malformed(made.source, "a CA certificate " + facts.error().text() + suffix);
        }
        if (!facts->organization.empty()) {
            made.cluster = facts->organization;
        }
    }
    return made;
}

bool is_key(const secret& block) noexcept {
    const std::string_view label = block.reveal().substr(0, block.reveal().find('\n'));
    return label.find("PRIVATE KEY") != std::string_view::npos;
}

} // namespace

named_text::named_text(std::string name, std::string text) : name(std::move(name)), text(std::move(text)) {}

result<identity> parse_identity(std::string_view text, std::string source) {
    result<scanned_text> found = scan(text, source);
    if (!found) {
        return found.error();
    }
    const std::string mend(write_again);
    if (found->blocks.empty() || !is_key(found->blocks[0])) {
        return malformed(source, "does not begin with a private key, so it is no identity file" + mend);
    }
    if (found->blocks.size() < 2) {
        return malformed(source, "has no TLS certificate" + mend + " in the format `file`");
    }
    if (found->blocks.size() < 3) {
        return malformed(source, "has no CA certificate" + mend + " in the format `file`");
    }
    identity made;
    made.source = std::move(source);
    made.private_key = std::move(found->blocks[0]);
    made.certificate = found->blocks[1].reveal();
    for (std::size_t i = 2; i < found->blocks.size(); ++i) {
        made.authorities.emplace_back(found->blocks[i].reveal());
    }
    made.ssh_certificate = std::move(found->ssh_certificate);
    made.ssh_authorities = std::move(found->ssh_authorities);
    return completed(std::move(made), mend);
}

result<identity>
make_identity(const named_text& key, const named_text& certificate, const named_text& authorities) {
    result<scanned_text> key_blocks = scan(key.text, key.name);
    result<scanned_text> own_blocks = scan(certificate.text, certificate.name);
    result<scanned_text> authority_blocks = scan(authorities.text, authorities.name);
    for (const auto* scanned : {&key_blocks, &own_blocks, &authority_blocks}) {
        if (!*scanned) {
            return scanned->error();
        }
    }
    if (key_blocks->blocks.empty() || !is_key(key_blocks->blocks[0])) {
        return malformed(key.name, "holds no private key; teleport.client_key must name a PEM key");
    }
    if (own_blocks->blocks.empty()) {
        return malformed(
            certificate.name, "holds no certificate; teleport.client_crt must name a PEM certificate"
        );
    }
    if (authority_blocks->blocks.empty()) {
        return malformed(
            authorities.name, "holds no certificate; teleport.root_cas must name the cluster's CA"
        );
    }
    identity made;
    made.source = certificate.name;
    made.private_key = std::move(key_blocks->blocks[0]);
    for (const secret& block : own_blocks->blocks) {
        made.certificate += block.reveal();
    }
    for (const secret& block : authority_blocks->blocks) {
        made.authorities.emplace_back(block.reveal());
    }
    return completed(std::move(made), "; write client_key, client_crt and root_cas again");
}

result<void> check_not_expired(const identity& checked, instant now) {
    if (now < checked.not_after) {
        return {};
    }
    return fault(
        fault_kind::unauthorised, "identity file " + checked.source + ": the certificate expired at " +
                                      to_rfc3339(checked.not_after) +
                                      "; renew it with tbot or `tctl auth sign`"
    );
}

} // namespace hallpass::teleport
