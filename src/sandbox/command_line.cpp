#include "sandbox/command_line.hpp"

#include "sandbox/demo_command.hpp"
#include "sandbox/serve_command.hpp"

#include <boost/program_options.hpp>

#include <filesystem>
#include <iostream>
#include <string>

namespace hallpass::sandbox {

namespace {

namespace po = boost::program_options;

constexpr const char* usage =
    "hallpass-sandbox serve --dir DIR [options]\n"
    "    A simulated Auth Service, Slack and Discord, with a web page that shows the first two.\n"
    "hallpass-sandbox demo --hallpass PATH [options]\n"
    "    The same, with a real hallpass running against them that takes decisions in Slack.\n";

po::variables_map parse(int argc, char** argv, const po::options_description& known) {
    po::variables_map given;
    po::store(po::command_line_parser(argc, argv).options(known).run(), given);
    po::notify(given);
    return given;
}

int run_serve(int argc, char** argv) {
    serve_options options;
    long lifetime = 3600;
    po::options_description known("serve");
    known.add_options()("help", "this text")(
        "dir", po::value(&options.sandbox.directory)->required(), "where identity, ca.pem, hallpass.toml and ready.json go"
    )("listen", po::value(&options.sandbox.listen), "host:port of the page and the control port")(
        "auth-listen", po::value(&options.sandbox.auth_listen), "host:port of the Auth Service"
    )("slack-listen", po::value(&options.sandbox.slack_listen), "host:port of the Slack API"
    )("discord-listen", po::value(&options.sandbox.discord_listen), "host:port of the Discord API"
    )("slack-callback", po::value(&options.sandbox.slack_callback), "URL that clicks in Slack are posted to"
    )("discord-callback", po::value(&options.sandbox.discord_callback), "URL that clicks in Discord are posted to"
    )("cluster", po::value(&options.sandbox.cluster), "the cluster's name"
    )("identity-ttl", po::value(&lifetime), "lifetime of the identity's certificate in seconds"
    )("seed", po::value(&options.sandbox.seed), "of the faults that come by chance"
    )("with-parent", po::bool_switch(&options.with_parent), "end when the process that started this one ends");
    if (argc > 2 && std::string_view(argv[2]) == "--help") {
        std::cout << usage << known;
        return 0;
    }
    parse(argc - 1, argv + 1, known);
    options.sandbox.directory = std::filesystem::absolute(options.sandbox.directory).lexically_normal();
    options.sandbox.identity_lifetime = std::chrono::seconds(lifetime);
    return serve(options);
}

int run_demo(int argc, char** argv) {
    demo_options options;
    po::options_description known("demo");
    known.add_options()("help", "this text")(
        "hallpass", po::value(&options.hallpass)->required(), "the hallpass program to run"
    )("once", po::bool_switch(&options.once), "do one whole cycle, decisions included, without anybody's help, then end"
    )("dir", po::value(&options.directory), "keep the files here instead of in a temporary directory"
    )("port", po::value(&options.port), "port of the page");
    if (argc > 2 && std::string_view(argv[2]) == "--help") {
        std::cout << usage << known;
        return 0;
    }
    parse(argc - 1, argv + 1, known);
    return demo(options);
}

} // namespace

int run_command_line(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    try {
        if (command == "serve") {
            return run_serve(argc, argv);
        }
        if (command == "demo") {
            return run_demo(argc, argv);
        }
        if (command == "version" || command == "--version") {
            std::cout << "hallpass-sandbox " HALLPASS_VERSION "\n";
            return 0;
        }
    } catch (const std::exception& problem) {
        std::cerr << "hallpass-sandbox: " << problem.what() << '\n';
        return 2;
    }
    (command == "help" || command == "--help" ? std::cout : std::cerr) << usage;
    return command == "help" || command == "--help" ? 0 : 2;
}

} // namespace hallpass::sandbox
