#include "facts/request_namespace.h"

#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {

using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

bool isRequestNamespace(const Project& project, const Module& module, const Node& object) {
    if (object.text() != "g") return false;
    const Symbol& symbol = project.resolve(module, object);
    return symbol.name == "flask.g" || endsWith(symbol.name, "covet_flask.g") || (symbol.module && endsWith(symbol.module->name, "covet_flask"));
}

GivenValue keptForRequest(const Project& project, std::string_view name) {
    GivenValue found;
    bool differs = false;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& use : module->tree->identifiers(name)) {
            const Node target = use.parent(), assignment = target.parent();
            if (!target.is("attribute") || !assignment.is("assignment") || assignment.field("left") != target ||
                !isRequestNamespace(project, *module, target.field("object")))
                continue;
            differs = differs || (found.module && found.value.text() != assignment.field("right").text());
            found = {module.get(), assignment.field("right")};
        }
    }
    return differs ? GivenValue() : found;
}

} // namespace covet::facts
