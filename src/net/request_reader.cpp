#include "net/request_reader.hpp"

#include "base/text.hpp"
#include "net/message_parser.hpp"

#include <optional>
#include <string>
#include <utility>

namespace hallpass::net {

namespace {

namespace http = boost::beast::http;

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// "http://host/path?q" is the form for proxies, which a server must take too (RFC 9112, 3.2.2).
std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (lower_case(target.substr(0, scheme.size())) == scheme) {
            target.remove_prefix(scheme.size());
            const std::size_t end = target.find_first_of("/?");
            return end == std::string_view::npos ? "/" : target.substr(end);
        }
    }
    return target;
}

int refusal_of(const boost::system::error_code& error) {
    if (error == http::error::header_limit) {
        return 431;
    }
    if (error == http::error::body_limit) {
        return 413;
    }
    return 400;
}

} // namespace

struct request_reader::state {
    explicit state(message_limits bounds) : limits(bounds) {}

    void judge_header();

    message_limits limits;
    std::optional<message_parser<true>> parser;
    server_request request;
    int refusal = 0;
    bool started = false;
    bool judged = false;
    bool expects_continue = false;
};

// What the grammar allows and we must not: two readers of the same bytes must not see two different messages.
void request_reader::state::judge_header() {
    judged = true;
    int hosts = 0;
    bool encoded = false;
    for (const auto& [name, value] : parser->headers) {
        const std::string key = lower_case(name);
        hosts += key == "host" ? 1 : 0;
        encoded = encoded || key == "transfer-encoding";
        if (key == "expect") {
            expects_continue = lower_case(value) == "100-continue";
            refusal = expects_continue ? refusal : 417;
        }
    }
    if (hosts > 1 || (hosts == 0 && parser->version > 10)) {
        refusal = 400;
    }
    if (encoded && !parser->chunked()) {
        refusal = 501;
    }
    const std::string_view target = without_authority(parser->target);
    const std::size_t question = target.find('?');
    request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
    const std::string_view path = target.substr(0, question);
    const bool asterisk = path == "*" && parser->method == "OPTIONS";
    const bool rooted = path.starts_with('/') || (path.empty() && target.size() < parser->target.size());
    if ((!rooted && !asterisk) || !decode_path(path.empty() ? "/" : path, request.path)) {
        refusal = 400;
    }
}

request_reader::request_reader(message_limits limits) : state_(std::make_unique<state>(limits)) {
    restart();
}

request_reader::~request_reader() = default;

void request_reader::restart() {
    state_->parser.emplace(state_->limits.header_bytes, state_->limits.body_bytes);
    state_->request = server_request();
    state_->refusal = 0;
    state_->started = false;
    state_->judged = false;
    state_->expects_continue = false;
}

std::size_t request_reader::feed(std::string_view bytes) {
    std::size_t skipped = 0;
    if (!state_->started) {
        // Empty lines before a request are to be ignored (RFC 9112, 2.2).
        while (bytes.substr(skipped).starts_with("\r\n")) {
            skipped += 2;
        }
        bytes.remove_prefix(skipped);
        if (bytes.empty() || bytes == "\r") {
            return skipped;
        }
    }
    state_->started = true;
    boost::system::error_code error;
    const std::size_t used = state_->parser->feed(bytes, error);
    if (error) {
        state_->refusal = refusal_of(error);
    } else if (state_->parser->is_header_done() && !state_->judged) {
        state_->judge_header();
    }
    return skipped + used;
}

int request_reader::refusal() const noexcept {
    return state_->refusal;
}

bool request_reader::started() const noexcept {
    return state_->started;
}

bool request_reader::done() const noexcept {
    return state_->refusal == 0 && state_->parser->is_done();
}

bool request_reader::expects_continue() const noexcept {
    return state_->expects_continue && state_->parser->version > 10;
}

bool request_reader::keep_alive() const noexcept {
    return state_->parser->is_done() && state_->parser->keep_alive();
}

server_request request_reader::take() {
    state_->request.method = std::move(state_->parser->method);
    state_->request.headers = std::move(state_->parser->headers);
    state_->request.body = std::move(state_->parser->body);
    return std::move(state_->request);
}

bool decode_path(std::string_view encoded, std::string& decoded) {
    decoded.clear();
    decoded.reserve(encoded.size());
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            decoded += encoded[i];
            continue;
        }
        if (i + 2 >= encoded.size()) {
            return false;
        }
        const int high = hex_digit(encoded[i + 1]);
        const int low = hex_digit(encoded[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0)) {
            return false;
        }
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

} // namespace hallpass::net
