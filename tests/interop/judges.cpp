#include "judges.hpp"

#include "support/eventually.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>

namespace hallpass::interop {

using namespace std::chrono_literals;

namespace {

const std::string sources = HALLPASS_SOURCE_ROOT "/tests/interop";
const std::string python_folder = HALLPASS_INTEROP_BUILD "/python";
const std::string go_folder = HALLPASS_INTEROP_BUILD "/go";
const std::string node_folder = HALLPASS_INTEROP_BUILD "/node";

// What is there already takes no time, and the registries need seconds.
constexpr auto install_limit = 150s;

struct finished {
    int status = 0;
    std::string said;
};

finished run(std::vector<std::string> command, const std::string& folder = {}) {
    test::process program(std::move(command), {{"PIP_DISABLE_PIP_VERSION_CHECK", "1"}}, folder);
    finished end;
    try {
        end.status = program.wait(install_limit);
    } catch (const std::runtime_error&) {
        return {-1, "no end in two minutes and a half: timed out"};
    }
    end.said = program.standard_output() + program.standard_error();
    return end;
}

// By what pip and npm say that nobody answers them, or that a whole registry is out of order.
std::string_view unreachable_word(std::string_view said) {
    constexpr std::array<std::string_view, 19> words{"timed out",
                                                     "Connection refused",
                                                     "Connection reset",
                                                     "NewConnectionError",
                                                     "Name or service not known",
                                                     "ProxyError",
                                                     "ConnectionError",
                                                     "from versions: none",
                                                     "HTTP error 5",
                                                     "dial tcp",
                                                     "i/o timeout",
                                                     "ENOTFOUND",
                                                     "EAI_AGAIN",
                                                     "ECONNREFUSED",
                                                     "ECONNRESET",
                                                     "ENETUNREACH",
                                                     "ETIMEDOUT",
                                                     "ERR_SOCKET_TIMEOUT",
                                                     "npm error code E5"};
    const auto* const found = std::find_if(words.begin(), words.end(), [&](std::string_view word) {
        return said.find(word) != std::string_view::npos;
    });
    return found == words.end() ? std::string_view() : *found;
}

// "" when all went well, else why not.
std::string install(const std::string& who, const finished& end) {
    if (end.status == 0) {
        return "";
    }
    if (const std::string_view word = unreachable_word(end.said); !word.empty()) {
        return "the registry of " + who + " can't be reached (" + std::string(word) + ")";
    }
    throw std::runtime_error(who + " can't install tests/interop's libraries:\n" + end.said);
}

// Whether that list, and nothing else, was installed to the end.
bool is_installed(const std::string& marker, const std::string& list) {
    return std::filesystem::exists(marker) && test::read_file(marker) == list;
}

void mark_installed(const std::string& marker, const std::string& list) {
    std::ofstream(marker, std::ios::binary) << list;
}

judges install_python() {
    const std::string list = test::read_file(sources + "/requirements.txt");
    const std::string marker = python_folder + "/installed";
    const std::string python = python_folder + "/bin/python3";
    if (is_installed(marker, list)) {
        return {python, ""};
    }
    if (test::find_program("python3").empty()) {
        return {"", "python3 is not installed"};
    }
    std::filesystem::remove_all(python_folder);
    const finished made = run({"python3", "-m", "venv", python_folder});
    if (made.status != 0) {
        return {"", "python3 makes no virtual environment: is python3-venv installed?"};
    }
    const std::string why = install(
        "pip", run(
                   {python, "-m", "pip", "install", "--quiet", "--no-input", "--no-compile",
                    "--only-binary=:all:", "--no-binary=opsgenie-sdk", "--retries=1", "--timeout=10",
                    "--requirement", sources + "/requirements.txt"}
               )
    );
    if (!why.empty()) {
        return {"", why};
    }
    mark_installed(marker, list);
    return {python, ""};
}

judges install_node() {
    const std::string node = test::find_program("node");
    if (node.empty() || test::find_program("npm").empty()) {
        return {"", "node and npm are not installed"};
    }
    const std::string list = test::read_file(sources + "/package.json");
    const std::string marker = node_folder + "/installed";
    if (is_installed(marker, list)) {
        return {node, ""};
    }
    std::filesystem::remove_all(node_folder);
    std::filesystem::create_directories(node_folder);
    std::filesystem::copy_file(sources + "/package.json", node_folder + "/package.json");
    const std::string why = install(
        "npm", run({"npm", "install", "--no-audit", "--no-fund", "--no-update-notifier", "--no-package-lock",
                    "--ignore-scripts", "--loglevel=error", "--fetch-retries=1", "--fetch-timeout=10000"},
                   node_folder)
    );
    if (!why.empty()) {
        return {"", why};
    }
    mark_installed(marker, list);
    return {node, ""};
}

// "datadog-api-client==2.62.0", as the list of libraries has it.
std::string line_of(const std::string& list, const std::string& library) {
    const std::size_t begin = list.find('\n' + library + "==") + 1;
    return list.substr(begin, list.find('\n', begin) - begin);
}

judges fetch_datadog_document() {
    const std::string wanted = line_of(test::read_file(sources + "/requirements.txt"), "datadog-api-client");
    const std::string made_of = wanted + test::read_file(sources + "/datadog_document.py");
    const std::string folder = python_folder + "/datadog";
    const std::string document = folder + "/document.json";
    if (is_installed(folder + "/installed", made_of)) {
        return {document, ""};
    }
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const std::string why = install(
        "pip", run(
                   {python_judges().path, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps",
                    "--no-binary=:all:", "--retries=1", "--timeout=10", "--dest", folder, wanted}
               )
    );
    if (!why.empty()) {
        return {"", why};
    }
    const std::filesystem::path archive = std::filesystem::directory_iterator(folder)->path();
    const judgement cut = ask("datadog_document.py", {archive.string(), document});
    if (cut.status != 0) {
        throw std::runtime_error("Datadog's document isn't in " + wanted + ":\n" + cut.said);
    }
    std::filesystem::remove(archive);
    mark_installed(folder + "/installed", made_of);
    return {document, ""};
}

// A second build of hallpass says the same to them: who builds it for a sanitizer saves the minutes.
judges unless_left_out(judges (*make)()) {
    const char* wanted = std::getenv("HALLPASS_JUDGES");
    if (wanted != nullptr && std::string_view(wanted) == "none") {
        return {"", "left out by HALLPASS_JUDGES=none"};
    }
    return make();
}

judges build_pagerduty_judge() {
    if (test::find_program("go").empty()) {
        return {"", "go is not installed"};
    }
    const std::string program = go_folder + "/pagerduty";
    const std::string why = install("go", run({"go", "build", "-o", program, "."}, sources + "/pagerduty"));
    return why.empty() ? judges{program, ""} : judges{"", why};
}

} // namespace

const judges& pagerduty_judge() {
    static const judges built = unless_left_out(build_pagerduty_judge);
    return built;
}

const judges& datadog_document() {
    static const judges fetched = fetch_datadog_document();
    return fetched;
}

std::string node_modules() {
    return node_folder + "/node_modules";
}

const judges& python_judges() {
    static const judges installed = unless_left_out(install_python);
    return installed;
}

const judges& node_judges() {
    static const judges installed = unless_left_out(install_node);
    return installed;
}

test::process begin_asking(
    const std::string& script,
    const std::vector<std::string>& arguments,
    const std::map<std::string, std::string>& environment
) {
    const bool is_python = script.ends_with(".py");
    std::vector<std::string> words{is_python ? python_judges().path : node_judges().path};
    words.push_back(sources + "/" + script);
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::map<std::string, std::string> all{
        {"NODE_PATH", node_modules()}, {"PYTHONPYCACHEPREFIX", python_folder + "/compiled"}};
    all.insert(environment.begin(), environment.end());
    return test::process(std::move(words), all);
}

std::string port_of(test::process& script, const test::temp_dir& folder) {
    constexpr auto slow_import = 60s;
    const std::string file = folder.file("port");
    const auto listens = [&] {
        if (script.exit_status()) {
            throw std::runtime_error(
                "the script ended: " + script.standard_output() + script.standard_error()
            );
        }
        return std::filesystem::exists(file);
    };
    test::eventually("the script listens", listens, slow_import);
    return test::read_file(file);
}

namespace {

judgement end_of(test::process& program) {
    judgement given;
    given.status = program.wait();
    given.said = program.standard_output() + program.standard_error();
    return given;
}

} // namespace

judgement ask(const std::string& script, const std::vector<std::string>& arguments) {
    test::process program = begin_asking(script, arguments);
    return end_of(program);
}

judgement run_judge(std::vector<std::string> command) {
    test::process program(std::move(command));
    return end_of(program);
}

} // namespace hallpass::interop
