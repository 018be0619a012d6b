#include "catalog/target_profile.h"

#include <algorithm>

#include "catalog/json_access.h"
#include "catalog/resource.h"

namespace covet::catalog {
namespace {

TargetName nameOf(const Json& imports, std::string_view key) {
    const Json& entry = member(imports, key);
    return {textOf(entry, "module"), textOf(entry, "name")};
}

void readImports(const Json& imports, TargetProfile& profile) {
    profile.application = nameOf(imports, "application");
    profile.depends = nameOf(imports, "depends");
    profile.httpException = nameOf(imports, "httpException");
    profile.request = nameOf(imports, "request");
    profile.response = nameOf(imports, "response");
    profile.plainResponse = nameOf(imports, "plainResponse");
    profile.pathParameter = nameOf(imports, "path");
    profile.queryParameter = nameOf(imports, "query");
    profile.bodyParameter = nameOf(imports, "body");
    profile.headerParameter = nameOf(imports, "header");
    profile.validationError = nameOf(imports, "validationError");
    profile.sessionDependency = nameOf(imports, "sessionDependency");
    profile.middlewareBase = nameOf(imports, "middlewareBase");
    profile.session = nameOf(imports, "session");
    profile.annotated = nameOf(imports, "annotated");
}

void readDependencies(const Json& root, TargetProfile& profile) {
    for (const char* list : {"requirements", "runtimeRequirements"})
        for (const Json& entry : member(root, list))
            profile.requirements.push_back(
                {textOf(entry, "requirement"), textOf(entry, "when"), textOf(entry, "reason")});
    for (const Json& entry : member(root, "drivers"))
        profile.drivers.push_back({textOf(entry, "scheme"), textOf(entry, "asyncScheme"),
                                   textOf(entry, "requirement"), textOf(entry, "syncRequirement"),
                                   textsOf(entry, "aliases")});
    for (const char* list : {"replacements", "superseded"})
        for (const Json& entry : member(root, list))
            profile.replacements.push_back({textOf(entry, "package"), textOf(entry, "import"),
                                            textOf(entry, "requirement"), textOf(entry, "reason")});
    const Json& confusion = member(root, "dependencyConfusion");
    if (confusion.is_object())
        for (const auto& [package, note] : confusion.items())
            if (note.is_string()) profile.dependencyConfusion[package] = note.get<std::string>();
}

TargetProfile readProfile(const Json& root) {
    TargetProfile profile;
    profile.name = textOf(root, "name");
    profile.title = textOf(root, "title");
    profile.framework = textOf(root, "framework");
    profile.legacyFramework = textOf(root, "legacyFramework");
    profile.package = textOf(root, "package");
    profile.minimumPython = textOf(root, "minimumPython");
    readImports(member(root, "imports"), profile);

    const Json& application = member(root, "application");
    profile.decoratorVerbs = textsOf(application, "decoratorVerbs");
    profile.routeMethod = textOf(application, "routeMethod");
    profile.addRouteMethod = textOf(application, "addRouteMethod");
    profile.exceptionHandlerMethod = textOf(application, "exceptionHandlerMethod");
    profile.addMiddlewareMethod = textOf(application, "addMiddlewareMethod");
    profile.lifecycleMethod = textOf(application, "lifecycleMethod");

    const Json& names = member(root, "names");
    profile.sessionAlias = textOf(names, "sessionAlias");
    profile.modelsModules = textsOf(names, "modelsModules");
    profile.bridgeModules = textsOf(names, "bridgeModules");
    profile.queriesModules = textsOf(names, "queriesModules");
    profile.routingModules = textsOf(names, "routingModules");
    profile.databaseModules = textsOf(names, "databaseModules");
    profile.schemasModules = textsOf(names, "schemasModules");
    profile.settingsModules = textsOf(names, "settingsModules");
    profile.passwordsModules = textsOf(names, "passwordsModules");

    const Json& config = member(root, "config");
    profile.configFile = textOf(config, "file");
    profile.configVersion = static_cast<int>(integerOf(config, "version", 1));
    profile.urlVariable = textOf(config, "urlVariable");
    profile.routesManifest = textOf(config, "routesManifest");
    profile.configDatabase = member(config, "database").dump();
    profile.runtimeFolder = textOf(root, "runtimeFolder");
    readDependencies(root, profile);
    return profile;
}

} // namespace

const std::vector<TargetProfile>& targetProfiles() {
    static const std::vector<TargetProfile> kAll = [] {
        std::vector<TargetProfile> all;
        for (const ResourceEntry& entry : resourcesUnder("targets/"))
            if (Json root = parseJson(entry.bytes); root.is_object()) all.push_back(readProfile(root));
        return all;
    }();
    return kAll;
}

bool TargetProfile::hasVerbDecorator(std::string_view method) const {
    return std::find(decoratorVerbs.begin(), decoratorVerbs.end(), method) != decoratorVerbs.end();
}

const TargetDriver* TargetProfile::driver(std::string_view scheme) const {
    for (const TargetDriver& candidate : drivers) {
        if (candidate.scheme == scheme) return &candidate;
        if (std::find(candidate.aliases.begin(), candidate.aliases.end(), scheme) !=
            candidate.aliases.end())
            return &candidate;
    }
    return nullptr;
}

const TargetProfile* targetProfile(std::string_view name) {
    for (const TargetProfile& candidate : targetProfiles())
        if (candidate.name == name) return &candidate;
    return nullptr;
}

const TargetProfile& defaultTarget() {
    static const TargetProfile kNone;
    const TargetProfile* found = targetProfile("covetpy");
    return found ? *found : kNone;
}

} // namespace covet::catalog
