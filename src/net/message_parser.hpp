// Beast's parser of HTTP/1 messages, filling our own structs. Private to the readers.
#pragma once

#include "ports/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hallpass::net {

// Headers and body grow only within the limits. Trailers are parsed and dropped: they must not change what
// the header said.
template <bool is_request>
class message_parser final : public boost::beast::http::basic_parser<is_request> {
public:
    using error_code = boost::beast::error_code;

    message_parser(std::size_t header_bytes, std::size_t body_bytes) : header_bytes_(header_bytes) {
        this->eager(true);
        this->header_limit(static_cast<std::uint32_t>(header_bytes));
        this->body_limit(body_bytes);
    }

    // No chunked message ends with less ("0", CRLF, CRLF), and Beast takes for granted that it isn't asked
    // about less than that again.
    static constexpr std::size_t shortest_end = 5;

    // How many bytes were used. Not need_more, but no error, where more is needed.
    std::size_t feed(std::string_view bytes, error_code& error) {
        std::size_t used = 0;
        error = {};
        while (!error && used < bytes.size() && !this->is_done()) {
            if (this->is_header_done() && this->chunked() && bytes.size() - used < shortest_end) {
                break;
            }
            const std::size_t count =
                this->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
            used += count;
            if (!this->is_header_done()) {
                header_seen_ += count;
            }
        }
        if (error == boost::beast::http::error::need_more) {
            error = {};
            // Beast bounds start line and fields each; a chunk's header and the trailers not at all.
            if (header_seen_ + (bytes.size() - used) > header_bytes_) {
                error = boost::beast::http::error::header_limit;
            }
        }
        return used;
    }

    std::string method;
    std::string target;
    int status = 0;
    int version = 11;
    ports::http_headers headers;
    std::string body;

private:
    void on_request_impl(
        boost::beast::http::verb, // the text is enough
        boost::beast::string_view method_text,
        boost::beast::string_view target_text,
        int version_number,
        error_code& /*error*/
    ) override {
        method.assign(method_text.data(), method_text.size());
        target.assign(target_text.data(), target_text.size());
        version = version_number;
    }

    void on_response_impl(
        int status_code, boost::beast::string_view, int version_number, error_code& /*error*/
    ) override {
        status = status_code;
        version = version_number;
    }

    void on_field_impl(
        boost::beast::http::field,
        boost::beast::string_view name,
        boost::beast::string_view value,
        error_code& /*error*/
    ) override {
        if (!header_complete_) {
            headers.emplace_back(
                std::string(name.data(), name.size()), std::string(value.data(), value.size())
            );
        }
    }

    void on_header_impl(error_code& /*error*/) override {
        header_complete_ = true;
        header_seen_ = 0;
    }

    void on_body_init_impl(
        const boost::optional<std::uint64_t>& content_length, error_code& /*error*/
    ) override {
        // Memory follows the bytes that really come, not a length that somebody claims.
        constexpr std::uint64_t at_once = 64 * 1024;
        body.reserve(static_cast<std::size_t>(std::min(content_length.value_or(0), at_once)));
    }

    std::size_t on_body_impl(boost::beast::string_view part, error_code& /*error*/) override {
        body.append(part.data(), part.size());
        return part.size();
    }

    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code& /*error*/) override {}

    std::size_t
    on_chunk_body_impl(std::uint64_t, boost::beast::string_view part, error_code& /*error*/) override {
        body.append(part.data(), part.size());
        return part.size();
    }

    void on_finish_impl(error_code& /*error*/) override {}

    std::size_t header_bytes_;
    std::size_t header_seen_ = 0;
    bool header_complete_ = false;
};

} // namespace hallpass::net
