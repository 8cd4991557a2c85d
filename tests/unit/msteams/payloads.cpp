#include "payloads.hpp"

#include "../services/samples.hpp"
#include "services/msteams/proof.hpp"

#include <chrono>

namespace hallpass::test {

namespace json = boost::json;

json::object pressed(std::string_view verb) {
    const std::string request = sample_request().id;
    const std::string proof = services::msteams::prove(secret(std::string(app_secret)), request);
    json::object data{
        {"hallpass", json::object{{"request", request}, {"proof", proof}}}, {"hallpass_reason", " seen "}};
    json::object action{{"type", "Action.Execute"}, {"verb", verb}, {"data", std::move(data)}};
    return json::object{
        {"type", "invoke"},
        {"name", "adaptiveCard/action"},
        {"id", "f:1"},
        {"channelId", "msteams"},
        {"serviceUrl", "https://smba.trafficmanager.net/emea/"},
        {"from", json::object{{"id", "29:1x"}, {"name", "Bob"}, {"aadObjectId", bob_id}}},
        {"conversation", json::object{{"id", "19:x;messageid=1"}, {"tenantId", tenant_id}}},
        {"channelData", json::object{{"tenant", json::object{{"id", tenant_id}}}}},
        {"value", json::object{{"action", std::move(action)}, {"trigger", "manual"}}}};
}

json::object claims_at(instant now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    return json::object{
        {"iss", "https://api.botframework.com"},
        {"aud", app_id},
        {"nbf", seconds - 300},
        {"exp", seconds + 3600},
        {"serviceurl", "https://smba.trafficmanager.net/emea/"}};
}

} // namespace hallpass::test
