#pragma once

#include <string>

#include "covet/core.h"
#include "project/project_files.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// Whether data that static reading cannot know is read by running the application's modules, and how.
struct Extraction {
    bool wanted = false;
    std::string python;        // command line of the interpreter; "" = the project's, else python3
    unsigned seconds = 60;     // of wall clock and of processor time
};

/// Runs the modules of the stores whose content `analysis` does not know, and gives Options::extracted for another
/// analysis; "" when there is no such store.
///
/// The modules are imported by one guarded child process, in a copy of the project, without network, with limits of
/// time and memory. What goes wrong in them is said store by store, and is no Error; `cannot-start` and
/// `python-package-missing` are Errors of the interpreter.
Result<std::string> extractWithPython(const ProjectFiles& files, const Analysis& analysis, const Extraction& extraction,
                                      Terminal& terminal);

} // namespace covet::cli
