// The cluster's Auth Service, as it decides and as it knows people.
#pragma once

#include "access/access_request.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hallpass::ports {

struct review_submission {
    review_submission() = default;

    std::string request_id;
    std::string author; // "" is hallpass's own user
    access::request_state proposed = access::request_state::none;
    std::string reason;
};

struct state_change {
    state_change() = default;

    std::string request_id;
    access::request_state state = access::request_state::none;
    std::string delegator; // who decided, for Teleport's audit log
    std::string reason;
};

class review_gateway {
public:
    virtual ~review_gateway() = default;

    // Gives the request as the review has left it. A review with an author is submitted on their behalf.
    // conflict: the author has reviewed the request before. unauthorised: the author may not review it, or it
    // is resolved. unsupported: hallpass may not review for others, because the server is too old or its role
    // doesn't say so. not_found: there is no such request, or no such author.
    virtual boost::asio::awaitable<result<access::access_request>> submit_review(review_submission review
    ) = 0;

    // Resolves the request without any review. conflict and permanent: it is resolved already.
    virtual boost::asio::awaitable<result<void>> set_state(state_change change) = 0;

    // Whether there is a user of exactly this name, as of now.
    virtual boost::asio::awaitable<result<bool>> find_user(std::string name) = 0;

    // The names of the users whose trait has this value. At most a minute old.
    virtual boost::asio::awaitable<result<std::vector<std::string>>>
    users_by_trait(std::string trait, std::string value) = 0;
};

} // namespace hallpass::ports
