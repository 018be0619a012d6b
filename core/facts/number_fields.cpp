#include "facts/number_fields.h"

#include <algorithm>
#include <map>
#include <set>

#include "facts/number_kind.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

std::string constantKey(const Node& node) {
    if (!node.is("string")) return "";
    for (const Node& part : node.namedChildren())
        if (part.is("string_content")) return std::string(part.text());
    return "";
}

/// The field of `record["field"]`, `record.get("field", 0)` and `record.field`.
std::string accessedField(const Node& node) {
    if (node.is("subscript")) return constantKey(node.field("subscript"));
    if (node.is("attribute")) return std::string(node.field("attribute").text());
    const Node callee = node.is("call") ? node.field("function") : Node();
    return callee.is("attribute") && callee.field("attribute").text() == "get"
               ? constantKey(node.field("arguments").namedChild(0))
               : "";
}

/// A place where code gives a field of a record a new value.
struct Write {
    const Module* module = nullptr;
    Node record;      // what has the field
    bool isAttribute = false;
    std::string operation; // "=", "+=", ...
    Node value;
};

/// All changes of fields in the project, by the name of the field.
class FieldWrites {
public:
    explicit FieldWrites(const Project& project) {
        for (const auto& module : project.modules())
            if (!semantic::isTestModule(*module))
                syntax::walk(module->tree->root(), [&](const Node& node) {
                    if (node.is("assignment") || node.is("augmented_assignment")) addAssignment(*module, node);
                    if (node.is("call")) addUpdate(*module, node);
                    return true;
                });
    }

    const std::vector<Write>& of(const std::string& field) const {
        static const std::vector<Write> kNone;
        const auto found = writes_.find(field);
        return found == writes_.end() ? kNone : found->second;
    }

private:
    void addAssignment(const Module& module, const Node& node) {
        const Node target = node.field("left");
        const std::string field = target.is("call") ? "" : accessedField(target);
        if (field.empty() || node.field("right").isNull()) return;
        const bool isAttribute = target.is("attribute");
        const Node record = target.field(isAttribute ? syntax::NodeField("object") : syntax::NodeField("value"));
        // What an object starts with is told by its class.
        const Function* function = module.enclosingFunction(node);
        if (record.text() == "self" && function && endsWith(function->qualified, ".__init__")) return;
        const std::string operation = node.is("assignment") ? "=" : std::string(node.field("operator").text());
        writes_[field].push_back({&module, record, isAttribute, operation, node.field("right")});
    }

    /// `record.update({"field": value})` and `record.update(field=value)`.
    void addUpdate(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (!callee.is("attribute") || callee.field("attribute").text() != "update") return;
        const auto add = [&](const std::string& field, const Node& value) {
            if (!field.empty()) writes_[field].push_back({&module, callee.field("object"), false, "=", value});
        };
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("keyword_argument")) add(std::string(argument.field("name").text()), argument.field("value"));
            if (!argument.is("dictionary")) continue;
            for (const Node& pair : argument.namedChildren())
                if (pair.is("pair")) add(constantKey(pair.field("key")), pair.field("value"));
        }
    }

    std::map<std::string, std::vector<Write>> writes_;
};

/// What the rows hold under a field, or as elements where there is none.
struct RowKinds {
    bool ints = false, others = false;

    RowKinds(const FoundStore& store, const std::string& field) {
        if (!store.fact.data) return;
        ElementReader rows(*store.fact.data);
        while (rows.next()) {
            const Value* value = &rows.content();
            if (!field.empty()) value = value->isRecord() ? value->find(field) : nullptr;
            if (!value || value->isNull()) continue;
            (value->kind() == Value::Kind::Int ? ints : others) = true;
        }
    }
};

class NumberOpener {
public:
    NumberOpener(const Project& project, std::vector<FoundStore>& stores)
        : writes_(project), stored_(project, stores), kinds_(project, stored_), stores_(stores) {}

    void run() {
        // A field that takes another one's value is as open as that.
        for (bool changed = true; changed;) {
            changed = false;
            for (FoundStore& store : stores_)
                if (store.fact.leftAlone.empty() && store.fact.container != Container::Scalar && pass(store)) changed = true;
        }
    }

private:
    bool pass(FoundStore& store) {
        const Element element = store.fact.element;
        if (element == Element::Record || element == Element::Instance) return passFields(store);
        if (element == Element::Scalar || element == Element::Unknown) return passElements(store);
        return false;
    }

    bool passFields(FoundStore& store) {
        bool changed = false;
        const auto opens = [&](const FieldFact& field) {
            return !isIdentity(store.fact, field.name) && startsWhole(field.type, RowKinds(store, field.name)) &&
                   takesAnyNumber(store, field);
        };
        for (FieldFact& field : store.fact.fields)
            if (opens(field)) {
                field.type = "number";
                changed = true;
            }
        for (const std::string& name : fieldsOfRows(store.fact)) {
            FieldFact field; // without evidence, as no code puts it in
            field.name = name;
            field.optional = true;
            if (!opens(field)) continue;
            field.type = "number";
            store.fact.fields.push_back(field);
            changed = true;
        }
        return changed;
    }

    /// Numbers under keys: `balances[name] = balances.get(name, 0) + amount`.
    bool passElements(FoundStore& store) {
        Store& fact = store.fact;
        if (fact.container != Container::Dict || fact.openShape) return false;
        const std::string type = fact.fields.empty() ? "" : fact.fields[0].type;
        if (!startsWhole(type, RowKinds(store, ""))) return false;
        const auto isSame = [&](const Module& module, const Node& node) { return stored_.elementStore(module, node) == &store; };
        const bool opens = std::any_of(store.references.begin(), store.references.end(), [&](const StoreReference& reference) {
            const ReferenceContext context = contextOf(reference.node);
            if (context.kind != UseKind::SetItem) return false;
            const Node statement = context.node;
            const NumberKind kind =
                statement.is("augmented_assignment")
                    ? kinds_.afterOperator(*reference.module, statement.field("operator").text(), context.value, isSame)
                    : kinds_.kindOf(*reference.module, context.value, isSame);
            return kind == NumberKind::Fraction || kind == NumberKind::Open;
        });
        if (!opens) return false;
        fact.element = Element::Scalar;
        if (fact.fields.empty()) fact.fields.emplace_back();
        fact.fields[0].name = "value";
        fact.fields[0].type = "number";
        return true;
    }

    /// Keys and what refers to them stay ints: relations between the tables hang on that.
    static bool isIdentity(const Store& fact, const std::string& field) {
        return field == "id" || endsWith(field, "_id") || field == fact.idField || field == fact.keyField ||
               std::find(fact.uniqueFields.begin(), fact.uniqueFields.end(), field) != fact.uniqueFields.end();
    }

    /// Names that only rows show.
    static std::set<std::string> fieldsOfRows(const Store& fact) {
        std::set<std::string> names;
        if (!fact.data) return names;
        ElementReader rows(*fact.data);
        while (rows.next())
            if (rows.content().isRecord())
                for (const auto& [key, value] : rows.content().entries())
                    if (value.kind() == Value::Kind::Int) names.insert(key.text());
        for (const FieldFact& field : fact.fields) names.erase(field.name);
        return names;
    }

    static bool startsWhole(const std::string& type, const RowKinds& rows) {
        if (rows.others) return false;
        return type == "int" || ((type.empty() || type == "json") && rows.ints);
    }

    bool takesAnyNumber(const FoundStore& store, const FieldFact& field) const {
        const auto isSame = [&](const Module&, const Node& node) { return accessedField(node) == field.name; };
        // Who annotates a field as an int says what the rest of the code is to give it.
        const bool isPromised = endsWith(field.evidence, " annotation");
        const std::vector<Write>& writes = writes_.of(field.name);
        return std::any_of(writes.begin(), writes.end(), [&](const Write& write) {
            if (!mayBeOf(store, write)) return false;
            const NumberKind kind = write.operation == "="
                                        ? kinds_.kindOf(*write.module, write.value, isSame)
                                        : kinds_.afterOperator(*write.module, write.operation, write.value, isSame);
            return kind == NumberKind::Fraction || (kind == NumberKind::Open && !isPromised);
        });
    }

    bool mayBeOf(const FoundStore& store, const Write& write) const {
        const bool ofObjects = store.fact.element == Element::Instance;
        if (!store.fact.mixedClasses && write.isAttribute != ofObjects) return false;
        if (write.record.text() == "self") {
            const Function* function = write.module->enclosingFunction(write.record);
            return function && endsWith(store.fact.elementClass, ":" + function->className);
        }
        const FoundStore* known = stored_.elementStore(*write.module, write.record);
        return !known || known == &store;
    }

    const FieldWrites writes_;
    const StoredValues stored_;
    const NumberKinds kinds_;
    std::vector<FoundStore>& stores_;
};

} // namespace

void openNumbers(const semantic::Project& project, std::vector<FoundStore>& stores) {
    NumberOpener(project, stores).run();
}

} // namespace covet::facts
