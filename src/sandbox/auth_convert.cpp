#include "sandbox/auth_convert.hpp"

#include <google/protobuf/unknown_field_set.h>

namespace hallpass::sandbox {

namespace {

// What a Go server sends for a time it never set: the year 1 (teleport-wire 4).
constexpr std::int64_t go_zero_time = -62135596800;

void put_instant(google::protobuf::Timestamp& out, instant at) {
    const auto since = at.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    out.set_seconds(seconds.count());
    out.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(since - seconds).count()));
}

// For the fields that are always written.
void put_time(google::protobuf::Timestamp& out, const std::optional<instant>& at) {
    if (at) {
        put_instant(out, *at);
    } else {
        out.set_seconds(go_zero_time);
    }
}

void put_labels(wrappers::LabelValues& out, const texts_by_key& labels) {
    for (const auto& [key, values] : labels) {
        auto& list = (*out.mutable_values())[key];
        for (const std::string& value : values) {
            list.add_values(value);
        }
    }
}

void put_reviews(types::AccessRequestSpecV3& spec, const recorded_request& recorded) {
    for (std::size_t i = 0; i < recorded.request.reviews.size(); ++i) {
        const access::review& review = recorded.request.reviews[i];
        const review_record& record = recorded.review_records[i];
        types::AccessReview& out = *spec.add_reviews();
        out.set_author(review.author);
        out.set_proposedstate(to_wire(review.proposed));
        out.set_reason(review.reason);
        put_time(*out.mutable_created(), review.created);
        for (const std::size_t index : record.threshold_indexes) {
            out.add_thresholdindexes(static_cast<std::uint32_t>(index));
        }
        out.set_submittedby(record.submitted_by);
        out.set_submitted_on_behalf_of_author(record.on_behalf);
    }
}

void put_thresholds(types::AccessRequestSpecV3& spec, const recorded_request& recorded) {
    for (const access::review_threshold& threshold : recorded.request.thresholds) {
        types::AccessReviewThreshold& out = *spec.add_thresholds();
        out.set_name(threshold.name);
        out.set_filter(threshold.filter);
        out.set_approve(threshold.approve);
        out.set_deny(threshold.deny);
    }
    for (const auto& [role, sets] : recorded.thresholds_by_role) {
        types::ThresholdIndexSets& out = (*spec.mutable_rolethresholdmapping())[role];
        for (const auto& set : sets) {
            types::ThresholdIndexSet& indexes = *out.add_sets();
            for (const std::size_t index : set) {
                indexes.add_indexes(static_cast<std::uint32_t>(index));
            }
        }
    }
}

void put_times(types::AccessRequestSpecV3& spec, const access::access_request& request) {
    put_time(*spec.mutable_created(), request.created);
    put_time(*spec.mutable_expires(), request.access_expires);
    put_time(*spec.mutable_maxduration(), request.max_duration);
    put_time(*spec.mutable_sessionttl(), request.access_expires);
    if (request.assume_start) {
        put_instant(*spec.mutable_assumestarttime(), *request.assume_start);
    }
    if (request.request_expires) {
        put_instant(*spec.mutable_resourceexpiry(), *request.request_expires);
    }
}

void put_resources(types::AccessRequestSpecV3& spec, const access::access_request& request) {
    for (const access::requested_resource& resource : request.resources) {
        types::ResourceID& out = *spec.add_requestedresourceids();
        out.set_clustername(resource.cluster);
        out.set_kind(resource.kind);
        out.set_name(resource.name);
        out.set_subresourcename(resource.sub_resource);
    }
}

} // namespace

types::UserV2 to_wire(const cluster_user& user) {
    types::UserV2 out;
    out.set_kind("user");
    out.set_version("v2");
    out.mutable_metadata()->set_name(user.name);
    out.mutable_spec()->mutable_roles()->Add(user.roles.begin(), user.roles.end());
    for (const auto& [key, values] : user.traits) {
        auto& list = (*out.mutable_spec()->mutable_traits()->mutable_values())[key];
        list.mutable_values()->Add(values.begin(), values.end());
    }
    return out;
}

types::RequestState to_wire(access::request_state state) {
    switch (state) {
    case access::request_state::none:
    case access::request_state::expired:
        return types::NONE;
    case access::request_state::pending:
        return types::PENDING;
    case access::request_state::approved:
        return types::APPROVED;
    case access::request_state::denied:
        return types::DENIED;
    case access::request_state::promoted:
        return types::PROMOTED;
    }
    return types::NONE;
}

access::request_state from_wire(types::RequestState state) {
    return access::parse_request_state(types::RequestState_Name(state));
}

types::AccessRequestV3 to_wire(const recorded_request& recorded) {
    const access::access_request& request = recorded.request;
    types::AccessRequestV3 out;
    out.set_kind("access_request");
    out.set_version("v3");
    out.mutable_metadata()->set_name(request.id);
    out.mutable_metadata()->set_revision(std::to_string(recorded.revision));
    if (request.request_expires) {
        put_instant(*out.mutable_metadata()->mutable_expires(), *request.request_expires);
    }
    types::AccessRequestSpecV3& spec = *out.mutable_spec();
    spec.set_user(request.user);
    spec.mutable_roles()->Add(request.roles.begin(), request.roles.end());
    spec.set_state(to_wire(request.state));
    put_times(spec, request);
    spec.set_requestreason(request.request_reason);
    spec.set_resolvereason(request.resolve_reason);
    spec.mutable_resolveannotations();
    put_labels(*spec.mutable_systemannotations(), request.system_annotations);
    put_thresholds(spec, recorded);
    put_reviews(spec, recorded);
    spec.mutable_suggestedreviewers()->Add(
        request.suggested_reviewers.begin(), request.suggested_reviewers.end()
    );
    put_resources(spec, request);
    if (request.state == access::request_state::promoted) {
        spec.mutable_accesslist()->set_name(request.promoted_access_list);
        spec.mutable_accesslist()->set_title(request.promoted_access_list);
    }
    if (request.long_term) {
        spec.set_requestkind(types::LONG_TERM);
    }
    return out;
}

proto::Event to_wire(const cluster_event& event) {
    proto::Event out;
    if (!event.deleted) {
        out.set_type(proto::PUT);
        *out.mutable_accessrequest() = to_wire(event.request);
        return out;
    }
    out.set_type(proto::DELETE);
    types::ResourceHeader& header = *out.mutable_resourceheader();
    header.set_kind("access_request");
    header.set_version("v3");
    header.mutable_metadata()->set_name(event.request.request.id);
    return out;
}

types::PluginDataV3 to_wire(const plugin_record& record) {
    types::PluginDataV3 out;
    out.set_kind("plugin_data");
    out.set_subkind(record.kind);
    out.set_version("v3");
    out.mutable_metadata()->set_name(record.resource);
    put_instant(*out.mutable_metadata()->mutable_expires(), record.expires);
    out.mutable_spec();
    for (const auto& [plugin, entry] : record.entries) {
        auto& data = *(*out.mutable_spec()->mutable_entries())[plugin].mutable_data();
        data.insert(entry.begin(), entry.end());
    }
    return out;
}

new_review from_wire(const types::AccessReview& review) {
    new_review given;
    given.author = review.author();
    given.proposed = from_wire(review.proposedstate());
    given.reason = review.reason();
    given.on_behalf = review.submitted_on_behalf_of_author();
    given.promoted_access_list = review.accesslist().title();
    return given;
}

plugin_data_change from_wire(const types::PluginDataUpdateParams& update) {
    plugin_data_change change;
    change.kind = update.kind();
    change.resource = update.resource();
    change.plugin = update.plugin();
    change.set = {update.set().begin(), update.set().end()};
    change.expect = {update.expect().begin(), update.expect().end()};
    return change;
}

void spoil(google::protobuf::Message& message) {
    // Field number 0 does not exist: every parser stops at it.
    message.GetReflection()->MutableUnknownFields(&message)->AddVarint(0, 1);
}

} // namespace hallpass::sandbox
