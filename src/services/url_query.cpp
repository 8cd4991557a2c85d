#include "services/url_query.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace hallpass::services {

namespace {

std::string encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

} // namespace

url_query& url_query::add(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? '?' : '&';
    text_ += encoded(name) + '=' + encoded(value);
    return *this;
}

std::string in_path(std::string_view part) {
    return encoded(part);
}

} // namespace hallpass::services
