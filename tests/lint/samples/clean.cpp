// Nothing here may be reported: this is how the house rules have it, and what g++ 12 compiles correctly.
#include "task.hpp"

task<std::string> named_closure(std::string text) {
    std::function<void()> work = [text] { (void)text.size(); };
    co_return co_await run(std::move(work));
}

task<std::string> named_aggregate(std::string url) {
    request what{url, {"accept: */*"}};
    const auto said = co_await send(std::move(what));
    co_return said;
}

task<std::string> type_with_a_constructor(std::string url) {
    co_return co_await send_built(built_request(url));
}

task<std::string> trivial_aggregate() {
    co_return co_await move_to({1, 2});
}

task<std::string> trivial_closure(int* seen) {
    co_return co_await run_any([seen] { ++*seen; });
}

task<std::string> statement_instead_of_conditional(bool first) {
    std::string said;
    if (first) {
        said = co_await read(1);
    }
    co_return said;
}

task<int> conditional_number(bool first) {
    co_return first ? co_await number(1) : 2;
}

task<std::string> awaited_condition() {
    if (co_await ready(1) && co_await ready(2)) {
        co_return "ready";
    }
    co_return "waiting";
}

task<std::string> braces_in_their_own_statement() {
    std::vector<std::string> all = {"a", "b"};
    const auto said = co_await send_all(std::move(all));
    co_return said;
}

task<request> returned_aggregate() {
    auto url = co_await read(1);
    co_return request{std::move(url), {}};
}

task<int> closure_whose_body_awaits(std::string url) {
    auto inner = [](std::string to) -> task<std::string> {
        auto said = co_await read(1);
        co_return to + said;
    };
    auto started = inner(std::move(url));
    const auto said = co_await started;
    co_return static_cast<int>(said.size());
}

task<std::string> default_argument_given(std::string url) {
    request what{std::move(url), {}};
    co_return co_await send_with_defaults(1, std::move(what));
}

request not_a_coroutine(std::string url) {
    const std::map<std::string, std::function<void()>> table = {{"a", [url] { (void)url.size(); }}};
    return {url, {table.begin()->first}};
}

void spawned_with_what_outlives_it(std::vector<int>& service, const std::string& text) {
    spawn("serve", serve(service, text));
}

task<std::string> awaited_with_a_const_reference(request what) {
    co_return co_await send_ref(what);
}

task<result<bool>> returned_bool(result<bool> known) {
    co_return known.value;
}

task<result<int>> returned_result_of_another_type(result<int> known) {
    co_return known;
}
