// Applications on the package `covet` that was published as 0.1: all of a project's are moved, or
// none.

#include "rules/frameworks/frameworks.h"
#include "rules/frameworks/published/published.h"
#include "rules/store/middleware.h"

namespace covet::rules {

using published::Reading;
using published::Refusal;
using published::Use;
using semantic::Function;
using semantic::Module;

namespace {

/// A function around all handlers opens stores before and after the request goes on.
void around(MigrationContext& context, const Module& module, const Function& function,
            const std::string& reason) {
    const bool isPlain = readMiddleware(module, function).isPlain;
    const std::string why = !reason.empty() ? reason : isPlain ? "" : "middleware";
    for (Handler& known : context.handlers)
        if (known.function == &function) {
            known.rewritten = why.empty();
            known.reason = why;
            return;
        }
    context.handlers.push_back({&module, &function, "covet", why.empty(), why});
}

/// Functions that the generated module calls around handlers, beside them, or in front of them.
void addFunctions(MigrationContext& context, const Reading& reading, const std::string& reason) {
    for (const Use& use : reading.uses) {
        const bool hook = use.kind == Use::Kind::Middleware || use.kind == Use::Kind::Around;
        const bool error = use.kind == Use::Kind::ErrorHandler || use.kind == Use::Kind::ErrorCall;
        if (!use.function || !(hook || error) || context.handlerOf(*use.function)) continue;
        Handler added{definingModule(context.project(), *use.function), use.function, "covet",
                      reason.empty(), reason};
        added.fixedSignature = true;
        context.handlers.push_back(std::move(added));
    }
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const Function& function : module->functions)
            if (isMiddleware(*module, function)) around(context, *module, function, reason);
    }
}

} // namespace

void findPackageRoutes(MigrationContext& context) {
    Reading reading(context);
    published::read(context, reading);
    if (reading.graph.routers().empty()) return;
    Publication as;
    as.rewritten = reading.refusals.empty();
    if (!as.rewritten) {
        const Refusal& first = reading.refusals.front();
        as.reason = first.reason;
        as.detail =
            first.detail + ", " + first.module->path() + ":" + std::to_string(first.node.line());
    }
    reading.graph.publish(as);
    addFunctions(context, reading, as.rewritten ? "" : as.reason);
    if (as.rewritten) published::move(context, reading);
}

} // namespace covet::rules
