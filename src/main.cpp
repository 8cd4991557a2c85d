#include "cli/command_line.hpp"

int main(int argc, char** argv) {
    return hallpass::cli::run(argc, argv);
}
