#include "commands/command_line.h"

int main(int argc, char** argv) { return covet::cli::runCommandLine(argc, argv); }
