#include "teleport/enrich/resource_names.hpp"

#include "base/text.hpp"
#include "teleport/call.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::teleport::enrich {

namespace {

constexpr std::chrono::minutes answers_last{5};
constexpr std::size_t remembered_answers = 5000;
constexpr std::size_t most_names = 300; // of resources in one request (teleport-wire 11)

std::string cache_key(std::string_view kind, std::string_view name) {
    return std::string(kind).append("/").append(name);
}

// The kinds that have friendly names, and what ListResources calls them.
std::string_view listed_as(std::string_view kind) noexcept {
    if (kind == "node") {
        return "node";
    }
    return kind == "app" ? "app_server" : "";
}

std::string quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.append("\\").push_back(c);
        } else if (byte < 0x20 || byte == 0x7F) {
            out.append("\\x").push_back(hex[byte >> 4U]);
            out.push_back(hex[byte & 0xFU]);
        } else {
            out.push_back(c);
        }
    }
    return out + "\"";
}

// Name and friendly name.
std::pair<std::string, std::string> names_in(const proto::PaginatedResource& resource) {
    if (resource.has_node()) {
        return {resource.node().metadata().name(), valid_utf8(resource.node().spec().hostname())};
    }
    const types::Metadata& app = resource.appserver().spec().app().metadata();
    // Apps that Okta brought have ids for names, and their name in the description.
    const auto origin = app.labels().find("teleport.dev/origin");
    const bool from_okta = origin != app.labels().end() && origin->second == "okta";
    return {app.name(), valid_utf8(from_okta ? app.description() : app.name())};
}

proto::ListResourcesRequest question_for(const std::string& kind, const std::vector<std::string>& names) {
    proto::ListResourcesRequest question;
    question.set_resourcetype(std::string(listed_as(kind)));
    question.set_namespace_("default");
    question.set_limit(static_cast<std::int32_t>(names.size()));
    question.set_predicateexpression(name_predicate(names));
    question.set_usesearchasroles(true);
    question.set_usepreviewasroles(true);
    return question;
}

} // namespace

std::string name_predicate(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        out.append(out.empty() ? "" : " || ").append("resource.metadata.name == ").append(quoted(name));
    }
    return out;
}

resource_names::resource_names(ports::clock& time, refusals& refused)
    : time_(time), refused_(refused), names_(answers_last, remembered_answers) {}

boost::asio::awaitable<std::vector<access::requested_resource>> resource_names::look_up(
    std::shared_ptr<session> on,
    std::vector<access::requested_resource> resources,
    std::chrono::steady_clock::time_point until
) {
    std::map<std::string, std::vector<std::string>> unknown;
    const instant now = time_.now();
    for (const access::requested_resource& resource : resources) {
        const bool ours = resource.cluster == on->cluster() && !listed_as(resource.kind).empty();
        if (ours && names_.find(cache_key(resource.kind, resource.name), now) == nullptr) {
            unknown[resource.kind].push_back(resource.name);
        }
    }
    for (const auto& [kind, names] : unknown) {
        if (!refused_.is_refused("ListResources", time_.now()) && names.size() <= most_names) {
            co_await ask(on, kind, names, until);
        }
    }
    for (access::requested_resource& resource : resources) {
        const std::string* friendly = names_.find(cache_key(resource.kind, resource.name), now);
        if (friendly != nullptr && resource.cluster == on->cluster()) {
            resource.friendly_name = *friendly;
        }
    }
    co_return resources;
}

boost::asio::awaitable<void> resource_names::ask(
    std::shared_ptr<session> on,
    std::string kind,
    std::vector<std::string> names,
    std::chrono::steady_clock::time_point until
) {
    proto::ListResourcesRequest question = question_for(kind, names);
    const result<proto::ListResourcesResponse> answer = co_await unary_call(
        on, on->auth(), &proto::AuthService::Stub::AsyncListResources, std::move(question), "ListResources",
        until
    );
    const instant now = time_.now();
    if (!answer) {
        refused_.failed("ListResources", answer.error(), now);
        co_return;
    }
    refused_.succeeded("ListResources");
    for (const std::string& name : names) {
        const std::string none;
        names_.put(cache_key(kind, name), none, now);
    }
    for (const proto::PaginatedResource& resource : answer->resources()) {
        std::pair<std::string, std::string> found = names_in(resource);
        if (std::find(names.begin(), names.end(), found.first) != names.end()) {
            names_.put(cache_key(kind, found.first), std::move(found.second), now);
        }
    }
}

} // namespace hallpass::teleport::enrich
