#include "net/response_reader.hpp"

#include "net/message_parser.hpp"

#include <optional>
#include <utility>

namespace hallpass::net {

namespace {

namespace http = boost::beast::http;

constexpr int most_interim = 16;

std::string problem_of(const boost::system::error_code& error, message_limits limits) {
    if (error == http::error::header_limit) {
        return "has a header larger than " + std::to_string(limits.header_bytes) + " bytes";
    }
    if (error == http::error::body_limit) {
        return "is larger than " + std::to_string(limits.body_bytes) + " bytes";
    }
    return "is not HTTP: " + error.message();
}

} // namespace

struct response_reader::state {
    message_limits limits;
    bool to_connect = false;
    std::optional<message_parser<false>> parser;
    std::string problem;
    bool started = false;
    int interim = 0;

    void fresh_parser() {
        parser.emplace(limits.header_bytes, limits.body_bytes);
        parser->skip(to_connect);
    }

    // 101 is final: we never ask for an upgrade here.
    bool is_interim() const {
        return parser->is_done() && parser->status / 100 == 1 && parser->status != 101;
    }
};

response_reader::response_reader() : state_(std::make_unique<state>()) {
    state_->fresh_parser();
}

response_reader::~response_reader() = default;

void response_reader::restart(message_limits limits, bool to_connect) {
    state_->limits = limits;
    state_->to_connect = to_connect;
    state_->problem.clear();
    state_->started = false;
    state_->interim = 0;
    state_->fresh_parser();
}

std::size_t response_reader::feed(std::string_view bytes) {
    std::size_t used = 0;
    state_->started = state_->started || !bytes.empty();
    while (used < bytes.size() && !done() && state_->problem.empty()) {
        boost::system::error_code error;
        used += state_->parser->feed(bytes.substr(used), error);
        if (error) {
            state_->problem = problem_of(error, state_->limits);
        } else if (!state_->is_interim()) {
            break;
        } else if (++state_->interim > most_interim) {
            state_->problem = "is preceded by too many interim answers";
        } else {
            state_->fresh_parser();
        }
    }
    return used;
}

void response_reader::feed_end() {
    if (done() || !state_->problem.empty()) {
        return;
    }
    boost::system::error_code error = http::error::partial_message;
    if (state_->parser->got_some()) {
        state_->parser->put_eof(error);
    }
    if (error) {
        state_->problem = "is incomplete";
    }
}

bool response_reader::started() const noexcept {
    return state_->started;
}

bool response_reader::done() const noexcept {
    return state_->problem.empty() && state_->parser->is_done() && !state_->is_interim();
}

const std::string& response_reader::problem() const noexcept {
    return state_->problem;
}

bool response_reader::keep_alive() const noexcept {
    return done() && state_->parser->keep_alive() && state_->parser->status != 101;
}

ports::http_response response_reader::take() {
    ports::http_response response;
    response.status = state_->parser->status;
    response.headers = std::move(state_->parser->headers);
    response.body = std::move(state_->parser->body);
    return response;
}

} // namespace hallpass::net
