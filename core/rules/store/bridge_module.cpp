#include "rules/store/bridge_module.h"

#include "catalog/resource.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

std::string importOf(const catalog::TargetName& name, const std::string& as) {
    return "from " + name.module + " import " + name.name + (name.name == as ? "" : " as " + as) + "\n";
}

} // namespace

std::string bridgeModuleText(MigrationContext& context, bool forDependencies) {
    std::string text;
    for (const char* part : {"head", "stores", "values", "matching", "session", "dependencies"}) {
        if (part == std::string("dependencies") && !forDependencies) continue;
        if (!text.empty()) text += "\n\n";
        text += catalog::resource("templates/bridge/" + std::string(part) + ".py");
    }
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

} // namespace covet::rules
