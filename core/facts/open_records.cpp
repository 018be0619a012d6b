#include "facts/open_records.h"

#include <algorithm>
#include <optional>
#include <set>

#include "facts/field_origins.h"
#include "facts/record_shape.h"
#include "facts/request_value.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

/// `body: dict = Body(...)`, of which nothing says what it holds.
bool isAnyMapping(const Module& module, const Node& value) {
    const Function* function = value.is("identifier") ? module.enclosingFunction(value) : nullptr;
    for (const Node& parameter : function ? function->node.field("parameters").namedChildren() : std::vector<Node>()) {
        if (semantic::parameterName(parameter) != value.text()) continue;
        const std::string_view type = parameter.field("type").text();
        return startsWith(type, "dict") || startsWith(type, "Dict") || startsWith(type, "Mapping") || startsWith(parameter.field("value").text(), "Body(");
    }
    return false;
}

/// The record that takes keys nobody knows: `record.update(request.get_json())`; null for anything else.
Node recordMergedWith(const Project& project, const Module& module, const Node& call) {
    if (call.is("augmented_assignment")) {
        const Node value = call.field("right");
        const bool merges = call.text().find("|=") != std::string_view::npos && !value.is("dictionary");
        return merges && (isAnyMapping(module, value) || isRequestValue(project, module, value)) ? call.field("left") : Node();
    }
    const Node callee = call.field("function");
    if (!callee.is("attribute") || callee.field("attribute").text() != "update") return {};
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    const bool anyKeys = std::any_of(arguments.begin(), arguments.end(), [&](const Node& argument) {
        const Node value = argument.is("dictionary_splat") ? argument.namedChild(0) : argument;
        return !value.is("keyword_argument") && !value.is("dictionary") &&
               (isAnyMapping(module, value) || isRequestValue(project, module, value));
    });
    return anyKeys ? callee.field("object") : Node();
}

/// A key that code gives a record: `record["note"] = note`.
struct GivenKey {
    std::string name, type, evidence;
};

std::optional<GivenKey> givenKey(const Project& project, const Module& module, const Node& node) {
    const Node target = node.is("assignment") ? node.field("left") : Node(), key = target.is("subscript") ? target.field("subscript") : Node();
    if (!key.is("string") || key.namedChildCount() < 2 || !target.field("value").is("identifier")) return std::nullopt;
    const std::string type = typeOfExpression(project, module, node.field("right"));
    return GivenKey{std::string(key.namedChild(1).text()), type, module.path() + ":" + std::to_string(node.line()) + " key assignment"};
}

void addField(Store& fact, const GivenKey& given) {
    const auto isIt = [&](const FieldFact& field) { return field.name == given.name; };
    if (std::any_of(fact.fields.begin(), fact.fields.end(), isIt)) return;
    if (fact.data) {
        ElementReader rows(*fact.data);
        while (rows.next())
            if (rows.content().isRecord() && rows.content().find(given.name)) return;
    }
    FieldFact field;
    field.name = given.name;
    field.optional = true;
    field.nullable = given.type == "None";
    if (!field.nullable) field.type = given.type;
    field.evidence = given.evidence;
    fact.fields.push_back(std::move(field));
}

} // namespace

void openMergedRecords(const semantic::Project& project, std::vector<FoundStore>& stores) {
    const StoredValues stored(project, stores);
    std::set<const FoundStore*> merged;
    std::vector<std::pair<const FoundStore*, GivenKey>> given;
    for (const auto& module : project.modules())
        if (!semantic::isTestModule(*module))
            syntax::walk(module->tree->root(), [&](const Node& node) {
                const Node record = node.is("call") || node.is("augmented_assignment") ? recordMergedWith(project, *module, node) : Node();
                if (record) merged.insert(stored.elementStore(*module, record));
                if (const std::optional<GivenKey> key = givenKey(project, *module, node))
                    if (const FoundStore* store = stored.elementStore(*module, node.field("left").field("value"))) given.emplace_back(store, *key);
                return true;
            });
    for (FoundStore& store : stores) {
        if (store.fact.element != Element::Record) continue;
        if (merged.count(&store)) store.fact.openShape = true;
        for (const auto& [owner, key] : given)
            if (owner == &store) addField(store.fact, key);
    }
}

} // namespace covet::facts
