#include "workflow/approval_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::workflow {

namespace json = boost::json;

namespace {

constexpr const char* plugin = "hallpass";
constexpr const char* key = "approvals";

std::string text_at(const json::array& entry, std::size_t at) {
    const json::string* text = at < entry.size() ? entry[at].if_string() : nullptr;
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

} // namespace

std::string encode_approvals(const std::vector<access::approval>& given) {
    json::array all;
    for (const access::approval& one : given) {
        json::array entry;
        entry.emplace_back(one.user);
        entry.emplace_back(one.service);
        entry.emplace_back(one.account);
        entry.emplace_back(one.at.time_since_epoch().count());
        if (!one.reason.empty()) {
            entry.emplace_back(one.reason);
        }
        all.push_back(std::move(entry));
    }
    return json::serialize(all);
}

std::vector<access::approval> decode_approvals(const std::string& text) {
    std::vector<access::approval> given;
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error || !value.is_array()) {
        return given;
    }
    for (const json::value& member : value.get_array()) {
        const json::array* entry = member.if_array();
        if (entry == nullptr || text_at(*entry, 0).empty()) {
            continue;
        }
        const std::int64_t* at = entry->size() > 3 ? (*entry)[3].if_int64() : nullptr;
        access::approval one;
        one.user = text_at(*entry, 0);
        one.service = text_at(*entry, 1);
        one.account = text_at(*entry, 2);
        one.at = instant{std::chrono::milliseconds{at == nullptr ? 0 : *at}};
        one.reason = text_at(*entry, 4);
        given.push_back(std::move(one));
    }
    return given;
}

approval_store::approval_store(ports::access_gateway& gateway, std::string request_id)
    : gateway_(gateway), request_id_(std::move(request_id)) {}

boost::asio::awaitable<result<std::vector<access::approval>>> approval_store::read() {
    result<ports::plugin_data> data = co_await gateway_.read_plugin_data(request_id_, plugin);
    if (!data) {
        co_return data.error();
    }
    stored_ = (*data)[key];
    co_return decode_approvals(stored_);
}

boost::asio::awaitable<result<void>> approval_store::add(access::approval one) {
    std::vector<access::approval> all = decode_approvals(stored_);
    all.push_back(std::move(one));
    ports::plugin_data_update update;
    update.request_id = request_id_;
    update.plugin = plugin;
    update.set[key] = encode_approvals(all);
    update.expect[key] = stored_;
    const result<void> written = co_await gateway_.update_plugin_data(std::move(update));
    co_return written;
}

} // namespace hallpass::workflow
