#include "teleport/opening.hpp"

#include "base/text.hpp"
#include "teleport/call.hpp"
#include "teleport/convert.hpp"
#include "teleport/server_version.hpp"

#include <utility>

namespace hallpass::teleport {

using stub = proto::AuthService::Stub;

std::string to_web_url(const std::string& proxy_address) {
    std::string url = one_line(proxy_address);
    if (url.empty()) {
        return url;
    }
    if (!url.starts_with("https://") && !url.starts_with("http://")) {
        url.insert(0, "https://");
    }
    if (url.starts_with("https://") && url.ends_with(":443")) {
        url.resize(url.size() - 4);
    }
    return url;
}

boost::asio::awaitable<result<greeting>> greet(std::shared_ptr<session> on, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    const proto::PingRequest question;
    const result<proto::PingResponse> answer =
        co_await unary_call(on, on->auth(), &stub::AsyncPing, question, "Ping", until);
    if (!answer && answer.error().kind() == fault_kind::unsupported) {
        co_return fault(
            fault_kind::unsupported, "the Auth Service at " + on->peer() +
                                         " is too old (it has no Ping); hallpass "
                                         "needs " +
                                         std::string(minimum_server_version) + " or newer"
        );
    }
    if (!answer) {
        co_return answer.error();
    }
    const result<void> recent = check_server_version(answer->serverversion(), on->peer());
    if (!recent) {
        co_return recent.error();
    }
    greeting met;
    met.cluster.name = answer->clustername();
    met.server_version = answer->serverversion();
    if (answer->serverfeatures().advancedaccessworkflows()) {
        met.cluster.web_url = to_web_url(answer->proxypublicaddr());
    }
    on->set_cluster(met.cluster.name);
    co_return met;
}

boost::asio::awaitable<result<std::vector<access::access_request>>>
list_pending(std::shared_ptr<session> on, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    types::AccessRequestFilter filter;
    filter.set_state(types::PENDING);
    server_stream<types::AccessRequestV3> stream(
        on, on->auth(), &stub::PrepareAsyncGetAccessRequestsV2, filter, "GetAccessRequestsV2", until
    );
    std::vector<access::access_request> pending;
    types::AccessRequestV3 message;
    bool more = co_await stream.start();
    while (more) {
        more = co_await stream.read(message);
        if (more && message.spec().state() == types::PENDING && !message.metadata().name().empty()) {
            pending.push_back(to_access_request(message));
        }
    }
    const result<void> finished = co_await stream.finish();
    if (!finished) {
        co_return finished.error();
    }
    co_return pending;
}

} // namespace hallpass::teleport
