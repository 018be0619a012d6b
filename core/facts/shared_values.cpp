#include "facts/shared_values.h"

#include <algorithm>
#include <map>

#include "facts/held_objects.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

class SharedValues {
public:
    explicit SharedValues(const Project& project) : project_(project) {}

    /// `self.new_id` and `self.last_id + 1` in a method of an object that lives as long as the program.
    bool isOfOneValue(const Module& module, const Node& value) {
        if (value.is("parenthesized_expression")) return isOfOneValue(module, value.namedChild(0));
        if (value.is("binary_operator")) {
            const Node left = value.field("left"), right = value.field("right");
            return (isConstant(left) || isOfOneValue(module, left)) && (isConstant(right) || isOfOneValue(module, right)) &&
                   !(isConstant(left) && isConstant(right));
        }
        if (!value.is("attribute") || value.field("object").text() != "self") return false;
        const Function* method = module.enclosingFunction(value);
        if (!method || method->className.empty() || method->name == "__init__") return false;
        return isSetOnce(std::string(value.field("attribute").text())) && isHeld(module, method->className);
    }

private:
    static bool isConstant(const Node& value) { return value.isOneOf({"integer", "float", "string"}); }

    bool isHeld(const Module& module, const std::string& className) {
        const auto [known, isNew] = held_.emplace(module.name + ":" + className, false);
        if (isNew) {
            const auto objects = heldObjects(project_, module, className);
            known->second = objects && !objects->empty();
        }
        return known->second;
    }

    /// Whether nothing but `__init__` of some class gives the attribute a value.
    bool isSetOnce(const std::string& name) {
        const auto [known, isNew] = setOnce_.emplace(name, false);
        if (isNew) known->second = onlyInitSets(name);
        return known->second;
    }

    bool onlyInitSets(const std::string& name) const {
        bool inInit = false;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (std::string_view hidden : {"setattr", "__dict__", "__setattr__"})
                if (!module->tree->identifiers(hidden).empty()) return false;
            for (const Node& call : module->tree->identifiers("__init__")) {
                const Node object = call.parent().is("attribute") ? call.parent().field("object") : Node();
                if (object && !(object.is("call") && object.field("function").text() == "super") &&
                    project_.resolve(*module, object).kind != semantic::Symbol::Kind::Class)
                    return false;
            }
            for (const Node& use : module->tree->identifiers(name)) {
                if (!isSet(use)) continue;
                const Function* function = module->enclosingFunction(use);
                if (!function || function->name != "__init__" || use.parent().is("function_definition")) return false;
                inInit = true;
            }
        }
        return inInit;
    }

    /// Whether the name is bound where it stands: as the attribute of an object, of a class, or as a property.
    static bool isSet(const Node& use) {
        if (use.parent().is("function_definition")) return use.parent().field("name") == use;
        const Node target = use.parent().is("attribute") && use.parent().field("attribute") == use ? use.parent() : Node();
        if (target.isNull()) return false;
        for (Node at = target, above = at.parent(); above; at = above, above = above.parent()) {
            if (above.isOneOf({"assignment", "augmented_assignment", "for_statement", "for_in_clause"})) return above.field("left") == at;
            if (above.isOneOf({"delete_statement", "as_pattern_target"})) return true;
            if (!above.isOneOf({"pattern_list", "tuple_pattern", "list_pattern", "expression_list"})) return false;
        }
        return false;
    }

    const Project& project_;
    std::map<std::string, bool> held_, setOnce_;
};

} // namespace

std::vector<std::string> fieldsOfOneValue(const Project& project, const FoundStore& store) {
    std::vector<std::string> shared;
    if (store.fact.container != Container::List) return shared;
    SharedValues values(project);
    for (const FieldFact& field : store.fact.fields)
        for (const StoreReference& reference : store.references) {
            const ReferenceContext context = contextOf(reference.node);
            if (context.kind != UseKind::Append && context.kind != UseKind::Insert) continue;
            const Node value = fieldValueIn(*reference.module, context.value, field.name);
            if (value.isNull() || !values.isOfOneValue(*reference.module, value)) continue;
            shared.push_back(field.name);
            break;
        }
    return shared;
}

} // namespace covet::facts
