#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/legacy/dispatch_shape.h"
#include "rules/migration_context.h"

namespace covet::rules::legacy {

/// What all handlers of one application share.
struct AppPlan {
    const DispatchShape* shape = nullptr;
    std::string helperModule;   // bare name of the generated module with respond()
    std::string registryId;
    const Module* appModule = nullptr;
    std::string appName;
    std::set<std::pair<const Module*, std::string>> removedNames; // classes and functions that go
    bool needsRespond = false;  // some handler calls it
    bool needsRoutes = false;   // some handler asks for the table of routes
};

/// A function or lambda that answers requests, before it is rewritten.
struct HandlerCode {
    const Module* module = nullptr;
    const Function* function = nullptr; // nullptr for a lambda
    Node parameters, body;              // body: block, or expression of a lambda
    std::vector<std::string> pathParameters;
    std::map<std::string, std::string> guards; // path parameter -> expression that it has to match
    bool takesBody = false;             // a route of it has a method that comes with a body
    bool sameParameters = true;         // all its routes have the same ones
    const DispatchShape* shape = nullptr; // how it is called, when not as the others are
    std::string pathTail;                 // path parameter that stands for the rest of the path
    std::string pathPrefix;               // what it follows
    bool wrapped = false;                 // a decorator calls it with the request alone
    std::string target;                   // of a decorator's wrapper: the function that it calls
    bool passesAll = false;               // the wrapper takes and passes `*args, **kwargs`
};

/// The rewrite of one handler, worked out without touching anything.
struct HandlerPlan {
    std::string unclear; // reason code; empty when it can be rewritten
    std::string detail;
    std::vector<std::string> parameters;       // new ones, in order
    std::vector<std::function<void()>> actions; // claims
    std::vector<std::string> bodyStart;        // lines
    std::set<std::string> imports;
    bool usesRequest = false;
    bool usesResponse = false;
    bool usesRespond = false;
};

/// Works out how a handler's parameters become those of the target and its returns responses.
HandlerPlan planHandler(MigrationContext& context, const HandlerCode& code, AppPlan& app);

/// The returns of a handler (return_rewrite.cpp).
void planReturns(MigrationContext& context, const HandlerCode& code, AppPlan& app, HandlerPlan& plan);

/// What a class of the target is called in a module: by its own name, unless the module uses that for
/// something else.
std::string targetName(const Module& module, const AppPlan& app, const catalog::TargetName& name);

/// Imports and lines that a plan asks for.
void applyImports(MigrationContext& context, const Module& module, const AppPlan& app, const HandlerPlan& plan);

} // namespace covet::rules::legacy
