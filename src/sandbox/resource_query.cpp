#include "sandbox/resource_query.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::sandbox {

namespace {

// Where Teleport's application integration keeps the name that people know.
constexpr const char* app_name_label = "teleport.internal/okta-app-name";

bool take(std::string_view& text, std::string_view expected) {
    text = trimmed(text);
    if (!text.starts_with(expected)) {
        return false;
    }
    text.remove_prefix(expected.size());
    return true;
}

// A text in double quotes; of Go's escapes only those a name can need.
std::optional<std::string> take_quoted(std::string_view& text) {
    if (!take(text, "\"")) {
        return std::nullopt;
    }
    std::string value;
    while (!text.empty() && text.front() != '"') {
        if (text.front() == '\\') {
            text.remove_prefix(1);
        }
        if (text.empty()) {
            return std::nullopt;
        }
        value += text.front();
        text.remove_prefix(1);
    }
    return take(text, "\"") ? std::optional(value) : std::nullopt;
}

bool is_wanted(const std::vector<std::string>& names, const cluster_resource& resource) {
    return names.empty() || std::ranges::find(names, resource.name) != names.end();
}

void add_node(proto::ListResourcesResponse& found, const cluster_resource& node) {
    types::ServerV2& out = *found.add_resources()->mutable_node();
    out.set_kind("node");
    out.set_version("v2");
    out.mutable_metadata()->set_name(node.name);
    out.mutable_spec()->set_hostname(node.friendly_name);
}

void add_app(proto::ListResourcesResponse& found, const cluster_resource& app) {
    types::AppServerV3& out = *found.add_resources()->mutable_appserver();
    out.set_kind("app_server");
    out.set_version("v3");
    out.mutable_metadata()->set_name(app.name);
    types::AppV3& own = *out.mutable_spec()->mutable_app();
    own.set_kind("app");
    own.set_version("v3");
    for (types::Metadata* metadata : {out.mutable_metadata(), own.mutable_metadata()}) {
        metadata->set_name(app.name);
        metadata->set_description(app.friendly_name);
        (*metadata->mutable_labels())[app_name_label] = app.friendly_name;
    }
}

} // namespace

std::optional<std::vector<std::string>> parse_name_predicate(std::string_view expression) {
    std::vector<std::string> names;
    if (trimmed(expression).empty()) {
        return names;
    }
    do {
        if (!take(expression, "resource.metadata.name") || !take(expression, "==")) {
            return std::nullopt;
        }
        auto name = take_quoted(expression);
        if (!name) {
            return std::nullopt;
        }
        names.push_back(std::move(*name));
    } while (take(expression, "||"));
    return trimmed(expression).empty() ? std::optional(names) : std::nullopt;
}

grpc::Status list_resources(
    const directory& known, const proto::ListResourcesRequest& wanted, proto::ListResourcesResponse& found
) {
    const auto names = parse_name_predicate(wanted.predicateexpression());
    if (!names) {
        return {
            grpc::StatusCode::INVALID_ARGUMENT,
            "the sandbox knows only predicates of the form resource.metadata.name == \"...\" || ..."};
    }
    if (wanted.resourcetype() == "node") {
        for (const cluster_resource& node : known.nodes) {
            if (is_wanted(*names, node)) {
                add_node(found, node);
            }
        }
    } else if (wanted.resourcetype() == "app_server" || wanted.resourcetype() == "app") {
        for (const cluster_resource& app : known.apps) {
            if (is_wanted(*names, app)) {
                add_app(found, app);
            }
        }
    }
    return grpc::Status::OK;
}

} // namespace hallpass::sandbox
