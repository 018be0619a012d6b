#pragma once

#include <utility>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

using StartupFunction = std::pair<const semantic::Module*, const semantic::Function*>;

/// Functions that fill stores when the application starts, in the order in which it runs them:
///
///     @app.on_event("startup")
///     def seed(): ...
///
/// Empty where that order does not show, because they stand in several modules.
std::vector<StartupFunction> startupFunctions(const semantic::Project& project);

/// A statement that runs once when the program starts or ends: of the function that an application gets as its
/// lifespan, or in front of the loop of a server that is always run as a script:
///
///     @asynccontextmanager
///     async def lifespan(app):
///         seed()
///         yield
///         users.clear()
///
///     if __name__ == "__main__":
///         seed()
///         HTTPServer(("", 8000), Handler).serve_forever()
struct LifespanStatement {
    const semantic::Module* module = nullptr;
    const semantic::Function* function = nullptr; // nullptr at module level
    syntax::Node statement;
    bool isAtEnd = false;  // behind the `yield`, or when the application shuts down
    bool isOfEvent = false; // of a function like those of startupFunctions()
};

/// Those directly in its body, in order; nothing where something else than an application may run it.
std::vector<LifespanStatement> lifespanStatements(const semantic::Project& project);

} // namespace covet::facts
