#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace covet::catalog {

/// A name and the module that it is imported from.
struct TargetName {
    std::string module;
    std::string name;
};

/// A package that the migrated project needs.
struct TargetRequirement {
    std::string requirement; // PEP 508: "sqlalchemy[asyncio]>=2.0"
    std::string when;        // "framework", "database", "sync-database", "vendored", "validation", "import:starlette.templating"
    std::string reason;
};

/// How one kind of database is reached.
struct TargetDriver {
    std::string scheme;      // of the neutral URL: "postgresql"
    std::string asyncScheme; // "postgresql+asyncpg"
    std::string requirement; // "asyncpg>=0.27"
    std::string syncRequirement; // of applications that do not await: "pymysql>=1.0"; "" = none
    std::vector<std::string> aliases; // other spellings of `scheme`
};

/// A package that goes once nothing imports it any more, and what takes its place.
struct TargetReplacement {
    std::string package;     // normalised name
    std::string import;      // top-level module that it provides
    std::string requirement; // "" = nothing
    std::string reason;
};

/// Everything that names the target framework: `resources/targets/<name>.json`.
///
/// Rules ask it for names instead of spelling them, so that another target is another file.
struct TargetProfile {
    std::string name;            // "covetpy"
    std::string title;           // "CovetPy 1.0", for people
    std::string framework;       // value of App::framework after the migration
    std::string legacyFramework; // value of App::framework of the hand-rolled kind
    std::string package;         // top-level package of the imports
    std::string minimumPython;

    TargetName application, depends, httpException, request, response;
    /// A response whose first argument is its body, with status_code, headers and media_type.
    TargetName plainResponse;
    TargetName pathParameter, queryParameter, bodyParameter, headerParameter;
    TargetName validationError; // what badly formed requests raise
    TargetName sessionDependency; // async generator of the session; module "" = in a generated module
    TargetName middlewareBase, session, annotated;

    std::vector<std::string> decoratorVerbs; // upper case; others go through `routeMethod`
    std::string routeMethod, addRouteMethod, exceptionHandlerMethod, addMiddlewareMethod, lifecycleMethod;

    std::string sessionAlias; // "DB": name of Annotated[session, Depends(...)]
    std::vector<std::string> modelsModules, bridgeModules, queriesModules; // candidates, best first
    std::vector<std::string> routingModules;  // the same, for what other frameworks offer and this one does not
    std::vector<std::string> databaseModules; // the same, for the module that makes sessions
    std::vector<std::string> schemasModules;  // the same, for models of request bodies
    std::vector<std::string> settingsModules; // the same, for settings that are kept out of the code
    std::vector<std::string> passwordsModules; // the same, for hashes of passwords

    std::string configFile, urlVariable, routesManifest, runtimeFolder;
    int configVersion = 1;
    std::string configDatabase; // JSON object text: defaults of the `database` key

    std::vector<TargetRequirement> requirements; // runtime requirements included
    std::vector<TargetDriver> drivers;
    std::vector<TargetReplacement> replacements; // packages of the legacy line included
    std::map<std::string, std::string> dependencyConfusion; // package -> warning

    /// The framework has no sessions of its own: a module that makes them comes with the code.
    bool bringsSessions() const { return sessionDependency.module.empty(); }
    /// Whether `@app.<verb>` exists for an upper-case HTTP method.
    bool hasVerbDecorator(std::string_view method) const;
    /// Driver of a neutral URL's scheme or of one of its aliases; nullptr if unknown.
    const TargetDriver* driver(std::string_view scheme) const;
};

/// The named profile; nullptr if there is none. Lives as long as the program.
const TargetProfile* targetProfile(std::string_view name);
/// All profiles, by name.
const std::vector<TargetProfile>& targetProfiles();
/// The profile that is used when none is asked for.
const TargetProfile& defaultTarget();

} // namespace covet::catalog
