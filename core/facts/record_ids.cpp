#include "facts/record_ids.h"

#include <algorithm>

#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {

Node lastAssigned(const Module& module, const Node& name) {
    Node found;
    if (const Function* function = module.enclosingFunction(name))
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == name.text() && node.end() <= name.start())
                found = node.field("right");
            return true;
        });
    return found;
}

namespace {

/// `len(xs) + 1` of the list that gets the record: the form that repeats no id once it is rewritten.
bool isLengthPlusOne(const Project& project, Node value, const FoundStore& store) {
    if (store.fact.container != Container::List) return true; // a dict replaces what has the key
    while (value.is("parenthesized_expression")) value = value.namedChild(0);
    const Node call = value.field("left"), arguments = call.field("arguments");
    if (!value.is("binary_operator") || value.field("operator").text() != "+" || value.field("right").text() != "1" ||
        call.field("function").text() != "len" || arguments.namedChildCount() != 1)
        return false;
    return std::any_of(store.references.begin(), store.references.end(),
                       [&](const StoreReference& one) {
                           // The name of a parameter is not rewritten.
                           const bool isInjected = one.node.is("identifier") && store.owner != Owner::Function &&
                                                   project.resolve(*one.module, one.node).kind == semantic::Symbol::Kind::Local;
                           return one.node == arguments.namedChild(0) && !isInjected;
                       });
}

/// What an id expression is made of, following one local name.
IdSource idSourceOf(const Project& project, const Module& module, Node value, const FoundStore& store) {
    if (value.isNull()) return IdSource::None;
    std::string text(value.text());
    if (value.is("attribute") &&
        project.resolve(module, value).kind == semantic::Symbol::Kind::Variable)
        return IdSource::Counter;
    if (value.is("identifier")) {
        const semantic::Symbol& symbol = project.resolve(module, value);
        const Function* function = module.enclosingFunction(value);
        if (symbol.kind == semantic::Symbol::Kind::Variable) return IdSource::Counter;
        if (!function) return IdSource::None;
        Node assigned = lastAssigned(module, value);
        if (assigned) return idSourceOf(project, module, assigned, store);
        return IdSource::Client;
    }
    if (text.find("uuid") != std::string::npos) return IdSource::Uuid;
    if (text.find("random") != std::string::npos || text.find("randint") != std::string::npos) return IdSource::Random;
    if (startsWith(text, "next(")) return IdSource::Counter;
    if (text.find("max(") != std::string::npos) return IdSource::MaxPlusOne;
    if (text.find("len(") != std::string::npos)
        return isLengthPlusOne(project, value, store) ? IdSource::LenPlusOne : IdSource::Position;
    if (text.find("[-1]") != std::string::npos) return IdSource::LastPlusOne;
    if (value.is("attribute") && value.field("object").text() == "self") return IdSource::Counter;
    if (value.is("attribute") || value.is("subscript")) return IdSource::Client;
    return IdSource::None;
}

/// The record in `record.model_dump()` and other calls that copy all of it; null for anything else.
Node copiedRecord(const Node& call) {
    static constexpr Words kCopies = {"dict", "model_dump", "copy", "model_copy", "_asdict", "to_dict"};
    Node callee = call.is("call") ? call.field("function") : Node();
    return callee.is("attribute") && kCopies.count(callee.field("attribute").text()) ? callee.field("object") : Node();
}

/// Where a record that is put in gets the value of its id field from.
IdSource idSourceOfRecord(const Project& project, const Module& module, Node record, const std::string& field,
                          const FoundStore& store) {
    if (Node id = fieldValueIn(module, record, field)) return idSourceOf(project, module, id, store);
    if (Node whole = copiedRecord(record)) return idSourceOfRecord(project, module, whole, field, store);
    if (record.is("identifier"))
        if (Node made = lastAssigned(module, record)) record = made;
    if (record.is("await")) record = record.namedChild(0);
    const bool madeHere =
        record.is("dictionary") ||
        (record.is("call") && project.resolve(module, record.field("function")).kind == semantic::Symbol::Kind::Class);
    if (!madeHere) return IdSource::Client; // it brings its id along
    const std::vector<Node> parts =
        record.is("dictionary") ? record.namedChildren() : record.field("arguments").namedChildren();
    return std::any_of(parts.begin(), parts.end(), [](const Node& part) { return part.is("dictionary_splat"); })
               ? IdSource::Client
               : IdSource::None;
}

} // namespace

void describeIds(const Project& project, FoundStore& store) {
    Store& fact = store.fact;
    std::string field = !fact.keyField.empty() ? fact.keyField : "id";
    bool hasField = std::any_of(fact.fields.begin(), fact.fields.end(),
                                [&](const FieldFact& known) { return known.name == field; });
    bool appendsOnly = true;
    bool anyInsert = false;
    IdSource source = IdSource::None;
    for (const StoreReference& reference : store.references) {
        ReferenceContext context = contextOf(reference.node);
        if (context.kind == UseKind::Insert || context.kind == UseKind::Sort || context.kind == UseKind::Rebind ||
            context.kind == UseKind::Extend || context.kind == UseKind::Update)
            appendsOnly = false;
        if (context.kind == UseKind::SetItem && fact.container == Container::List) appendsOnly = false;
        if (context.kind != UseKind::Append && context.kind != UseKind::SetItem) continue;
        if (context.kind == UseKind::SetItem && context.node.is("augmented_assignment")) continue;
        Node id = fieldValueIn(*reference.module, context.value, field);
        IdSource one = id.isNull() && context.kind == UseKind::SetItem
                           ? idSourceOf(project, *reference.module, context.key, store)
                           : idSourceOfRecord(project, *reference.module, context.value, field, store);
        anyInsert = true;
        // `users[user_id] = {...}` with the id of the request replaces a record in place.
        if (one == IdSource::Client && context.kind == UseKind::SetItem && source != IdSource::None) continue;
        if (source == IdSource::None || source == IdSource::Client || one == IdSource::Position) source = one;
    }
    // What is made of a length repeats after a removal, as what clients give may.
    fact.idSource = source == IdSource::Position ? IdSource::Client : source;
    if (hasField || !fact.keyField.empty()) fact.idField = field;
    bool growing = source == IdSource::Counter || source == IdSource::MaxPlusOne || source == IdSource::LenPlusOne ||
                   source == IdSource::LastPlusOne;
    bool clientWrites = false;
    for (const StoreReference& reference : store.references) {
        ReferenceContext context = contextOf(reference.node);
        if (context.kind != UseKind::Append && context.kind != UseKind::SetItem) continue;
        Node id = fieldValueIn(*reference.module, context.value, field);
        IdSource one = idSourceOf(project, *reference.module, id.isNull() ? context.key : id, store);
        bool growingHere = one == IdSource::Counter || one == IdSource::MaxPlusOne || one == IdSource::LastPlusOne ||
                           one == IdSource::LenPlusOne;
        clientWrites = clientWrites || !growingHere;
    }
    fact.idFollowsInsertion = (anyInsert ? growing && !clientWrites : true) && appendsOnly;
}

} // namespace covet::facts
