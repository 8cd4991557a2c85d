#include "teleport/convert.hpp"

#include "base/text.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace hallpass::teleport {

namespace {

constexpr std::int64_t go_zero_time = -62'135'596'800;    // 0001-01-01T00:00:00Z
constexpr std::int64_t end_of_calendar = 253'402'300'800; // 10000-01-01T00:00:00Z

template <class Texts>
std::vector<std::string> to_texts(const Texts& texts) {
    std::vector<std::string> out;
    out.reserve(static_cast<std::size_t>(texts.size()));
    for (const std::string& text : texts) {
        out.push_back(valid_utf8(text));
    }
    return out;
}

access::requested_resource to_resource(const types::ResourceID& id) {
    access::requested_resource out;
    out.cluster = valid_utf8(id.clustername());
    out.kind = valid_utf8(id.kind());
    out.name = valid_utf8(id.name());
    out.sub_resource = valid_utf8(id.subresourcename());
    return out;
}

access::review to_review(const types::AccessReview& message) {
    access::review out;
    out.author = valid_utf8(message.author());
    out.proposed = to_state(message.proposedstate());
    out.reason = valid_utf8(message.reason());
    if (message.has_created()) {
        out.created = to_instant(message.created());
    }
    return out;
}

access::review_threshold to_threshold(const types::AccessReviewThreshold& message) {
    access::review_threshold out;
    out.name = valid_utf8(message.name());
    out.filter = valid_utf8(message.filter());
    out.approve = message.approve();
    out.deny = message.deny();
    return out;
}

std::vector<access::requested_resource> to_resources(const types::AccessRequestSpecV3& spec) {
    std::vector<access::requested_resource> out;
    for (const types::ResourceAccessID& resource : spec.requestedresourceaccessids()) {
        out.push_back(to_resource(resource.id()));
    }
    // The newer field supersedes the older one (teleport-wire 3.2, field 26).
    if (out.empty()) {
        for (const types::ResourceID& id : spec.requestedresourceids()) {
            out.push_back(to_resource(id));
        }
    }
    return out;
}

void take_times(const types::AccessRequestV3& message, access::access_request& out) {
    const types::AccessRequestSpecV3& spec = message.spec();
    out.created = to_instant(spec.created());
    out.access_expires = to_instant(spec.expires());
    out.max_duration = to_instant(spec.maxduration());
    if (spec.has_assumestarttime()) {
        out.assume_start = to_instant(spec.assumestarttime());
    }
    if (spec.has_resourceexpiry()) {
        out.request_expires = to_instant(spec.resourceexpiry());
    } else if (message.metadata().has_expires()) {
        out.request_expires = to_instant(message.metadata().expires());
    }
}

} // namespace

std::optional<instant> to_instant(const google::protobuf::Timestamp& at) {
    // An absent message reads as 0, which stands for no real time here either.
    if (at.seconds() <= go_zero_time || at.seconds() >= end_of_calendar ||
        (at.seconds() == 0 && at.nanos() == 0)) {
        return std::nullopt;
    }
    return instant{std::chrono::seconds{at.seconds()}} + std::chrono::milliseconds{at.nanos() / 1'000'000};
}

access::request_state to_state(types::RequestState state) noexcept {
    const int number = state;
    if (number == types::PENDING) {
        return access::request_state::pending;
    }
    if (number == types::APPROVED) {
        return access::request_state::approved;
    }
    if (number == types::DENIED) {
        return access::request_state::denied;
    }
    return number == types::PROMOTED ? access::request_state::promoted : access::request_state::none;
}

access::access_request to_access_request(const types::AccessRequestV3& message) {
    const types::AccessRequestSpecV3& spec = message.spec();
    access::access_request out;
    out.id = message.metadata().name();
    out.user = valid_utf8(spec.user());
    out.roles = to_texts(spec.roles());
    out.state = to_state(spec.state());
    take_times(message, out);
    out.request_reason = valid_utf8(spec.requestreason());
    out.resolve_reason = valid_utf8(spec.resolvereason());
    out.reviews.reserve(static_cast<std::size_t>(spec.reviews_size()));
    for (const types::AccessReview& review : spec.reviews()) {
        out.reviews.push_back(to_review(review));
    }
    for (const types::AccessReviewThreshold& threshold : spec.thresholds()) {
        out.thresholds.push_back(to_threshold(threshold));
    }
    out.suggested_reviewers = to_texts(spec.suggestedreviewers());
    out.resources = to_resources(spec);
    for (const auto& [key, values] : spec.systemannotations().values()) {
        out.system_annotations[key] = to_texts(values.values());
    }
    if (out.state == access::request_state::promoted) {
        const types::PromotedAccessList& list = spec.accesslist();
        out.promoted_access_list = valid_utf8(list.title().empty() ? list.name() : list.title());
    }
    out.long_term = spec.requestkind() == types::LONG_TERM;
    return out;
}

ports::plugin_data to_plugin_data(const proto::PluginDataSeq& found, const std::string& plugin) {
    ports::plugin_data out;
    for (const types::PluginDataV3& record : found.plugindata()) {
        const auto entry = record.spec().entries().find(plugin);
        if (entry == record.spec().entries().end()) {
            continue;
        }
        for (const auto& [key, value] : entry->second.data()) {
            out[key] = value; // byte for byte, because a later update expects exactly this
        }
    }
    return out;
}

std::vector<ports::stored_plugin_data> to_stored_plugin_data(
    const proto::PluginDataSeq& found,
    const std::string& plugin,
    const std::unordered_set<std::string>& except
) {
    std::vector<ports::stored_plugin_data> all;
    for (const types::PluginDataV3& record : found.plugindata()) {
        const auto entry = record.spec().entries().find(plugin);
        if (entry == record.spec().entries().end() || record.subkind() != access_request_kind ||
            except.contains(record.metadata().name())) {
            continue;
        }
        ports::plugin_data data(entry->second.data().begin(), entry->second.data().end());
        all.emplace_back(record.metadata().name(), std::move(data));
    }
    return all;
}

types::PluginDataUpdateParams to_message(const ports::plugin_data_update& update) {
    types::PluginDataUpdateParams out;
    out.set_kind(access_request_kind);
    out.set_resource(update.request_id);
    out.set_plugin(update.plugin);
    for (const auto& [key, value] : update.set) {
        (*out.mutable_set())[key] = value;
    }
    for (const auto& [key, value] : update.expect) {
        (*out.mutable_expect())[key] = value;
    }
    return out;
}

} // namespace hallpass::teleport
