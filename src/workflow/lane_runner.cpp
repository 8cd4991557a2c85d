#include "workflow/lane_runner.hpp"

#include "workflow/mutation.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hallpass::workflow {

namespace asio = boost::asio;

namespace {

std::string part_of(const access::step& step) {
    switch (step.kind) {
    case access::step_kind::post:
        return "card";
    case access::step_kind::reply:
        return "review-" + std::to_string(step.review + 1);
    case access::step_kind::tell_outcome:
        return "outcome";
    case access::step_kind::update:
        break;
    }
    return "update";
}

class lane_runner {
public:
    lane_runner(
        environment& shared,
        std::shared_ptr<const access::access_request> request,
        access::delivery to,
        lane_limits& limits,
        access::lane_outcome& done
    )
        : shared_(&shared),
          request_(std::move(request)),
          to_(std::move(to)),
          limits_(&limits),
          done_(&done),
          card_(make_card(*request_, shared.cluster, to_.reader)) {}

    asio::awaitable<void> run(std::vector<access::step> steps) {
        done_->to = to_.to;
        done_->message = to_.message;
        done_->replies = to_.replies;
        done_->outcome_told = to_.outcome_told;
        done_->left = to_.sending;
        for (const access::step& step : steps) {
            if (step.kind != access::step_kind::post && done_->message.empty()) {
                break; // there is nothing to follow up
            }
            if (!may_begin()) {
                co_return;
            }
            bool sent_before = false;
            if (step.look_first && !mutation::never_looks) {
                sent_before = co_await look_for(step);
                if (!sent_before && !done_->failed && !may_begin()) {
                    co_return;
                }
            }
            if (!sent_before && !done_->failed) {
                co_await send(step);
            }
            if (done_->failed) {
                co_return;
            }
            ++limits_->steps_done;
        }
    }

private:
    bool may_begin() const {
        return !limits_->break_off && shared_->time.now() + shared_->options.longest_call <= limits_->until;
    }

    // True where there is nothing left to send: it was found, or the policy says to leave it.
    asio::awaitable<bool> look_for(access::step step) {
        const access::delivery_key key(request_->id, part_of(step));
        const instant since = request_->created.value_or(shared_->time.now() - std::chrono::hours(24));
        // Replies alone are in the message's thread.
        access::message_ref where = done_->message;
        if (step.kind != access::step_kind::reply) {
            where.id.clear();
        }
        result<std::optional<access::message_ref>> found =
            co_await shared_->service.find(to_.to, std::move(where), key, since);
        if (!found) {
            co_return decide_uncertain(step, found.error());
        }
        if (*found) {
            ++shared_->counts.found_after_uncertain_send;
            report("found_after_uncertain_send", step);
            remember(step, **found);
            // What was found was drawn from an older snapshot, and must be drawn again.
            done_->face.reset();
            if (step.kind == access::step_kind::post) {
                step.kind = access::step_kind::update;
                co_await send(step);
            }
            co_return true;
        }
        if (step.kind == access::step_kind::post && request_->state == access::request_state::expired) {
            done_->left.card = false; // nobody has it, and nobody needs it any more
            co_return true;
        }
        co_return false;
    }

    bool decide_uncertain(const access::step& step, const fault& why) {
        if (why.kind() != fault_kind::unsupported && why.kind() != fault_kind::unauthorised) {
            fail(why);
            return false;
        }
        const bool skips = shared_->options.on_uncertain == uncertain_policy::skip;
        ++(skips ? shared_->counts.skipped_after_uncertain_send
                 : shared_->counts.repeated_after_uncertain_send);
        shared_->out.warning(
            skips ? "uncertain_send_skipped" : "uncertain_send_repeated",
            {{"service", std::string(shared_->service.name())},
             {"request_id", request_->id},
             {"recipient", to_.recipient},
             {"part", part_of(step)},
             {"error", why.text()}}
        );
        if (skips && step.kind == access::step_kind::post) {
            // Only the card is settled: its holder before us may come back, say where it is, and what it sent
            // there.
            done_->skipped = true;
            done_->left.card = false;
        } else if (skips) {
            remember(step, {});
        }
        return skips;
    }

    asio::awaitable<void> send(access::step step) {
        if (step.kind == access::step_kind::update && shared_->service.sends_letters()) {
            remember(step, {});
            co_return;
        }
        const access::delivery_key key(request_->id, part_of(step));
        const access::unsettled before = done_->left;
        access::mark(step, done_->left);
        result<access::message_ref> sent = access::message_ref();
        switch (step.kind) {
        case access::step_kind::post:
            sent = co_await shared_->service.post(to_.to, card_, key);
            break;
        case access::step_kind::reply:
            sent = co_await shared_->service.reply(done_->message, card_, step.review, key);
            break;
        case access::step_kind::tell_outcome:
            sent = co_await shared_->service.tell_outcome(done_->message, card_, key);
            break;
        case access::step_kind::update: {
            result<void> updated = co_await shared_->service.update(done_->message, card_);
            if (!updated) {
                sent = updated.error();
            }
            break;
        }
        }
        if (!sent) {
            if (!sent.error().uncertain()) {
                done_->left = before;
            }
            fail(sent.error());
            co_return;
        }
        ++shared_->counts.sent;
        remember(step, *sent);
        report(step.kind == access::step_kind::update ? "message_updated" : "message_posted", step);
    }

    void remember(const access::step& step, access::message_ref sent) {
        switch (step.kind) {
        case access::step_kind::post:
            done_->message = std::move(sent);
            done_->face = face_of(*request_);
            done_->left.card = false;
            if (shared_->service.sends_letters()) {
                done_->replies = request_->reviews.size();
            }
            break;
        case access::step_kind::reply:
            done_->replies = step.review + 1;
            if (done_->left.replies <= done_->replies) {
                done_->left.replies = 0;
            }
            break;
        case access::step_kind::update:
            done_->face = face_of(*request_);
            break;
        case access::step_kind::tell_outcome:
            done_->outcome_told = true;
            done_->left.outcome = false;
            break;
        }
    }

    void fail(const fault& why) {
        ++shared_->counts.failed;
        done_->failed = why;
    }

    void report(std::string_view event, const access::step& step) {
        shared_->out.info(
            event, {{"service", std::string(shared_->service.name())},
                    {"request_id", request_->id},
                    {"part", part_of(step)},
                    {"state", std::string(access::to_string(request_->state))},
                    {"recipient", to_.recipient},
                    {"channel_id", done_->message.conversation},
                    {"message_id", done_->message.id}}
        );
    }

    environment* shared_;
    std::shared_ptr<const access::access_request> request_;
    access::delivery to_;
    lane_limits* limits_;
    access::lane_outcome* done_;
    access::card card_;
};

} // namespace

asio::awaitable<void> run_lane(
    environment& shared,
    std::shared_ptr<const access::access_request> request,
    access::delivery to,
    std::vector<access::step> steps,
    lane_limits& limits,
    access::lane_outcome& done
) {
    lane_runner runner(shared, std::move(request), std::move(to), limits, done);
    co_await runner.run(std::move(steps));
}

} // namespace hallpass::workflow
