#include "rules/store/bridge_module.h"

#include "catalog/resource.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

std::string importOf(const catalog::TargetName& name, const std::string& as) {
    return "from " + name.module + " import " + name.name + (name.name == as ? "" : " as " + as) + "\n";
}

} // namespace

std::string bridgeModuleText(const catalog::TargetProfile& target) {
    std::string text;
    for (const char* part : {"head", "stores", "values", "matching", "session"}) {
        if (!text.empty()) text += "\n\n";
        text += catalog::resource("templates/bridge/" + std::string(part) + ".py");
    }
    // The parts are Python that runs as it is, written for the default target.
    text = replaceAll(std::move(text), "from covetpy import HTTPException\n",
                      importOf(target.httpException, "HTTPException"));
    return replaceAll(std::move(text), "from covetpy.database import get_database_session\n",
                      importOf(target.sessionDependency, "get_database_session"));
}

} // namespace covet::rules
