#pragma once

#include <string>
#include <vector>

#include "covet/core.h"

namespace covet::equivalence {

/// How an application is imported.
struct EntryPoint {
    std::string kind;   // "asgi", "wsgi", "any", "factory", "main" (see resources/equivalence/serve.py)
    std::string module; // dotted name; for "main" the script's path
    std::string attribute;
    std::vector<std::string> folders; // for sys.path, relative to the project; "" is the project
    std::string label() const { return kind == "main" ? module : module + ":" + attribute; }
};

/// The entry point of an application found in these files: from which folder its imports are meant,
/// and what it is to be called. A factory that wants arguments is called by the program itself, in a module of it.
EntryPoint entryPointOf(const std::vector<InputFile>& files, const facts::App& app);

/// The one application that is meant: by name ("shop.app:app", "app.py", "app"), or the only one, or
/// the first of those that are `preferred` (same file). Error `no-application`, `unknown-application`.
Result<facts::App> chooseApp(const std::vector<facts::App>& apps, const std::string& wanted,
                             const std::vector<facts::App>& preferred);

} // namespace covet::equivalence
