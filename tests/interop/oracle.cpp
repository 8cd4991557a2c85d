#include "oracle.hpp"

#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <cstdlib>
#include <filesystem>

namespace hallpass::interop {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

std::string source_folder() {
    const char* named = std::getenv("HALLPASS_INTEROP_DIR");
    return named != nullptr ? named : HALLPASS_SOURCE_ROOT "/../shared/interop";
}

// Fetching and compiling Teleport's types takes minutes the first time.
constexpr auto build_limit = 9min;

oracle_program build() {
    const std::string source = source_folder();
    if (!std::filesystem::exists(source + "/go.mod")) {
        return {"", "no Auth Service in Go to test against (HALLPASS_INTEROP_DIR names its folder)"};
    }
    if (test::find_program("go").empty()) {
        return {"", "go is not installed, and builds the Auth Service to test against"};
    }
    const std::string target = HALLPASS_INTEROP_BUILD "/authsim";
    test::process compiler({"go", "build", "-o", target, "."}, {}, source);
    if (compiler.wait(build_limit) != 0) {
        throw std::runtime_error("go build failed in " + source + ":\n" + compiler.standard_error());
    }
    return {target, ""};
}

std::vector<std::string> command_line(const std::string& folder, const std::vector<std::string>& options) {
    std::vector<std::string> words{the_oracle_program().path, "-dir", folder};
    words.insert(words.end(), options.begin(), options.end());
    return words;
}

} // namespace

const oracle_program& the_oracle_program() {
    static const oracle_program built = build();
    return built;
}

oracle::oracle(const std::vector<std::string>& options)
    : program_(command_line(folder_.path().string(), options)) {
    test::eventually("the Auth Service in Go is ready", [&] {
        return std::filesystem::exists(folder_.file("ready.json")) || program_.exit_status().has_value();
    });
    const json::value ready = json::parse(test::read_file(folder_.file("ready.json")));
    auth_address_ = ready.at("grpc").as_string();
    control_address_ = ready.at("control").as_string();
    control_.emplace(control_address_);
}

std::string
oracle::request(const std::string& user, const std::string& role, const std::string& reason) const {
    const json::object wanted{{"user", user}, {"roles", json::array{role}}, {"reason", reason}};
    const json::value made = control_->post("/requests", wanted);
    return std::string(made.at("ids").as_array().at(0).as_string());
}

void oracle::review(
    const std::string& id, const std::string& author, const std::string& state, const std::string& reason
) const {
    const json::object given{{"author", author}, {"state", state}, {"reason", reason}};
    control_->post("/requests/" + id + "/review", given);
}

void oracle::erase(const std::string& id) const {
    control_->erase("/requests/" + id);
}

void oracle::drop() const {
    control_->post("/drop", json::object());
}

void oracle::rotate() const {
    control_->post("/rotate", json::object());
}

void oracle::fail(const std::string& method, const std::string& code, int count) const {
    control_->post("/fail", json::object{{"method", method}, {"code", code}, {"n", count}});
}

std::int64_t oracle::calls(const std::string& method) const {
    const json::value counts = control_->get("/calls");
    const json::value* count = counts.as_object().if_contains(method);
    return count == nullptr ? 0 : count->to_number<std::int64_t>();
}

} // namespace hallpass::interop
