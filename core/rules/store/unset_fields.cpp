#include "rules/store/unset_fields.h"

#include "rules/frameworks/router_graph.h"

namespace covet::rules {
namespace {

using semantic::Module;
using semantic::Project;
using semantic::Symbol;

/// Whether objects of the class pass as those of the named one: itself, or one of its bases.
bool isOrInherits(const Project& project, std::string id, const std::string& wanted) {
    for (int step = 0; step < 10; ++step) {
        if (id == wanted) return true;
        const size_t colon = id.rfind(':');
        const Module* module = colon == std::string::npos ? nullptr : project.module(id.substr(0, colon));
        const semantic::Class* known = module ? module->classNamed(id.substr(colon + 1)) : nullptr;
        const Symbol base = known ? project.resolve(*module, known->node.field("superclasses").namedChild(0)) : Symbol{};
        if (base.kind != Symbol::Kind::Class || !base.module) return false;
        id = base.module->name + ":" + base.name;
    }
    return false;
}

bool names(const Project& project, const Module& module, const Node& type, const std::string& elementClass) {
    bool found = false;
    syntax::walk(type, [&](const Node& node) {
        if (found || !node.isOneOf({"identifier", "attribute"})) return !found;
        const Symbol symbol = project.resolve(module, node);
        found = symbol.kind == Symbol::Kind::Class && symbol.module && isOrInherits(project, elementClass, symbol.module->name + ":" + symbol.name);
        return !found && !node.is("attribute");
    });
    return found;
}

} // namespace

Node answerWithoutUnset(const Project& project, const std::string& elementClass) {
    if (elementClass.empty()) return {};
    for (const auto& module : project.modules()) {
        if (isTestModule(*module)) continue;
        // As FastAPI takes it, and as the decorator of the generated module does.
        for (const char* name : {"response_model_exclude_unset", "exclude_unset"})
            for (const Node& option : module->tree->identifiers(name)) {
                const Node argument = option.parent(), call = argument.parent().parent();
                if (!argument.is("keyword_argument") || argument.field("value").text() != "True" || !call.is("call")) continue;
                if (!call.parent().is("decorator")) continue; // `data.model_dump(exclude_unset=True)`
                Node type = argumentOf(call, "response_model");
                if (type.isNull() && call.field("function").is("identifier")) type = argumentOf(call, "model", 0);
                if (type.isNull())
                    if (const semantic::Function* function = decoratedFunction(*module, call.parent())) type = function->node.field("return_type");
                if (names(project, *module, type, elementClass)) return argument;
            }
    }
    return {};
}

} // namespace covet::rules
