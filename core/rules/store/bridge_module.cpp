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

} // namespace

std::string bridgeModuleText(MigrationContext& context, bool forDependencies, bool forFilling) {
    std::string text = catalog::joinedTemplates({"bridge/head", "bridge/stores", "bridge/values", "bridge/matching",
                                    "bridge/session", "bridge/transaction", "bridge/running"});
    if (forFilling) text += "\n\n" + catalog::joinedTemplates({"bridge/first"});
    if (forDependencies) text += "\n\n" + catalog::joinedTemplates({"bridge/dependencies"});
    // The parts are Python that runs as it is, written for the default target.
    text = replaceAll(std::move(text), "from covetpy import HTTPException\n",
                      importOf(context.target().httpException, "HTTPException"));
    if (forDependencies) {
        const std::string httpException = importOf(context.target().httpException, "HTTPException");
        text = replaceAll(std::move(text), httpException,
                          importOf(context.target().depends, "Depends") + httpException +
                              importOf(context.target().request, "Request"));
        text = replaceAll(std::move(text), "from contextlib import asynccontextmanager",
                          "from contextlib import AsyncExitStack, asynccontextmanager");
    }
    return replaceAll(std::move(text), "from covetpy.database import get_database_session\n",
                      importOf(context.generatedSessionDependency(), "get_database_session"));
}

std::string wsgiBridgeModuleText(const MigrationContext& context, bool hasLocks) {
    const std::string shared = catalog::joinedTemplates({"bridge/stores", "bridge/values", "bridge/matching", "bridge/transaction"});
    const std::string head = catalog::joinedTemplates({"bridge/wsgi_head"});
    const std::set<std::string> features = hasLocks ? std::set<std::string>{"locks"} : std::set<std::string>{};
    const std::string end = emit::expandTemplate(catalog::resource("templates/bridge/wsgi.py"), features);
    return replaceAll(head + "\n\n" + emit::synchronousForm(shared) + "\n\n" + end, "from covet_database import",
                      "from " + context.generatedImportPath(context.databaseModule) + " import");
}

std::string wsgiDatabaseModuleText(const MigrationContext& context) {
    return replaceAll(emit::synchronousForm(catalog::joinedTemplates({"database/sync_database", "database/settings", "database/sync_engine",
                                                         "database/sqlite"})),
                      "#config", context.target().configFile);
}

} // namespace covet::rules
