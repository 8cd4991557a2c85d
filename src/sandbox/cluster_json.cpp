#include "sandbox/cluster_json.hpp"

#include "base/text.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

json::value to_json(const std::optional<instant>& at) {
    return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}

json::array to_json(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

json::object to_json(const texts_by_key& texts) {
    json::object out;
    for (const auto& [key, values] : texts) {
        out[key] = to_json(values);
    }
    return out;
}

json::array reviews_of(const recorded_request& recorded) {
    json::array reviews;
    for (std::size_t i = 0; i < recorded.request.reviews.size(); ++i) {
        const access::review& review = recorded.request.reviews[i];
        reviews.push_back(json::object{
            {"author", review.author},
            {"state", access::to_string(review.proposed)},
            {"reason", review.reason},
            {"created", to_json(review.created)},
            {"submitted_by", recorded.review_records[i].submitted_by},
            {"on_behalf", recorded.review_records[i].on_behalf}});
    }
    return reviews;
}

json::array thresholds_of(const access::access_request& request) {
    json::array thresholds;
    for (const access::review_threshold& threshold : request.thresholds) {
        thresholds.push_back(json::object{
            {"name", threshold.name},
            {"filter", threshold.filter},
            {"approve", threshold.approve},
            {"deny", threshold.deny}});
    }
    return thresholds;
}

json::array resources_of(const access::access_request& request) {
    json::array resources;
    for (const access::requested_resource& resource : request.resources) {
        resources.push_back(json::object{
            {"cluster", resource.cluster},
            {"kind", resource.kind},
            {"name", resource.name},
            {"sub_resource", resource.sub_resource}});
    }
    return resources;
}

json::array to_json(const std::vector<cluster_resource>& resources) {
    json::array out;
    for (const cluster_resource& resource : resources) {
        out.push_back(json::object{{"name", resource.name}, {"friendly_name", resource.friendly_name}});
    }
    return out;
}

json::object in_milliseconds(const delays_by_method& delays) {
    json::object out;
    for (const auto& [method, delay] : delays) {
        out[method] = delay.count();
    }
    return out;
}

} // namespace

json::object to_json(const recorded_request& recorded) {
    const access::access_request& request = recorded.request;
    return {
        {"id", request.id},
        {"user", request.user},
        {"roles", to_json(request.roles)},
        {"state", access::to_string(request.state)},
        {"reason", request.request_reason},
        {"resolve_reason", request.resolve_reason},
        {"delegator", recorded.delegator},
        {"created", to_json(request.created)},
        {"expires", to_json(request.request_expires)},
        {"access_expires", to_json(request.access_expires)},
        {"suggested_reviewers", to_json(request.suggested_reviewers)},
        {"annotations", to_json(request.system_annotations)},
        {"resources", resources_of(request)},
        {"thresholds", thresholds_of(request)},
        {"reviews", reviews_of(recorded)},
        {"revision", recorded.revision}};
}

json::object to_json(const directory& known) {
    json::array users;
    for (const cluster_user& user : known.users) {
        users.push_back(json::object{
            {"name", user.name},
            {"roles", to_json(user.roles)},
            {"traits", to_json(user.traits)},
            {"may_review", user.may_review}});
    }
    return {
        {"users", std::move(users)},
        {"roles", to_json(known.logins_by_role)},
        {"nodes", to_json(known.nodes)},
        {"apps", to_json(known.apps)}};
}

json::object to_json(const cluster_settings& settings) {
    return {
        {"name", settings.name},
        {"server_version", settings.server_version},
        {"advanced_access_workflows", settings.advanced_access_workflows},
        {"submit_for_users", settings.submit_for_users},
        {"watch_without_init", settings.watch_without_init}};
}

json::object to_json(const std::vector<plugin_record>& records) {
    json::object plugins;
    for (const plugin_record& record : records) {
        for (const auto& [plugin, entry] : record.entries) {
            json::value& by_request = plugins[plugin];
            if (!by_request.is_object()) {
                by_request.emplace_object();
            }
            json::object& values = by_request.get_object()[record.resource].emplace_object();
            for (const auto& [key, value] : entry) {
                values[key] = value;
            }
        }
    }
    return plugins;
}

json::object to_json(const fault_summary& faults) {
    json::array rules;
    for (const fault_rule& rule : faults.rules) {
        json::object out{
            {"method", rule.method},
            {"effect", to_string(rule.effect)},
            {"code", rule.code},
            {"status", rule.status},
            {"percent", rule.percent}};
        out["n"] = rule.next ? json::value(*rule.next) : json::value(nullptr);
        rules.push_back(std::move(out));
    }
    json::array limits;
    for (const rate_limit& limit : faults.limits) {
        limits.push_back(json::object{
            {"method", limit.method}, {"per_second", limit.per_second}, {"per_channel", limit.per_channel}});
    }
    return {
        {"rules", std::move(rules)},
        {"rate_limits", std::move(limits)},
        {"delays_ms", in_milliseconds(faults.delays)},
        {"answer_delays_ms", in_milliseconds(faults.answer_delays)}};
}

json::object to_json(const std::map<std::string, std::uint64_t>& calls) {
    json::object out;
    for (const auto& [method, count] : calls) {
        out[method] = count;
    }
    return out;
}

} // namespace hallpass::sandbox
