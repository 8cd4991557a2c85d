#include "teleport/enrich/login_template.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::teleport::enrich {

namespace {

constexpr std::string_view open = "{{";
constexpr std::string_view close = "}}";
constexpr std::size_t max_logins = 200;

// The trait that an expression such as `external.logins` or `external["logins"]` names, or "".
std::string_view trait_of(std::string_view expression) noexcept {
    expression = trimmed(expression);
    for (const std::string_view prefix : {std::string_view("internal"), std::string_view("external")}) {
        if (!expression.starts_with(prefix)) {
            continue;
        }
        std::string_view key = expression.substr(prefix.size());
        if (key.starts_with('.')) {
            key.remove_prefix(1);
        } else if (key.size() > 4 && key.starts_with("[\"") && key.ends_with("\"]")) {
            key = key.substr(2, key.size() - 4);
        } else {
            return {};
        }
        return key.find_first_of("()[]{}\", \t") == std::string_view::npos ? key : std::string_view();
    }
    return {};
}

void expand_one(const std::string& login, const traits& of, std::vector<std::string>& out) {
    const std::size_t begin = login.find(open);
    if (begin == std::string::npos) {
        out.push_back(login);
        return;
    }
    const std::size_t end = login.find(close, begin);
    if (end == std::string::npos) {
        return;
    }
    const std::string_view expression =
        std::string_view(login).substr(begin + open.size(), end - begin - open.size());
    const auto values = of.find(std::string(trait_of(expression)));
    const std::string tail = login.substr(end + close.size());
    if (values == of.end() || tail.find(open) != std::string::npos) {
        return;
    }
    for (const std::string& value : values->second) {
        if (!value.empty()) {
            out.push_back(login.substr(0, begin) + value + tail);
        }
    }
}

} // namespace

bool has_template(const std::vector<std::string>& logins) noexcept {
    return std::any_of(logins.begin(), logins.end(), [](const std::string& login) {
        return login.find(open) != std::string::npos;
    });
}

std::vector<std::string> expand_logins(const std::vector<std::string>& logins, const traits& of) {
    std::vector<std::string> out;
    for (const std::string& login : logins) {
        expand_one(login, of, out);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    if (out.size() > max_logins) {
        out.resize(max_logins);
    }
    return out;
}

} // namespace hallpass::teleport::enrich
