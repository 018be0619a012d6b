#include "facts/open_records.h"

#include <algorithm>
#include <set>

#include "facts/field_origins.h"
#include "facts/request_value.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

/// The record that takes keys nobody knows: `record.update(request.get_json())`; null for anything else.
Node recordMergedWith(const Project& project, const Module& module, const Node& call) {
    const Node callee = call.field("function");
    if (!callee.is("attribute") || callee.field("attribute").text() != "update") return {};
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    const bool anyKeys = std::any_of(arguments.begin(), arguments.end(), [&](const Node& argument) {
        const Node value = argument.is("dictionary_splat") ? argument.namedChild(0) : argument;
        return !value.is("keyword_argument") && !value.is("dictionary") && isRequestValue(project, module, value);
    });
    return anyKeys ? callee.field("object") : Node();
}

} // namespace

void openMergedRecords(const semantic::Project& project, std::vector<FoundStore>& stores) {
    const StoredValues stored(project, stores);
    std::set<const FoundStore*> merged;
    for (const auto& module : project.modules())
        if (!semantic::isTestModule(*module))
            syntax::walk(module->tree->root(), [&](const Node& node) {
                const Node record = node.is("call") ? recordMergedWith(project, *module, node) : Node();
                if (record) merged.insert(stored.elementStore(*module, record));
                return true;
            });
    for (FoundStore& store : stores)
        if (merged.count(&store) && store.fact.element == Element::Record) store.fact.openShape = true;
}

} // namespace covet::facts
