// The body of a callback, whole, and as what stands behind our own seal: what is believed of it must be what
// we could have sealed.
#include "services/mattermost/interaction.hpp"
#include "services/mattermost/trigger.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace hallpass::services;
using namespace hallpass::services::mattermost;
namespace json = boost::json;

namespace {

constexpr const char* id = "someidsomeidsomeidsomeid01";
// "c:someidsomeidsomeidsomeid01:1:s"
constexpr const char* trigger = "Yzpzb21laWRzb21laWRzb21laWRzb21laWQwMToxOnM=";

void check_click(const std::optional<button_click>& click) {
    if (click && (click->about.request_id.empty() || click->user.size() != 26 || click->post.size() != 26 ||
                  click->about.channel.size() != 26)) {
        std::abort();
    }
}

void check_form(const std::optional<form_sent>& form, const seal& by) {
    if (!form) {
        return;
    }
    const json::object again{
        {"type", "dialog_submission"}, {"user_id", form->about.user}, {"state", to_state(form->about, by)}};
    const auto read = read_form(json::serialize(again), by);
    if (!read || read->about.request_id != form->about.request_id || read->about.nonce != form->about.nonce ||
        read->about.opened != form->about.opened) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const seal by = seal_of(hallpass::secret(), hallpass::secret("a token"));
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_click(read_click(text, by));
    check_form(read_form(text, by), by);
    static_cast<void>(read_trigger(text));

    const json::object click{
        {"user_id", id},
        {"post_id", id},
        {"channel_id", id},
        {"trigger_id", trigger},
        {"context", {{"sealed", by.sealed(button_use, text)}}}};
    check_click(read_click(json::serialize(click), by));
    const json::object form{
        {"type", "dialog_submission"},
        {"user_id", id},
        {"state", by.sealed(form_use, text)},
        {"submission", {{"reason", text}}}};
    check_form(read_form(json::serialize(form), by), by);
    return 0;
}
