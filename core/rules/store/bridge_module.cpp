#include "rules/store/bridge_module.h"

#include "catalog/resource.h"
#include "emit/python_template.h"
#include "emit/synchronous.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

std::string importOf(const catalog::TargetName& name, const std::string& as) {
    return "from " + name.module + " import " + name.name + (name.name == as ? "" : " as " + as) + "\n";
}

/// Those that templates ask for.
std::set<std::string> namesOf(const BridgeFeatures& features) {
    std::set<std::string> names;
    if (features.locks) names.insert("locks");
    if (features.starting) names.insert("starting");
    if (features.sharing) names.insert("sharing");
    if (features.late) names.insert("late");
    return names;
}

std::string firstContentText(const BridgeFeatures& features, const char* kind) {
    std::set<std::string> names = namesOf(features);
    names.insert(kind);
    return emit::expandTemplate(catalog::resource("templates/bridge/first.py"), names);
}

} // namespace

std::string bridgeModuleText(MigrationContext& context, const BridgeFeatures& features) {
    std::string text = catalog::joinedTemplates({"bridge/head", "bridge/stores", "bridge/values", "bridge/matching",
                                    "bridge/session", "bridge/transaction", "bridge/running"});
    if (features.starting) text += "\n\n" + catalog::joinedTemplates({"bridge/starting"});
    text = emit::expandTemplate(text, namesOf(features));
    if (features.sharing) text += "\n\n" + catalog::joinedTemplates({"bridge/sharing"});
    if (features.objects) text += "\n\n" + catalog::joinedTemplates({"bridge/objects"});
    if (features.mainBlock) {
        text += "\n\n" + catalog::joinedTemplates({"bridge/main_block"});
        text = replaceAll(std::move(text), "from sqlalchemy.ext.asyncio import AsyncSession\n",
                          "from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession\n");
    }
    if (features.filling) text += "\n\n" + firstContentText(features, "awaits");
    if (features.dependencies) text += "\n\n" + catalog::joinedTemplates({"bridge/dependencies"});
    if (features.middleware) text += "\n\n" + catalog::joinedTemplates({"bridge/middleware"});
    if (features.late) {
        text += "\n\n" + catalog::joinedTemplates({"bridge/late"});
        text = replaceAll(std::move(text), "from contextvars import ContextVar\n", "from contextvars import ContextVar\nfrom importlib import import_module\n");
    }
    // The parts are Python that runs as it is, written for the default target.
    text = replaceAll(std::move(text), "from covetpy import HTTPException\n",
                      importOf(context.target().httpException, "HTTPException"));
    if (features.dependencies) {
        const std::string httpException = importOf(context.target().httpException, "HTTPException");
        text = replaceAll(std::move(text), httpException,
                          importOf(context.target().depends, "Depends") + httpException +
                              importOf(context.target().request, "Request"));
    }
    if (features.dependencies || features.middleware)
        text = replaceAll(std::move(text), "from contextlib import asynccontextmanager",
                          std::string("from contextlib import AsyncExitStack, asynccontextmanager") + (features.dependencies ? ", contextmanager" : ""));
    return replaceAll(std::move(text), "from covetpy.database import get_database_session\n",
                      importOf(context.generatedSessionDependency(), "get_database_session"));
}

std::string wsgiBridgeModuleText(const MigrationContext& context, const BridgeFeatures& features) {
    const std::string shared = emit::expandTemplate(
        catalog::joinedTemplates({"bridge/stores", "bridge/values", "bridge/matching", "bridge/transaction"}), namesOf(features));
    const std::string head = catalog::joinedTemplates({"bridge/wsgi_head"});
    std::string end = emit::expandTemplate(catalog::resource("templates/bridge/wsgi.py"), namesOf(features));
    if (features.sharing) end += "\n\n" + catalog::joinedTemplates({"bridge/sharing"});
    if (features.objects) end += "\n\n" + catalog::joinedTemplates({"bridge/objects"});
    if (features.starting) end += "\n\n" + catalog::joinedTemplates({"bridge/starting"});
    if (features.filling) end += "\n\n" + emit::synchronousForm(firstContentText(features, "waits"));
    return replaceAll(head + "\n\n" + emit::synchronousForm(shared) + "\n\n" + end, "from covet_database import",
                      "from " + context.generatedImportPath(context.databaseModule) + " import");
}

std::string wsgiDatabaseModuleText(const MigrationContext& context) {
    return replaceAll(emit::synchronousForm(catalog::joinedTemplates({"database/sync_database", "database/settings", "database/sync_engine",
                                                         "database/sqlite"})),
                      "#config", context.target().configFile);
}

} // namespace covet::rules
