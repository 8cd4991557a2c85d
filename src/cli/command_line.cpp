#include "cli/command_line.hpp"

#include "app/check.hpp"
#include "app/daemon.hpp"
#include "app/recipient_commands.hpp"
#include "app/services.hpp"
#include "app/start_up.hpp"
#include "app/status_command.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>

#include <cstdio>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::cli {

namespace options = boost::program_options;

namespace {

constexpr int exit_usage = 2;

constexpr std::string_view usage = R"(hallpass carries Teleport Access Requests to the people who decide

  hallpass start     -c FILE [-d]   run until stopped; SIGHUP reads the configuration again
  hallpass status    -c FILE        what the running instances have done, owe and wait for, and why
  hallpass check     -c FILE        connect to everything, and say what is wrong and how to mend it
  hallpass validate  -c FILE SERVICE RECIPIENT
                                    say where the recipient is told, and post a sample request there
  hallpass uninstall -c FILE SERVICE
                                    take the app away from all recipients (Microsoft Teams)
  hallpass configure SERVICE        print an example configuration
  hallpass configure slack --manifest [https://HOST]
                                    print the manifest of an app for Slack
  hallpass configure msteams DIR --app-id ID [--tenant-id ID]
                                    write the package of the Teams app, and a configuration for it
  hallpass version

  -c, --config FILE   the configuration, /etc/hallpass.toml where not given
  -d, --debug         start: log every call
      --json          status: JSON instead of a table
)";

constexpr std::string_view default_config = "/etc/hallpass.toml";

int misused(const std::string& why) {
    std::cerr << "hallpass: error: " << why << "; see hallpass help\n";
    return exit_usage;
}

struct parsed_arguments {
    std::string config{default_config};
    bool debug = false;
    bool json = false;
    std::vector<std::string> words; // of commands that take some
};

parsed_arguments parse(const std::string& command, const std::vector<std::string>& arguments) {
    parsed_arguments parsed;
    options::options_description known;
    auto add = known.add_options();
    add("config,c", options::value<std::string>(&parsed.config));
    if (command == "status") {
        add("json", options::bool_switch(&parsed.json));
    } else {
        add("debug,d", options::bool_switch(&parsed.debug));
    }
    options::command_line_parser parser(arguments);
    options::positional_options_description positional;
    if (command == "validate" || command == "uninstall") {
        add("word", options::value<std::vector<std::string>>(&parsed.words));
        positional.add("word", -1);
    }
    parser.options(known).positional(positional);
    options::variables_map values;
    options::store(parser.run(), values);
    options::notify(values);
    return parsed;
}

std::string names_of_services() {
    std::string names;
    for (const ports::service_kind* kind : app::service_kinds()) {
        names += names.empty() ? "" : ", ";
        names += kind->name;
    }
    return names;
}

int configure(const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
        return misused("configure takes the name of a service: " + names_of_services());
    }
    const ports::service_kind* kind = app::find_service_kind(arguments[0]);
    if (kind == nullptr) {
        return misused("there is no service \"" + arguments[0] + "\"; there is " + names_of_services());
    }
    if (arguments.size() == 1) {
        std::cout << kind->example;
        return app::exit_ok;
    }
    if (kind->configure == nullptr) {
        return misused("configure " + arguments[0] + " takes nothing more");
    }
    const result<std::string> done = kind->configure({arguments.begin() + 1, arguments.end()});
    if (!done) {
        std::cerr << "hallpass: error: " << done.error().text() << '\n';
        return app::exit_failed;
    }
    std::cout << *done;
    return app::exit_ok;
}

int run_command(const std::string& command, const std::vector<std::string>& arguments) {
    if (command == "start") {
        const parsed_arguments parsed = parse(command, arguments);
        return app::run_daemon(parsed.config, parsed.debug);
    }
    if (command == "check") {
        return app::run_check(parse(command, arguments).config);
    }
    if (command == "status") {
        const parsed_arguments parsed = parse(command, arguments);
        return app::run_status(parsed.config, parsed.json);
    }
    if (command == "validate") {
        const parsed_arguments parsed = parse(command, arguments);
        return parsed.words.size() == 2 ? app::run_validate(parsed.config, parsed.words[0], parsed.words[1])
                                        : misused("validate takes a service and a recipient");
    }
    if (command == "uninstall") {
        const parsed_arguments parsed = parse(command, arguments);
        return parsed.words.size() == 1 ? app::run_uninstall(parsed.config, parsed.words[0])
                                        : misused("uninstall takes a service");
    }
    if (command == "configure") {
        return configure(arguments);
    }
    if (command == "version" || command == "--version") {
        std::cout << "hallpass v" HALLPASS_VERSION "\n";
        return app::exit_ok;
    }
    if (command == "help" || command == "--help" || command == "-h") {
        std::cout << usage;
        return app::exit_ok;
    }
    return misused("there is no command \"" + command + "\"");
}

} // namespace

int run(int argc, const char* const* argv) {
    if (argc < 2) {
        std::cerr << usage;
        return exit_usage;
    }
    try {
        return run_command(argv[1], std::vector<std::string>(argv + 2, argv + argc));
    } catch (const options::error& error) {
        return misused(error.what());
    } catch (const std::exception& error) {
        std::cerr << "hallpass: error: " << error.what() << '\n';
        return app::exit_failed;
    }
}

} // namespace hallpass::cli
