#include "fleet.hpp"

#include <csignal>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace hallpass::chaos {

namespace {

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string configuration(
    const test::running_sandbox& world, const std::string& state_directory, const std::string& sections
) {
    return "state_dir = " + quoted(state_directory) + "\n[teleport]\naddr = " + quoted(world.auth_address()) +
           "\nidentity = " + quoted(world.identity_file()) + '\n' + sections +
           "[log]\noutput = \"stderr\"\nseverity = \"info\"\n";
}

} // namespace

fleet::fleet(const test::running_sandbox& world, std::size_t size, std::string sections)
    : world_(world), sections_(std::move(sections)) {
    for (std::size_t i = 0; i < size; ++i) {
        set_up_one();
    }
    for (const instance& one : instances_) {
        one.running->wait_for_event("watching");
    }
}

void fleet::add() {
    set_up_one();
    instances_.back().running->wait_for_event("watching");
}

void fleet::set_up_one() {
    const std::string number = std::to_string(instances_.size());
    instance one;
    one.name = "instance " + number;
    const std::string state = folder_.file("state-" + number);
    std::filesystem::create_directory(state);
    one.config = folder_.write("hallpass-" + number + ".toml", configuration(world_, state, sections_));
    start(one);
    instances_.push_back(std::move(one));
}

void fleet::start(instance& one) {
    one.running = std::make_unique<test::running_hallpass>(
        one.config, std::map<std::string, std::string>{{"SSL_CERT_FILE", world_.ca_file()}}
    );
}

void fleet::end_by_signal(instance& one) {
    check_alive();
    one.running->program().send_signal(SIGKILL);
    one.running->program().wait();
    one.earlier_logs += one.running->log();
    one.running.reset();
    ++kills_;
}

void fleet::kill(std::size_t index) {
    end_by_signal(instances_.at(index));
    start(instances_.at(index));
}

void fleet::kill_for_good(std::size_t index) {
    end_by_signal(instances_.at(index));
}

void fleet::check_alive() {
    for (const instance& one : instances_) {
        const auto status = one.running ? one.running->program().exit_status() : std::nullopt;
        if (status) {
            throw std::runtime_error(
                one.name + " ended by itself with " + std::to_string(*status) + "; its log:\n" +
                one.running->log()
            );
        }
    }
}

void fleet::stop() {
    check_alive();
    for (const instance& one : instances_) {
        if (one.running) {
            one.running->program().send_signal(SIGTERM);
        }
    }
    for (instance& one : instances_) {
        if (!one.running) {
            continue;
        }
        const int status = one.running->program().wait();
        one.earlier_logs += one.running->log();
        one.running.reset();
        if (status != 0) {
            throw std::runtime_error(
                one.name + " ended with " + std::to_string(status) + " when asked to stop:\n" +
                one.earlier_logs
            );
        }
    }
}

pid_t fleet::process_id(std::size_t index) {
    return instances_.at(index).running->program().id();
}

std::string fleet::log_lines(std::string_view mentioning) const {
    std::string lines;
    for (const instance& one : instances_) {
        std::istringstream log(one.earlier_logs + (one.running ? one.running->log() : std::string()));
        std::string line;
        while (std::getline(log, line)) {
            if (line.find(mentioning) != std::string::npos) {
                lines += one.name + ": " + line + '\n';
            }
        }
    }
    return lines;
}

} // namespace hallpass::chaos
