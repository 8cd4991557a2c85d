// Reading what the control port was told.
#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

// "/cluster/kind/name[/sub]" or an object with those keys.
access::requested_resource read_resource(const json::value& given) {
    access::requested_resource resource;
    if (const json::object* object = given.if_object()) {
        resource.cluster = text_of(*object, "cluster");
        resource.kind = text_of(*object, "kind");
        resource.name = text_of(*object, "name");
        resource.sub_resource = text_of(*object, "sub_resource");
        return resource;
    }
    if (given.is_string()) {
        auto parts = split(given.get_string(), '/');
        parts.resize(5);
        resource.cluster = std::move(parts[1]);
        resource.kind = std::move(parts[2]);
        resource.name = std::move(parts[3]);
        resource.sub_resource = std::move(parts[4]);
    }
    return resource;
}

access::review_threshold read_threshold(const json::object& given) {
    access::review_threshold threshold;
    threshold.name = text_of(given, "name");
    threshold.filter = text_of(given, "filter");
    threshold.approve = static_cast<unsigned>(number_of(given, "approve", 1));
    threshold.deny = static_cast<unsigned>(number_of(given, "deny", 1));
    return threshold;
}

const json::array* list_of(const json::object& command, std::string_view key) {
    const json::value* found = command.if_contains(key);
    return found == nullptr ? nullptr : found->if_array();
}

} // namespace

std::string text_of(const json::object& command, std::string_view key) {
    const json::value* found = command.if_contains(key);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

double number_of(const json::object& command, std::string_view key, double otherwise) {
    const json::value* found = command.if_contains(key);
    if (found == nullptr || !found->is_number()) {
        return otherwise;
    }
    return found->is_double()   ? found->get_double()
           : found->is_uint64() ? static_cast<double>(found->get_uint64())
                                : static_cast<double>(found->get_int64());
}

bool flag_of(const json::object& command, std::string_view key, bool otherwise) {
    const json::value* found = command.if_contains(key);
    return found != nullptr && found->is_bool() ? found->get_bool() : otherwise;
}

std::vector<std::string> texts_of(const json::object& command, std::string_view key) {
    std::vector<std::string> texts;
    if (const json::array* list = list_of(command, key)) {
        for (const json::value& item : *list) {
            if (item.is_string() && !item.get_string().empty()) {
                texts.emplace_back(item.get_string());
            }
        }
    }
    return texts;
}

new_request read_new_request(const json::object& command) {
    new_request wanted;
    wanted.user = text_of(command, "user");
    wanted.roles = texts_of(command, "roles");
    wanted.reason = text_of(command, "reason");
    wanted.suggested_reviewers = texts_of(command, "suggested_reviewers");
    wanted.lifetime =
        std::chrono::milliseconds(static_cast<std::int64_t>(number_of(command, "lifetime_ms", 0)));
    if (const json::value* found = command.if_contains("annotations");
        found != nullptr && found->is_object()) {
        for (const auto& [key, values] : found->get_object()) {
            wanted.annotations[std::string(key)] = texts_of(found->get_object(), key);
        }
    }
    if (const json::array* resources = list_of(command, "resources")) {
        for (const json::value& resource : *resources) {
            wanted.resources.push_back(read_resource(resource));
        }
    }
    if (const json::array* thresholds = list_of(command, "thresholds")) {
        wanted.without_thresholds = thresholds->empty();
        for (const json::value& threshold : *thresholds) {
            if (threshold.is_object()) {
                wanted.thresholds.push_back(read_threshold(threshold.get_object()));
            }
        }
    }
    if (const double approvals = number_of(command, "approvals", 0); approvals > 1) {
        access::review_threshold several;
        several.name = "default";
        several.approve = static_cast<unsigned>(approvals);
        several.deny = 1;
        wanted.thresholds = {several};
    }
    return wanted;
}

} // namespace hallpass::sandbox
