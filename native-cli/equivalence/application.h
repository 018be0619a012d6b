#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "equivalence/entry_point.h"
#include "equivalence/guarded_process.h"

namespace covet::cli {

/// How one of the two applications is started.
struct Launch {
    std::string side;                // "legacy", "migrated", for messages
    std::vector<std::string> python; // command of the interpreter
    equivalence::EntryPoint entry;
    std::string runner;  // path of serve.py
    /// For a shell, in place of all that; "{port}" is replaced and PORT is set.
    std::string command;
    std::map<std::string, std::string> variables;
    double seconds = 60; // until it has to listen

    /// For people.
    std::string shown() const;
};

/// A running application.
struct Application {
    std::unique_ptr<GuardedProcess> process;
    unsigned port = 0;
};

/// Starts it in a folder and waits until it listens. Errors: `application-not-started` or
/// `migrated-not-started` with the end of what it printed, `python-package-missing`, `cannot-start`,
/// `interrupted`.
Result<Application> startApplication(const Launch& launch, const std::string& folder,
                                     const std::function<bool()>& stopped);

/// Splits a command as a shell does, without expansions.
std::vector<std::string> wordsOf(const std::string& command);

/// The interpreter for a project: `wanted` if given; that of its virtual environment, of the active
/// one, else python3. Relative paths become absolute.
std::vector<std::string> pythonFor(const std::string& wanted, const std::string& project);

} // namespace covet::cli
