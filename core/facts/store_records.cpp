#include <algorithm>
#include <set>

#include "facts/copied_content.h"
#include "facts/injected_uses.h"
#include "facts/member_fields.h"
#include "facts/none_values.h"
#include "facts/record_ids.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "facts/shared_values.h"
#include "facts/store_finder.h"
#include "facts/store_kind.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using syntax::Node;

std::string constantKey(const Node& node) {
    if (!node.is("string")) return "";
    for (const Node& part : node.namedChildren())
        if (part.is("string_content")) return std::string(part.text());
    return "";
}

/// The field of `item["id"]` or `item.id`; "" for anything else.
std::string fieldOfAccess(const Node& node) {
    if (node.is("subscript")) return constantKey(node.field("subscript"));
    if (node.is("attribute")) return std::string(node.field("attribute").text());
    return "";
}

} // namespace

Node fieldValueIn(const Module& module, Node value, const std::string& field) {
    if (value.is("identifier")) {
        const Function* function = module.enclosingFunction(value);
        if (!function) return {};
        Node found = lastAssigned(module, value);
        std::string name(value.text());
        Node direct;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && fieldOfAccess(node.field("left")) == field &&
                (node.field("left").field("value").text() == name ||
                 node.field("left").field("object").text() == name))
                direct = node.field("right");
            return true;
        });
        if (direct) return direct;
        value = found;
    }
    if (value.is("await")) value = value.namedChild(0);
    if (value.is("dictionary")) {
        for (const Node& pair : value.namedChildren())
            if (pair.is("pair") && constantKey(pair.field("key")) == field) return pair.field("value");
    } else if (value.is("call")) {
        for (const Node& argument : value.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() == field)
                return argument.field("value");
    }
    return {};
}

namespace {

void describeKey(const Project& project, FoundStore& store) {
    Store& fact = store.fact;
    std::set<std::string> names;
    bool keyIsField = true;
    bool anyPut = false;
    std::string keyField;
    for (const StoreReference& reference : store.references) {
        ReferenceContext context = contextOf(reference.node);
        bool keyed = context.kind == UseKind::GetItem || context.kind == UseKind::SetItem ||
                     context.kind == UseKind::Get || context.kind == UseKind::DelItem ||
                     context.kind == UseKind::Pop || context.kind == UseKind::Contains ||
                     context.kind == UseKind::NotContains;
        if (keyed && context.kind != UseKind::DelItem) {
            if (context.key.is("identifier")) names.emplace(context.key.text());
            std::string type = typeOfExpression(project, *reference.module, context.key);
            if (fact.keyType.empty() && type != "None") fact.keyType = type;
        }
        if (context.kind != UseKind::SetItem || !context.value || context.node.is("augmented_assignment")) continue;
        anyPut = true;
        // `users[user.id] = user` and `users[new_id] = {"id": new_id, ...}`: the record holds its key.
        std::string field;
        std::string access = fieldOfAccess(context.key);
        bool sameObject = access.size() && (context.key.field("value").text() == context.value.text() ||
                                            context.key.field("object").text() == context.value.text());
        if (sameObject) field = access;
        RecordShape shape = shapeOfStored(project, store, *reference.module, context.value);
        if (field.empty())
            for (const FieldFact& candidate : shape.fields) {
                Node held = fieldValueIn(*reference.module, context.value, candidate.name);
                if (held && held.text() == context.key.text()) {
                    field = candidate.name;
                    break;
                }
            }
        // Replacing a record that is there keeps whatever held before.
        bool replacesLoaded = context.value.is("identifier") && field.empty() && shape.element == Element::Unknown;
        if (replacesLoaded) continue;
        if (field.empty() || (!keyField.empty() && keyField != field)) keyIsField = false;
        else keyField = field;
    }
    if (fact.data && fact.data->kind() == Value::Kind::Dict && fact.data->size() > 0) {
        auto holds = [&](const std::string& name) {
            ElementReader rows(*fact.data);
            while (rows.next()) {
                const Value* held = rows.content().isRecord() ? rows.content().find(name) : nullptr;
                if (!held || !held->identical(*rows.key())) return false;
            }
            return true;
        };
        if (anyPut && keyIsField) {
            keyIsField = holds(keyField);
        } else if (!anyPut) {
            ElementReader first(*fact.data);
            if (first.next() && first.content().isRecord())
                for (const auto& [name, value] : first.content().entries())
                    if (keyField.empty() && value.identical(*first.key()) && holds(name.text()))
                        keyField = name.text();
            keyIsField = !keyField.empty();
        }
    }
    if (keyIsField && !keyField.empty()) fact.keyField = keyField;
    for (const std::string& name : names)
        if (fact.keyName.empty() || endsWith(name, "_id") || endsWith(name, "name")) fact.keyName = name;
    if (fact.keyName.empty()) fact.keyName = "key";
}

/// `record.update(data)` and `record[name] = value` of a variable that is more than a new dict: any key
/// may get into a record.
bool putsUnknownKeys(const semantic::Function& function) {
    std::set<std::string> fresh;
    bool found = false;
    auto isOther = [&](const Node& name) {
        return name.is("identifier") && function.locals.count(std::string(name.text())) > 0 &&
               !fresh.count(std::string(name.text()));
    };
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("assignment") && node.field("left").is("identifier") &&
            (node.field("right").is("dictionary") || node.field("right").is("list") ||
             node.field("right").is("dictionary_comprehension") || node.field("right").text() == "dict()" ||
             startsWith(node.field("right").text(), "defaultdict")))
            fresh.emplace(node.field("left").text());
        if (node.is("call") && node.field("function").is("attribute") &&
            node.field("function").field("attribute").text() == "update" &&
            isOther(node.field("function").field("object"))) {
            std::vector<Node> given = node.field("arguments").namedChildren();
            found = found || (!given.empty() && !given[0].is("dictionary") && !given[0].is("keyword_argument"));
        }
        if (node.is("assignment") && node.field("left").is("subscript")) {
            Node key = node.field("left").field("subscript");
            found = found || (key.is("identifier") && isOther(node.field("left").field("value")) &&
                              key.ancestor({"for_statement"}).is("for_statement") &&
                              key.ancestor({"for_statement"}).field("right").text().find(".items()") !=
                                  std::string_view::npos);
        }
        return !found;
    });
    return found;
}

/// Whether the content at import holds records that are not what the code puts in.
bool holdsOtherRecords(const std::optional<Value>& data, const RecordShape& shape) {
    if (!data || (shape.element != Element::Record && shape.element != Element::Instance)) return false;
    const std::string wanted = shape.elementClass.substr(shape.elementClass.rfind(':') + 1);
    ElementReader reader(*data);
    while (reader.next()) {
        const Value& record = reader.content();
        if (record.isRecord() && (record.kind() == Value::Kind::Object ? record.text() : "") != wanted) return true;
    }
    return false;
}

/// What the methods of a class that is a container do with themselves: `self[item["id"]] = item`.
void addOwnReferences(const semantic::Project& project, FoundStore& store) {
    if (!store.isOwnClass) return;
    const semantic::Symbol& own = project.resolve(*store.module, store.initialValue.field("function"));
    if (own.kind != semantic::Symbol::Kind::Class || !own.module) return;
    for (const semantic::Function& function : own.module->functions) {
        if (function.className != own.name) continue;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (node.is("identifier") && node.text() == "self") store.references.push_back({own.module, node, &function});
            return true;
        });
    }
}

/// The expressions that the elements of a container come from: those of a literal, what a comprehension makes each time,
/// `Plan(1)` and `Plan(2)` of `{plan.id: plan for plan in [Plan(1), Plan(2)]}`.
std::vector<Node> writtenElements(const Node& value) {
    std::vector<Node> elements;
    const auto add = [&](const std::vector<Node>& parts) {
        for (const Node& part : parts)
            if (!part.is("comment")) elements.push_back(part.is("pair") ? part.field("value") : part);
    };
    if (value.is("list") || value.is("dictionary") || value.is("tuple")) add(value.namedChildren());
    if (!value.is("list_comprehension") && !value.is("dictionary_comprehension")) return elements;
    const Node body = value.field("body"), made = body.is("pair") ? body.field("value") : body;
    for (const Node& part : value.namedChildren()) {
        const Node source = part.is("for_in_clause") ? part.field("right") : Node();
        if (!made.is("identifier") || !source || part.field("left").text() != made.text()) continue;
        if (source.is("list") || source.is("tuple")) add(source.namedChildren());
        return elements;
    }
    if (!made.is("identifier")) elements.push_back(made);
    return elements;
}

/// What the elements are that a container is written with: `[Plan(name="free"), Plan(name="pro")]`.
RecordShape shapeOfInitial(const semantic::Project& project, const FoundStore& store) {
    RecordShape all;
    bool first = true;
    for (const Node& part : writtenElements(store.initialValue)) {
        const RecordShape one = shapeOfStored(project, store, *store.module, part);
        if (first) all = one;
        else all.merge(one);
        first = false;
    }
    return all;
}

void describe(const semantic::Project& project, FoundStore& store) {
    Store& fact = store.fact;
    RecordShape all;
    if (!store.elementAnnotation.empty()) {
        std::string head = store.elementAnnotation.substr(0, store.elementAnnotation.find('['));
        semantic::Symbol symbol = project.resolveGlobal(store.annotated ? *store.annotated : *store.module, head);
        if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module) {
            const semantic::Class* found = symbol.module->classNamed(symbol.name);
            bool typedDict = found && std::any_of(found->bases.begin(), found->bases.end(),
                                                  [](const auto& base) { return endsWith(base, "TypedDict"); });
            all.element = typedDict ? Element::Record : Element::Instance;
            if (!typedDict) all.elementClass = symbol.module->name + ":" + symbol.name;
            all.fields = fieldsOfClass(project, *symbol.module, symbol.name);
        }
    }
    bool annotated = all.element != Element::Unknown;
    bool takesNone = false;
    for (const StoreReference& reference : store.references) {
        ReferenceContext context = contextOf(reference.node);
        bool put = context.kind == UseKind::Append || context.kind == UseKind::Insert ||
                   context.kind == UseKind::SetDefault ||
                   (context.kind == UseKind::SetItem && context.node.is("assignment"));
        if (put && !(annotated && all.element == Element::Instance)) {
            RecordShape one = shapeOfStored(project, store, *reference.module, context.value);
            if (one.element == Element::Unknown && context.kind != UseKind::SetItem) one.open = true;
            all.merge(one);
            all.open = all.open || one.open;
            takesNone = takesNone || mayBeNone(project, *reference.module, context.value);
        }
        if (context.kind == UseKind::SetItem && context.node.is("augmented_assignment")) {
            RecordShape one; // `counts[key] += 1`
            one.scalarType = typeOfExpression(project, *reference.module, context.value);
            if (one.scalarType == "int" || one.scalarType == "float") one.element = Element::Scalar;
            all.merge(one);
        }
        // `S[k]["f"] = v` adds a key to some records.
        Node outer = context.node.parent();
        if (context.kind == UseKind::GetItem && outer.is("subscript") && changesInside(reference.node)) {
            std::string key = constantKey(outer.field("subscript"));
            if (key.empty()) {
                all.open = true;
            } else if (std::none_of(all.fields.begin(), all.fields.end(),
                                    [&](const FieldFact& field) { return field.name == key; })) {
                FieldFact field;
                field.name = key;
                field.optional = true;
                field.evidence = reference.module->path() + ":" + std::to_string(outer.line()) + " key assignment";
                all.fields.push_back(std::move(field));
            }
        }
        const bool element = context.kind == UseKind::GetItem || context.kind == UseKind::Get ||
                             context.kind == UseKind::SetDefault;
        if (element && changesInside(reference.node) && !outer.is("subscript")) {
            bool update = outer.is("attribute") && outer.field("attribute").text() == "update";
            all.open = all.open || update;
        }
        if (reference.function && putsUnknownKeys(*reference.function)) all.open = true;
        if (context.kind == UseKind::Extend || context.kind == UseKind::Update || context.kind == UseKind::Method)
            all.open = true;
    }
    // No code puts anything in: objects stay what they were made as.
    if (all.element == Element::Unknown) {
        const RecordShape initial = shapeOfInitial(project, store);
        if (initial.element == Element::Instance) all = initial;
    }
    // What a text says can be anything.
    all.open = all.open || (fact.container != Container::Scalar && isReadFromText(store));
    // `carts.setdefault(user, {})`: records that start empty get their keys later.
    all.open = all.open || (all.element == Element::Record && all.fields.empty() && (!fact.data || fact.data->size() == 0));
    if (holdsOtherRecords(fact.data, all)) {
        all.mixedClasses = all.open = true;
        all.element = Element::Record;
        all.elementClass.clear();
    }
    fact.element = all.element;
    fact.elementClass = all.elementClass;
    fact.mixedClasses = all.mixedClasses;
    fact.fields = std::move(all.fields);
    readMembersAsValues(project, fact);
    fact.openShape = all.open && all.element != Element::Instance;
    const bool knowsType = fact.element == Element::Scalar && !all.scalarType.empty() && all.scalarType != "None";
    const bool areScalars = fact.element == Element::Scalar || fact.container == Container::Set;
    if (fact.fields.empty() && (knowsType || (areScalars && takesNone))) {
        FieldFact value;
        value.name = "value";
        if (knowsType) value.type = all.scalarType;
        value.nullable = takesNone;
        fact.fields.push_back(value);
    }
    if (fact.container == Container::Dict) describeKey(project, store);
    if (fact.container != Container::Scalar) describeIds(project, store);
    fact.sharedFields = fieldsOfOneValue(project, store);
    if (std::find(fact.sharedFields.begin(), fact.sharedFields.end(), fact.idField) != fact.sharedFields.end()) {
        fact.idSource = IdSource::Client; // whatever it is, it makes no id
        fact.idFollowsInsertion = false;
    }
    fact.leftAlone = runtimeObjectReason(project, store);
}

} // namespace

void describeRecords(const semantic::Project& project, FoundStore& store) {
    const size_t uses = store.references.size();
    addOwnReferences(project, store);
    for (StoreReference& use : injectedUses(project, store)) store.references.push_back(std::move(use));
    const size_t own = store.references.size();
    if (isReadFromText(store))
        for (StoreReference& place : placesOfCopies(project, store)) store.references.push_back(std::move(place));
    describe(project, store);
    // Ids from the length of a copy repeat after a delete, and nothing heals those.
    if (store.references.size() > own && store.fact.idSource == IdSource::LenPlusOne) store.fact.idSource = IdSource::Client;
    store.references.resize(uses);
}

} // namespace covet::facts
