#include "app/recipient_commands.hpp"

#include "app/start_up.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <set>
#include <utility>

namespace hallpass::app {

namespace asio = boost::asio;

namespace {

bool report(const std::string& what, const result<std::string>& outcome) {
    if (outcome) {
        std::printf("ok    %s: %s\n", what.c_str(), outcome->c_str());
    } else {
        std::printf("FAIL  %s: %s\n", what.c_str(), outcome.error().text().c_str());
    }
    return outcome.has_value();
}

access::review sample_review(std::string author, access::request_state proposed, instant at) {
    access::review made;
    made.author = std::move(author);
    made.proposed = proposed;
    made.reason = "This is a sample.";
    made.created = at;
    return made;
}

access::access_request sample_request(instant now) {
    access::access_request made;
    made.id =
        "sample-" + std::to_string(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
    made.user = "sample-requester";
    made.roles = {"sample-role"};
    made.state = access::request_state::pending;
    made.created = now;
    made.request_reason = "This is a sample by hallpass validate; there is nothing to decide.";
    return made;
}

asio::awaitable<result<std::string>> post_sample(ports::service& service, access::address to, instant now) {
    const access::cluster nowhere{"sample", ""};
    access::access_request request = sample_request(now);
    access::card card = access::make_card(request, nowhere, access::audience::approver);
    access::delivery_key key(request.id, "card");
    const result<access::message_ref> posted =
        co_await service.post(std::move(to), std::move(card), std::move(key));
    if (!posted) {
        co_return posted.error();
    }
    request.reviews = {
        sample_review("sample-reviewer-1", access::request_state::approved, now),
        sample_review("sample-reviewer-2", access::request_state::denied, now)};
    request.state = access::request_state::denied;
    access::card after = access::make_card(request, nowhere, access::audience::approver);
    const result<void> updated = co_await service.update(*posted, std::move(after));
    if (!updated) {
        co_return updated.error();
    }
    co_return "message " + posted->id + " in " + posted->conversation;
}

asio::awaitable<bool> validate(assembly& whole, ports::service& service, std::string recipient) {
    const std::string name(service.name());
    const result<std::string> checked = co_await service.check();
    bool well = report(name, checked);
    if (well) {
        const result<access::address> found = co_await service.resolve(recipient);
        well = report(
            name + " " + recipient,
            found ? result<std::string>(found->id) : result<std::string>(found.error())
        );
        if (found) {
            const result<std::string> posted =
                co_await post_sample(service, *found, whole.owner->clock.now());
            well = report("sample request", posted);
        }
    }
    co_return well;
}

asio::awaitable<bool> uninstall(const carried_service& carried) {
    std::set<std::string> all;
    for (const auto& [role, recipients] : carried.routing.role_to_recipients) {
        all.insert(recipients.begin(), recipients.end());
    }
    bool well = true;
    for (const std::string& recipient : all) {
        const result<std::string> done = co_await carried.service->uninstall(recipient);
        well = report(std::string(carried.service->name()) + " " + recipient, done) && well;
    }
    co_return well;
}

// Runs one of them with the service of that name.
template <class Work>
int run_with(const std::string& config_path, const std::string& name, Work work) {
    process owner;
    const std::unique_ptr<assembly> whole = assemble_or_say(owner, config_path, false);
    if (!whole) {
        return exit_failed;
    }
    for (carried_service& carried : whole->services) {
        if (carried.service->name() != name) {
            continue;
        }
        bool well = false;
        asio::co_spawn(
            owner.context,
            [&]() -> asio::awaitable<void> {
                well = co_await work(*whole, carried);
                co_await whole->close();
            },
            [](std::exception_ptr thrown) {
                if (thrown) {
                    std::rethrow_exception(thrown);
                }
            }
        );
        owner.context.run();
        return well ? exit_ok : exit_failed;
    }
    std::fprintf(stderr, "hallpass: error: %s configures no service %s\n", config_path.c_str(), name.c_str());
    return exit_failed;
}

} // namespace

int run_validate(const std::string& config_path, const std::string& service, const std::string& recipient) {
    return run_with(config_path, service, [&](assembly& whole, carried_service& carried) {
        return validate(whole, *carried.service, recipient);
    });
}

int run_uninstall(const std::string& config_path, const std::string& service) {
    return run_with(config_path, service, [](assembly&, carried_service& carried) {
        return uninstall(carried);
    });
}

} // namespace hallpass::app
