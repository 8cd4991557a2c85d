#include "services/api_url.hpp"

#include "base/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace hallpass::services {

namespace {

bool is_loopback(const boost::urls::url_view& url) {
    if (url.host_type() == boost::urls::host_type::ipv4) {
        return url.host_ipv4_address().is_loopback();
    }
    if (url.host_type() == boost::urls::host_type::ipv6) {
        return url.host_ipv6_address().is_loopback();
    }
    return url.host() == "localhost";
}

} // namespace

std::optional<std::string> read_base_url(settings& own, std::string_view key, std::string_view otherwise) {
    const auto written = own.text(key);
    if (!written) {
        return std::string(otherwise);
    }
    const auto url = boost::urls::parse_uri(*written);
    const bool web = url && (url->scheme_id() == boost::urls::scheme::http ||
                             url->scheme_id() == boost::urls::scheme::https);
    if (!web || url->host().empty()) {
        own.error(
            key,
            "must be a URL that begins with https:// (or http://), found \"" + one_line(*written, 100) + '"'
        );
        return std::nullopt;
    }
    if (url->has_userinfo() || url->has_query() || url->has_fragment()) {
        own.error(key, "must be a URL without user, query and fragment");
        return std::nullopt;
    }
    if (url->scheme_id() == boost::urls::scheme::http && !is_loopback(*url)) {
        own.warning(key, "is plain http: the token can be read on the way to " + std::string(url->host()));
    }
    return written->ends_with('/') ? *written : *written + '/';
}

std::optional<std::string> read_api_url(settings& own, std::string_view otherwise) {
    // Upstream's field has no name of its own in the file, so any case of letters finds it
    // (upstream-messaging 4.1).
    const std::string upstream_key = own.as_spelled("apiurl");
    own.accept("api_url");
    if (!own.has("api_url")) {
        return read_base_url(own, upstream_key, otherwise);
    }
    if (own.has(upstream_key)) {
        own.warning(upstream_key, "ignored, because api_url is there; take it out");
    }
    own.accept(upstream_key);
    return read_base_url(own, "api_url", otherwise);
}

} // namespace hallpass::services
