#include "engine/import_time_values.h"

#include <algorithm>
#include <vector>

#include "engine/store_data.h"
#include "facts/store_finder.h"
#include "semantic/project_host.h"
#include "semantic/test_modules.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {
namespace {

using semantic::Symbol;
using syntax::Node;

bool isDefault(const Node& node) { return node.is("default_parameter") || node.is("typed_default_parameter"); }

/// Whether default arguments of a function call something with a variable of the project in it: looking at stores is much
/// work otherwise done for nothing.
bool maySee(const semantic::Project& project, const semantic::Module& module, const semantic::Function& function) {
    bool found = false;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        if (!isDefault(parameter)) continue;
        syntax::walk(parameter.field("value"), [&](const Node& node) {
            if (!node.is("identifier") || !node.parent().is("argument_list")) return !found;
            const Symbol symbol = project.resolve(module, node);
            found = found || (symbol.kind == Symbol::Kind::Variable && symbol.module);
            return !found;
        });
    }
    return found;
}

bool isNumberOrText(const Value& value) {
    return value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Float || value.kind() == Value::Kind::Str;
}

/// The store has the same first content in every run.
bool startsAlike(const facts::FoundStore& store) {
    return store.fact.leftAlone.empty() && store.className.empty() && store.namespaceVariable.empty() && store.buildStatements.empty() &&
           (store.initialValue.is("list") || store.initialValue.is("dictionary")) && store.fact.data && !store.fact.data->hasOpaque();
}

} // namespace

std::set<std::string> fixImportTimeValues(rules::MigrationContext& context, const LoadedProject& loaded) {
    std::set<std::string> fixed;
    const semantic::Project& project = loaded.project;
    const auto& modules = project.modules();
    const bool any = std::any_of(modules.begin(), modules.end(), [&](const auto& module) {
        return !semantic::isTestModule(*module) && std::any_of(module->functions.begin(), module->functions.end(), [&](const auto& function) {
            return maySee(project, *module, function);
        });
    });
    if (!any) return fixed;
    semantic::ProjectHost host(project, [&](const std::string& path) { return dataFile(loaded, path); });
    syntax::LiteralEvaluator evaluator(host);
    for (const facts::FoundStore& store : readStores(loaded, {}, nullptr)) {
        // Where code fills it at import as well, it depends on the place what a default argument sees.
        if (!startsAlike(store) || !(evaluator.evaluate(host.sourceOf(*store.module), store.initialValue) == *store.fact.data)) continue;
        for (const facts::StoreReference& reference : store.references) {
            const Node parameters = reference.function ? reference.function->node.field("parameters") : Node();
            if (!parameters || !parameters.contains(reference.node) || loaded.broken.count(reference.module)) continue;
            // The smallest part that is a number or a text: `len(students)`, `students[0]["id"]`.
            for (Node part = reference.node.parent(); part && !isDefault(part) && !(part == parameters); part = part.parent()) {
                if (!part.is("call") && !part.is("subscript")) continue;
                const Value value = evaluator.evaluate(host.sourceOf(*reference.module), part);
                if (value.hasOpaque() || !isNumberOrText(value)) continue;
                if (context.rewrite(*reference.module).replace(part, toPython(value))) fixed.insert(store.fact.id);
                break;
            }
        }
    }
    return fixed;
}

} // namespace covet::engine
