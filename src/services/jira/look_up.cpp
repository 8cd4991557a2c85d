// issues: looking up what may have been made.
#include "base/text.hpp"
#include "services/jira/issues.hpp"
#include "services/jira/markup.hpp"
#include "services/jira/webhook.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::jira {

namespace json = boost::json;
using access::message_ref;
using boost::asio::awaitable;
using ports::http_method;
using opt_ref = std::optional<message_ref>;

namespace {

constexpr int most_pages = 20;
constexpr std::size_t page_size = 100;
// Cloud's search lags behind what it is asked about, and even where it doesn't, a call whose answer was lost
// may still be under way (api-ticketing 1.4).
constexpr std::chrono::milliseconds cloud_lag = std::chrono::seconds(10);
constexpr std::chrono::milliseconds center_lag = std::chrono::seconds(3);

// Faults that end the looking: what can't be asked can't be known.
fault cant_look(const fault& failed) {
    const bool never = failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::not_found;
    return never ? fault(fault_kind::unsupported, failed.text()) : failed;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        out.append(c == '"' || c == '\\' ? "\\" : "").push_back(c);
    }
    return out + '"';
}

fault too_much(std::string_view what) {
    return fault(fault_kind::unsupported, "Jira: too many " + std::string(what) + " to look through");
}

} // namespace

struct issues::page {
    json::array found;
    std::string next; // "" on the last one
};

awaitable<result<issues::page>>
issues::search(std::string jql, std::string after, bool cloud, json::array fields) {
    json::object body{{"jql", jql}, {"maxResults", page_size}, {"fields", std::move(fields)}};
    if (cloud) {
        body["properties"] = json::array{request_property};
        if (!after.empty()) {
            body["nextPageToken"] = after;
        }
    } else {
        body["startAt"] = after.empty() ? 0 : std::stoi(after);
    }
    call asked(http_method::post, cloud ? "search/jql" : "search");
    asked.body = std::move(body);
    result<json::object> reply = co_await jira_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return cant_look(reply.error());
    }
    if (!reply->contains("issues") || !reply->at("issues").is_array()) {
        co_return fault(fault_kind::transient, "Jira POST search: the answer has no list of issues");
    }
    page read;
    read.found = reply->at("issues").as_array();
    if (cloud) {
        read.next = text_of(*reply, "nextPageToken");
    } else if (read.found.size() >= page_size) {
        read.next = std::to_string((after.empty() ? 0U : std::stoul(after)) + read.found.size());
    }
    co_return read;
}

awaitable<result<bool>> issues::has_property(std::string id, std::string request_id) {
    call asked(
        http_method::get, "issue/" + id + "/properties/" + std::string(request_property), "issue/properties"
    );
    const result<json::object> reply = co_await jira_.ask(std::move(asked));
    if (reply.has_error()) {
        if (reply.error().kind() == fault_kind::not_found) {
            co_return false;
        }
        co_return reply.error();
    }
    co_return text_of(*reply, "value") == request_id;
}

instant issues::index_is_sure_from(const access::delivery_key& key, bool cloud) const {
    // What a former life or another instance was making was made before we began.
    const auto last = uncertain_.find(key.request_id);
    const instant made = last == uncertain_.end() ? made_ : last->second;
    return made + (cloud ? cloud_lag : center_lag);
}

awaitable<result<opt_ref>> issues::find_issue(std::string project, access::delivery_key key, instant since) {
    const result<bool> cloud = co_await jira_.is_cloud();
    if (cloud.has_error()) {
        co_return cant_look(cloud.error());
    }
    const instant asked_at = time_.now();
    const auto age = std::chrono::ceil<std::chrono::minutes>(asked_at - since);
    const auto minutes = std::max<long>(0, age.count()) + 10; // clocks differ
    const std::string jql = "project = " + quoted(project) +
                            " AND creator = currentUser() AND created >= \"-" + std::to_string(minutes) +
                            "m\" ORDER BY created DESC";
    std::string after;
    for (int number = 0; number < most_pages; ++number) {
        json::array fields{*cloud ? "summary" : "description"};
        const result<page> read = co_await search(jql, after, *cloud, std::move(fields));
        if (read.has_error()) {
            co_return read.error();
        }
        for (const json::value& member : read->found) {
            const json::object* one = member.if_object();
            if (!one) {
                continue;
            }
            const message_ref ref{std::string(text_of(*one, "id")), std::string(text_of(*one, "key"))};
            if (*cloud && text_of(object_of(*one, "properties"), request_property) == key.request_id) {
                co_return ref;
            }
            const std::string_view described = text_of(object_of(*one, "fields"), "description");
            if (!*cloud && described.find(mark_text(key)) != std::string_view::npos) {
                // The text may be of a reason that quotes another request.
                const result<bool> mine = co_await has_property(ref.conversation, key.request_id);
                if (mine.has_error()) {
                    co_return cant_look(mine.error());
                }
                if (*mine) {
                    co_return ref;
                }
            }
        }
        after = read->next;
        if (after.empty()) {
            break;
        }
    }
    if (!after.empty()) {
        co_return too_much("issues");
    }
    const instant sure = index_is_sure_from(key, *cloud);
    if (asked_at < sure) {
        fault early(fault_kind::transient, "Jira POST search: its index may not know the issue yet");
        early.set_retry_after(sure - asked_at);
        co_return early;
    }
    co_return opt_ref();
}

awaitable<result<std::vector<changed_issue>>> issues::changed_within(std::chrono::minutes window) {
    const result<bool> cloud = co_await jira_.is_cloud();
    if (cloud.has_error()) {
        co_return cloud.error();
    }
    const std::string jql = "project = " + quoted(config_.project) +
                            " AND creator = currentUser() AND updated >= \"-" +
                            std::to_string(window.count()) + "m\" ORDER BY updated DESC";
    std::vector<changed_issue> all;
    std::string after;
    for (int number = 0; number < most_pages; ++number) {
        json::array fields{"status", "updated"};
        const result<page> read = co_await search(jql, after, *cloud, std::move(fields));
        if (read.has_error()) {
            co_return read.error();
        }
        for (const json::value& member : read->found) {
            const json::object* one = member.if_object();
            if (one && is_issue_id(text_of(*one, "id"))) {
                const json::object& shown = object_of(*one, "fields");
                all.push_back(
                    {std::string(text_of(*one, "id")),
                     std::string(text_of(object_of(shown, "status"), "name")),
                     std::string(text_of(shown, "updated"))}
                );
            }
        }
        after = read->next;
        if (after.empty()) {
            break;
        }
    }
    co_return all;
}

awaitable<result<opt_ref>> issues::find_comment(std::string id, access::delivery_key key) {
    const result<std::string> me = co_await whoami();
    if (me.has_error()) {
        co_return me.error();
    }
    std::size_t start = 0;
    for (int number = 0; number < most_pages; ++number) {
        call asked(
            http_method::get,
            "issue/" + id + "/comment?orderBy=-created&maxResults=" + std::to_string(page_size) +
                "&startAt=" + std::to_string(start),
            "issue/comment"
        );
        const result<json::object> reply = co_await jira_.ask(std::move(asked));
        if (reply.has_error()) {
            co_return reply.error();
        }
        const json::array& comments = array_of(*reply, "comments");
        for (const json::value& member : comments) {
            const json::object* one = member.if_object();
            const json::value* body = one ? one->if_contains("body") : nullptr;
            if (body && account_id_of(object_of(*one, "author")) == *me &&
                ends_with_mark(text_of_body(*body), key)) {
                co_return message_ref(id, std::string(text_of(*one, "id")));
            }
        }
        start += comments.size();
        const json::value* total = reply->if_contains("total");
        const bool whole =
            total && total->is_number() && static_cast<double>(start) >= total->to_number<double>();
        if (comments.empty() || whole) {
            co_return opt_ref();
        }
    }
    co_return too_much("comments");
}

awaitable<result<std::string>> issues::reason_by(std::string id, std::string account) {
    call asked(
        http_method::get, "issue/" + id + "/comment?orderBy=-created&maxResults=" + std::to_string(page_size),
        "issue/comment"
    );
    const result<json::object> reply = co_await jira_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    for (const json::value& member : array_of(*reply, "comments")) {
        const json::object* one = member.if_object();
        const json::value* body = one ? one->if_contains("body") : nullptr;
        if (!body || account.empty() || account_id_of(object_of(*one, "author")) != account) {
            continue;
        }
        std::string reason = reason_in(text_of_body(*body));
        if (!reason.empty()) {
            co_return reason;
        }
    }
    co_return std::string();
}

} // namespace hallpass::services::jira
