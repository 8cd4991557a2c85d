#include "services/msteams/proof.hpp"

#include "services/seal.hpp"

namespace hallpass::services::msteams {

std::string prove(const secret& app_secret, std::string_view request_id) {
    return seal(app_secret, "hallpass msteams app_secret v1").mark("card action 1", {request_id});
}

} // namespace hallpass::services::msteams
