#include "facts/field_origins.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "support/words.h"

namespace covet::facts {
namespace {

constexpr int kMaxSteps = 6;

struct FieldType {
    std::string type; // as in FieldFact
    bool nullable = false;
    std::string origin; // "products_db.id"
};

std::string constantText(const Node& key) {
    if (!key.is("string")) return "";
    for (const Node& part : key.namedChildren())
        if (part.is("string_content")) return std::string(part.text());
    return "";
}

std::string typeOfKind(Value::Kind kind) {
    switch (kind) {
    case Value::Kind::Bool:
    case Value::Kind::Int:
    case Value::Kind::Float:
    case Value::Kind::Str:
    case Value::Kind::Bytes:
    case Value::Kind::Decimal:
    case Value::Kind::Date:
    case Value::Kind::List:
    case Value::Kind::Dict:
        return kindName(kind);
    case Value::Kind::Uuid:
        return "uuid";
    default:
        return "";
    }
}

} // namespace

class StoredValues::Reader {
public:
    Reader(const Project& project, const std::vector<FoundStore>& stores)
        : project_(project) {
        for (const FoundStore& store : stores) {
            for (const StoreReference& reference : store.references) note(reference.node, store);
            for (const Node& node : store.buildReferences) note(node, store);
        }
    }

    FieldType typeOf(const Module& module, const Node& node, int steps) const {
        if (node.isNull() || steps <= 0) return {};
        if (node.is("parenthesized_expression") || node.is("await"))
            return typeOf(module, node.namedChild(0), steps - 1);
        const std::string plain = typeOfExpression(project_, module, node);
        if (!plain.empty()) return {plain, false, ""};
        if (node.is("subscript")) {
            const std::string field = constantText(node.field("subscript"));
            return field.empty() ? FieldType()
                                 : fieldOf(elementStore(module, node.field("value"), steps), field);
        }
        if (node.is("attribute"))
            return fieldOf(elementStore(module, node.field("object"), steps),
                           std::string(node.field("attribute").text()));
        if (node.is("binary_operator")) return ofArithmetic(module, node, steps);
        if (node.is("call")) return ofCall(module, node, steps);
        if (node.is("identifier")) {
            const Node value = onlyAssignment(module, node);
            return value ? typeOf(module, value, steps - 1) : FieldType();
        }
        return {};
    }

    /// The store that an expression gives an element of.
    const FoundStore* elementStore(const Module& module, const Node& node, int steps) const {
        if (node.isNull() || steps <= 0) return nullptr;
        if (node.is("parenthesized_expression"))
            return elementStore(module, node.namedChild(0), steps - 1);
        if (node.is("subscript") && !node.field("subscript").is("slice"))
            return storeAt(node.field("value"));
        if (node.is("call")) return elementStoreOfCall(module, node, steps);
        if (!node.is("identifier")) return nullptr;
        if (const FoundStore* looped = loopStore(node)) return looped;
        const Node value = onlyAssignment(module, node);
        return value ? elementStore(module, value, steps - 1) : injected(module, node, steps);
    }

    const FoundStore* storeAt(const Node& node) const {
        const auto found = byNode_.find({node.tree(), node.start(), node.end()});
        return found == byNode_.end() ? nullptr : found->second;
    }

    /// S, S.values(), list(S), list(S.values())
    const FoundStore* iteratedStore(const Node& node) const {
        if (const FoundStore* store = storeAt(node))
            return store->fact.container == Container::Dict ? nullptr : store;
        if (!node.is("call")) return nullptr;
        const Node callee = node.field("function");
        if (callee.is("attribute") && callee.field("attribute").text() == "values")
            return storeAt(callee.field("object"));
        const std::vector<Node> arguments = node.field("arguments").namedChildren();
        const bool copies =
            callee.text() == "list" || callee.text() == "sorted" || callee.text() == "reversed";
        return copies && !arguments.empty() ? iteratedStore(arguments[0]) : nullptr;
    }

private:
    void note(const Node& node, const FoundStore& store) { byNode_[{node.tree(), node.start(), node.end()}] = &store; }

    const FoundStore* elementStoreOfCall(const Module& module, const Node& call, int steps) const {
        const Node callee = call.field("function");
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        const std::string_view method = callee.is("attribute") ? callee.field("attribute").text() : std::string_view();
        if (method == "get" || method == "pop" || method == "setdefault") return storeAt(callee.field("object"));
        if (callee.text() == "next" && !arguments.empty()) return generatorStore(arguments[0]);
        if (callee.text() == "next") return generatorStore(call.field("arguments"));
        const semantic::Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind != semantic::Symbol::Kind::Function || !symbol.module) return nullptr;
        const Function* function = symbol.module->function(symbol.name);
        return function ? returnedStore(*symbol.module, *function, steps - 1) : nullptr;
    }

    /// `ticket: dict = Depends(find_ticket)`
    const FoundStore* injected(const Module& module, const Node& name, int steps) const {
        const Function* function = module.enclosingFunction(name);
        for (const Node& parameter : function ? function->node.field("parameters").namedChildren() : std::vector<Node>()) {
            if (semantic::parameterName(parameter) != name.text()) continue;
            Node provider;
            syntax::walk(parameter, [&](const Node& node) {
                const std::string_view callee = node.is("call") ? node.field("function").text() : std::string_view();
                if (callee == "Depends" || callee == "fastapi.Depends") provider = node.field("arguments").namedChild(0);
                return provider.isNull();
            });
            const semantic::Symbol symbol = provider ? project_.resolve(module, provider) : semantic::Symbol();
            const Function* given = symbol.kind == semantic::Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
            return given ? returnedStore(*symbol.module, *given, steps - 1) : nullptr;
        }
        return nullptr;
    }

    const FoundStore* returnedStore(const Module& module, const Function& function,
                                    int steps) const {
        std::set<const FoundStore*> stores;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (node.is("function_definition") || node.is("lambda")) return false;
            if ((node.is("return_statement") || node.is("yield")) && node.namedChildCount() > 0 &&
                !node.namedChild(0).is("none"))
                stores.insert(elementStore(module, node.namedChild(0), steps));
            return true;
        });
        return stores.size() == 1 ? *stores.begin() : nullptr;
    }

    /// `p for p in S if ...`
    const FoundStore* generatorStore(const Node& generator) const {
        const Node body = generator.field("body");
        for (const Node& clause : generator.namedChildren())
            if (clause.is("for_in_clause"))
                return body.text() == clause.field("left").text()
                           ? iteratedStore(clause.field("right"))
                           : nullptr;
        return nullptr;
    }

    /// The store over which a loop or comprehension around the name runs that binds the name.
    const FoundStore* loopStore(const Node& name) const {
        for (Node scope = name.parent(); scope && !scope.is("function_definition");
             scope = scope.parent()) {
            if (scope.is("for_statement") && scope.field("left").text() == name.text())
                return iteratedStore(scope.field("right"));
            for (const Node& clause : scope.namedChildren())
                if (clause.is("for_in_clause") && clause.field("left").text() == name.text())
                    return iteratedStore(clause.field("right"));
        }
        return nullptr;
    }

    /// Right-hand side of the one statement that binds a local name; null if there are others.
    static Node onlyAssignment(const Module& module, const Node& name) {
        const Function* function = module.enclosingFunction(name);
        if (!function) return {};
        Node value;
        int bindings = 0;
        for (const Node& parameter : function->node.field("parameters").namedChildren())
            if (parameter.text() == name.text() || parameter.namedChild(0).text() == name.text())
                ++bindings;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == name.text()) {
                value = node.field("right");
                ++bindings;
            } else if (node.is("named_expression") && node.field("name").text() == name.text()) {
                value = node.field("value");
                ++bindings;
            } else if ((node.is("augmented_assignment") || node.is("for_statement")) &&
                       node.field("left").text() == name.text() && node.field("operator").text() != "|=") { // in place
                bindings += 2;
            }
            return true;
        });
        return bindings == 1 ? value : Node();
    }

    /// What the field's column will hold: the rows decide, else the code.
    static FieldType fieldOf(const FoundStore* store, const std::string& field) {
        if (!store || store->fact.openShape) return {};
        FieldType result;
        std::set<std::string> types;
        const auto look = [&](const Value& element) {
            const Value* value = element.isRecord() ? element.find(field) : nullptr;
            if (!value || value->isNull())
                result.nullable = true;
            else
                types.insert(typeOfKind(value->kind()));
        };
        if (store->fact.data) {
            ElementReader rows(*store->fact.data);
            while (rows.next())
                look(rows.content());
        }
        for (const FieldFact& fact : store->fact.fields) {
            if (fact.name != field) continue;
            result.nullable = result.nullable || fact.nullable || fact.optional;
            if (!fact.type.empty() && fact.type != "json") types.insert(fact.type);
        }
        if (types.size() != 1) return {};
        result.type = *types.begin();
        result.origin = store->fact.name + "." + field;
        return result;
    }

    FieldType ofArithmetic(const Module& module, const Node& node, int steps) const {
        static constexpr Words kOperators = {"+", "-", "*", "/", "//", "%"};
        const std::string_view op = node.field("operator").text();
        if (!kOperators.count(op)) return {};
        FieldType left = typeOf(module, node.field("left"), steps - 1);
        FieldType right = typeOf(module, node.field("right"), steps - 1);
        const FieldType& told = left.type == "float" ? left : right;
        // A float with anything that does not raise an error gives a float.
        if (told.type == "float" && left.type != "str" && op != "%")
            return {"float", false, told.origin};
        if (left.type == "int" && right.type == "int")
            return {op == "/" ? "float" : "int", false,
                    left.origin.empty() ? right.origin : left.origin};
        return {};
    }

    FieldType ofCall(const Module& module, const Node& call, int steps) const {
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (call.field("function").text() != "round" || arguments.empty()) return {};
        FieldType rounded = typeOf(module, arguments[0], steps - 1);
        if (arguments.size() == 1 && rounded.type == "float") rounded.type = "int";
        return rounded;
    }

    const Project& project_;
    std::map<std::tuple<const void*, size_t, size_t>, const FoundStore*> byNode_;
};

StoredValues::StoredValues(const semantic::Project& project, const std::vector<FoundStore>& stores)
    : reader_(std::make_unique<Reader>(project, stores)) {}

StoredValues::~StoredValues() = default;

std::string StoredValues::typeOf(const Module& module, const Node& node) const {
    return reader_->typeOf(module, node, kMaxSteps).type;
}

const FoundStore* StoredValues::elementStore(const Module& module, const Node& node) const {
    return reader_->elementStore(module, node, kMaxSteps);
}

const FoundStore* StoredValues::storeAt(const Node& node) const { return reader_->storeAt(node); }

const FoundStore* StoredValues::collected(const Node& node) const { return reader_->iteratedStore(node); }

void typeFieldsFromStores(const semantic::Project& project, std::vector<FoundStore>& stores) {
    const StoredValues::Reader reader(project, stores);
    std::vector<std::pair<FieldFact*, FieldType>> found;
    for (FoundStore& store : stores) {
        for (FieldFact& field : store.fact.fields) {
            if (!field.type.empty()) continue;
            std::vector<FieldType> types;
            for (const StoreReference& reference : store.references) {
                const ReferenceContext context = contextOf(reference.node);
                const bool puts = context.kind == UseKind::Append ||
                                  context.kind == UseKind::Insert ||
                                  context.kind == UseKind::SetItem;
                if (!puts) continue;
                const Node value = fieldValueIn(*reference.module, context.value, field.name);
                if (value) types.push_back(reader.typeOf(*reference.module, value, kMaxSteps));
            }
            const bool same =
                !types.empty() &&
                std::all_of(types.begin(), types.end(), [&](const FieldType& type) {
                    return !type.type.empty() && type.type != "None" && type.type == types[0].type;
                });
            if (same) found.emplace_back(&field, types[0]);
        }
    }
    // Written back only now, so that the result does not depend on the order of the stores.
    for (auto& [field, type] : found) {
        field->type = type.type;
        field->nullable = field->nullable || type.nullable;
        if (!type.origin.empty()) field->evidence += " from " + type.origin;
    }
}

} // namespace covet::facts
