// Every line that ends with "// flagged" must be reported, and no other.
#include "task.hpp"

task<std::string> closure_as_argument(std::string text) {
    co_return co_await run([text] { (void)text.size(); }); // flagged
}

task<std::string> closure_as_argument_of_a_template(std::string text) {
    const auto said = co_await run_any([text] { (void)text.size(); }); // flagged
    co_return said;
}

task<std::string> closure_beside_another_argument(std::string text) {
    const auto both = [](std::function<void()> work, std::string said) {
        work();
        return said;
    };
    co_return both([text] { (void)text.size(); }, co_await read(1)); // flagged
}

task<std::string> aggregate_by_value(std::string url) {
    co_return co_await send({url, {}}); // flagged
}

task<std::string> named_aggregate(std::string url) {
    const auto said = co_await send(request{url, {}}); // flagged
    co_return said;
}

task<std::string> designated_aggregate(std::string url) {
    const auto said = co_await send(request{.url = url, .headers = {}}); // flagged
    co_return said;
}

task<std::string> aggregate_by_reference(std::string url) {
    const auto said = co_await send_ref({url, {}}); // flagged
    co_return said;
}

task<std::string> empty_braces() {
    co_return co_await send({}); // flagged
}

task<std::string> default_argument_in_braces() {
    co_return co_await send_with_defaults(1); // flagged
}

task<request> await_inside_braces() {
    request made{co_await read(1), {}}; // flagged
    co_return made;
}

task<request> returned_braces() {
    co_return request{co_await read(1), {}}; // flagged
}

task<std::string> conditional(bool first) {
    const auto said = first ? co_await read(1) : std::string(); // flagged
    co_return said;
}

task<std::string> initializer_list() {
    co_return co_await send_all({"a", "b"}); // flagged
}

task<int> initializer_list_of_awaited() {
    const std::vector<std::string> all = {co_await read(1), "b"}; // flagged
    co_return static_cast<int>(all.size());
}

task<std::string> inside_a_lambda(std::string url) {
    auto inner = [](std::string to) -> task<std::string> {
        co_return co_await send({to, {}}); // flagged
    };
    auto started = inner(url);
    co_return co_await started;
}

void spawned_with_a_const_reference(const request& what) {
    spawn("send", send_ref(what)); // flagged
}

void spawned_with_a_view(const std::string& text) {
    spawn("serve", serve_view(text)); // flagged
}

task<result<bool>> returned_result_of_bool(result<bool>& known) {
    co_return known; // flagged
}

task<result<bool>> moved_result_of_bool(result<bool> known) {
    co_return std::move(known); // flagged
}
