#include <algorithm>

#include "facts/class_uses.h"
#include "facts/none_values.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "facts/store_lifetime.h"
#include "rules/store/made_values.h"
#include "rules/store/obstacles.h"
#include "rules/store/own_behaviour.h"
#include "rules/store/proxy.h"
#include "rules/store/seeding.h"
#include "rules/store/unset_fields.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::FoundStore;

/// Where a definition stands so that replacing it changes nothing else.
bool isPlainDefinition(const FoundStore& store) {
    Node parent = store.definition.parent();
    if (!store.made.isNull() || store.owner == facts::Owner::Object || store.owner == facts::Owner::Function) return true;
    if (!store.className.empty()) return parent.is("block");
    if (parent.is("module")) return true;
    // `with open(...) as f: data = json.load(f)`
    Node with = parent.parent();
    return parent.is("block") && parent.namedChildren().size() == 1 && with.is("with_statement") &&
           with.parent().is("module");
}

/// `deque(maxlen=5)`: nothing in it and nothing that fills it.
bool startsEmpty(const FoundStore& store) {
    return !isPlainContainer(store) && !isUnsupportedContainer(store) && store.buildStatements.empty();
}

bool sharesItsValue(const FoundStore& store) {
    Node assignment = store.definition.namedChild(0);
    return store.made.isNull() && store.namespaceVariable.empty() && assignment.field("right").is("assignment");
}

/// Whether a class has an attribute of its own where its base has the store.
bool setsOwn(const semantic::Class& subclass, const std::string& attribute) {
    bool sets = false;
    syntax::walk(subclass.node, [&](const Node& node) {
        if (!node.is("assignment")) return !sets;
        const Node target = node.field("left");
        sets = sets || target.text() == attribute || target.text() == "self." + attribute ||
               target.text() == "cls." + attribute;
        return !sets;
    });
    return sets;
}

/// Whether a class of the project that is a container does more than a container when it is made or filled.
bool makesItself(const semantic::Project& project, const FoundStore& store) {
    semantic::Symbol own = project.resolve(*store.module, store.initialValue.field("function"));
    for (int step = 0; step < 5 && own.kind == semantic::Symbol::Kind::Class && own.module; ++step) {
        for (const char* name : {"__init__", "__new__", "__setitem__", "__iter__"})
            if (own.module->function(own.name + "." + name)) return true;
        const bool isDict = store.fact.container == facts::Container::Dict;
        if (!isDict && (own.module->function(own.name + ".append") || own.module->function(own.name + ".add"))) return true;
        const semantic::Class* owner = own.module->classNamed(own.name);
        if (!owner || owner->bases.empty()) break;
        own = project.resolveGlobal(*own.module, owner->bases[0].substr(0, owner->bases[0].find('[')));
    }
    return false;
}

/// Whether anything but tests names the method around a node.
bool isCalledOutsideTests(const semantic::Project& project, const semantic::Module& home, const Node& node) {
    const semantic::Function* method = home.enclosingFunction(node);
    return method && std::any_of(project.modules().begin(), project.modules().end(), [&](const auto& module) {
        if (isTestModule(*module)) return false;
        const std::vector<Node> names = module->tree->identifiers(method->name);
        return std::any_of(names.begin(), names.end(), [&](const Node& name) { return !(name == method->node.field("name")); });
    });
}

/// `self.__init__()` in a method, which gives an object containers of its class anew.
Node madeAgain(const semantic::Project& project, const FoundStore& store) {
    Node found;
    const semantic::Module* home = store.classId.empty() ? nullptr : project.module(store.classId.substr(0, store.classId.find(':')));
    const semantic::Class* owner = home ? home->classNamed(store.classId.substr(store.classId.find(':') + 1)) : nullptr;
    syntax::walk(owner ? owner->node : Node(), [&](const Node& node) {
        const Node callee = node.is("call") ? node.field("function") : Node();
        if (!found && callee.is("attribute") && callee.field("attribute").text() == "__init__" && callee.field("object").is("identifier") &&
            callee.field("object").text() == "self" && isCalledOutsideTests(project, *home, node))
            found = node;
        return !found;
    });
    return found;
}

/// Names the way in which the owner of an attribute store is no single object; "" if it is one.
std::string instanceReason(const semantic::Project& project, const FoundStore& store) {
    const bool onInstance = store.definition.ancestor({"function_definition", "class_definition"})
                                .is("function_definition");
    const facts::ClassUses uses = facts::usesOfFamily(project, *store.module, store.className);
    for (const auto& [module, subclass] : uses.subclasses)
        if (store.family.empty() && setsOwn(*subclass, store.variable)) return "subclassed";
    if (!onInstance || facts::isOfOneObject(project, store)) return "";
    if (!uses.injected.empty()) return "instance-per-call";
    for (const auto& [module, call] : uses.made)
        if (!facts::makesOneObject(project, *module, call)) return "instance-per-call";
    if (uses.asValue) return "class-as-value";
    if (uses.made.empty()) return "never-instantiated";
    return facts::areAlternatives(project, uses.made) ? "" : "several-instances";
}

/// `user.id = 7` in front of `users.append(user)`, where no column of the table holds an `id`.
Node strangeAttribute(const FoundStore& store, const schema::Table& table) {
    Node found;
    if (store.fact.element != facts::Element::Instance || store.fact.openShape) return found;
    for (const facts::StoreReference& reference : store.references) {
        const Node value = facts::contextOf(reference.node).value;
        if (!reference.function || !value.is("identifier") || isTestModule(*reference.module)) continue;
        syntax::walk(reference.function->node.field("body"), [&](const Node& node) {
            const Node target = node.is("assignment") ? node.field("left") : Node{};
            if (found || !target.is("attribute") || target.field("object").text() != value.text()) return !found;
            const std::string_view attribute = target.field("attribute").text();
            if (std::none_of(table.columns.begin(), table.columns.end(),
                             [&](const schema::Column& column) { return column.field == attribute; }))
                found = node;
            return !found;
        });
    }
    return found;
}

/// Whether the class of the elements says what a field is. A model sees to it that it is true; that other classes say `float`
/// does not turn an int into one.
bool isDeclared(const semantic::Project& project, const schema::Table& table, const schema::Column& column) {
    const size_t colon = table.elementClass.find(':');
    const semantic::Module* home = colon == std::string::npos ? nullptr : project.module(table.elementClass.substr(0, colon));
    if (!home || table.mixedClasses) return false;
    const std::string name = table.elementClass.substr(colon + 1);
    const bool isNumber = column.pythonType == "int" || column.pythonType == "float" || column.pythonType == "number";
    const std::vector<facts::FieldFact> fields = facts::fieldsOfClass(project, *home, name);
    return std::any_of(fields.begin(), fields.end(), [&](const facts::FieldFact& field) {
        return field.name == column.field && !field.type.empty() && toLower(field.type) == toLower(column.pythonType) &&
               (!isNumber || facts::isPydanticModel(project, *home, name));
    });
}

/// Whether the table can hold what running code will make of the first content.
bool fitsColumns(const semantic::Project& project, const FoundStore& store, const schema::Table& table) {
    const schema::Column* keys = table.primaryKey.empty() ? nullptr : table.column(table.primaryKey[0]);
    auto fits = [&](const Value& value, const schema::Column& column) {
        if (column.pythonType == "object") return true;
        if (!value.isOpaque()) return false;
        const std::string type = typeOfMade(value.text());
        const bool isNumber = column.pythonType == "number" && (type == "int" || type == "float");
        return type == column.pythonType || isNumber || (type.empty() && isDeclared(project, table, column));
    };
    // Elements that are no records of the table are documents.
    const auto content = std::find_if(table.columns.begin(), table.columns.end(), [](const schema::Column& column) {
        return column.role == schema::ColumnRole::Value;
    });
    ElementReader elements(*store.fact.data);
    while (elements.next()) {
        if (elements.key() && elements.key()->hasOpaque() && (!keys || !fits(*elements.key(), *keys))) return false;
        if (content != table.columns.end()) {
            if (elements.content().hasOpaque() && !fits(elements.content(), *content)) return false;
            continue;
        }
        for (const auto& [key, value] : elements.content().entries()) {
            if (!value.hasOpaque()) continue;
            const auto column = std::find_if(table.columns.begin(), table.columns.end(), [&, &name = key](const schema::Column& one) {
                return one.field == name.text();
            });
            if (column == table.columns.end() ? !table.openShape : !fits(value, *column)) return false;
        }
    }
    return true;
}

/// `groups.setdefault(item.group, [])` where the model says that an item may have no group. What an unchecked body leaves out
/// is another matter: nobody reckoned with that.
Node keyThatMayBeNone(const semantic::Project& project, const FoundStore& store) {
    if (store.fact.container != facts::Container::Dict) return {};
    const bool makesOnRead = store.initialValue.text().find("defaultdict") != std::string_view::npos;
    for (const facts::StoreReference& reference : store.references) {
        const facts::ReferenceContext use = facts::contextOf(reference.node);
        const bool puts = use.kind == facts::UseKind::SetItem || use.kind == facts::UseKind::SetDefault || (makesOnRead && use.kind == facts::UseKind::GetItem);
        if (!puts || !reference.function || isTestModule(*reference.module)) continue;
        const Node key = use.key;
        const std::vector<Node> parameters = reference.function->node.field("parameters").namedChildren();
        const bool isParameter = std::any_of(parameters.begin(), parameters.end(), [&](const Node& one) { return semantic::parameterName(one) == key.text(); });
        const bool declares = key.is("none") || key.is("attribute") || (key.is("identifier") && isParameter);
        if (declares && facts::mayBeNone(project, *reference.module, key) && !facts::isNoneExcluded(key, std::string(key.text()))) return key;
    }
    return {};
}

bool stop(Obstacle& out, const FoundStore& store, const std::string& reason, const std::string& hint) {
    out = {reason, hint, store.module, store.definition};
    return true;
}

/// The hint, with what is known about why static reading, or running the module, does not tell.
std::string withReason(const FoundStore& store, const char* hint) {
    return store.fact.opaqueReason.empty() ? hint : hint + std::string("; why: ") + store.fact.opaqueReason;
}

/// What to say of `Decimal('NaN')`, a value that no column holds or that only running code tells; "" if it is long.
std::string firstUnknown(const Value& data) {
    if (data.isOpaque()) {
        const std::string& source = data.text();
        const bool isShort = !source.empty() && source.size() <= 80 && source.find('\n') == std::string::npos;
        return isShort ? ", or no column holds them (`" + source + "`)" : "";
    }
    std::string found;
    ElementReader elements(data);
    while (found.empty() && elements.next()) {
        if (elements.key()) found = firstUnknown(*elements.key());
        if (found.empty()) found = firstUnknown(elements.content());
    }
    return found;
}

} // namespace

bool definitionObstacle(MigrationContext& context, const CallGraph& graph, const StorePlan& plan,
                        const FoundStore& store, const std::vector<const FoundStore*>& stores,
                        const StartCode& start, Obstacle& out) {
    const schema::Table* table = plan.schema.tableOfStore(store.fact.id);
    if (!table) return stop(out, store, "no-table", "");
    if (!isPlainDefinition(store)) return stop(out, store, "conditional-definition", "define it once, at top level");
    if (sharesItsValue(store)) return stop(out, store, "shared-definition", "give each name its own container");
    if (isUnsupportedContainer(store)) return stop(out, store, "unsupported-container", "");
    if (store.isOwnClass && makesItself(context.project(), store))
        return stop(out, store, "unsupported-container", "its class has an __init__ of its own, or keeps other data beside its elements");
    for (const schema::Column& column : table->columns)
        if (column.field == "__dict__")
            return stop(out, store, "computed-attributes",
                        table->elementClass.empty() ? "no model has a field named __dict__: give the records another key"
                                                    : "its class sets all attributes at once through __dict__: assign them one by one");
    if (const Node strange = strangeAttribute(store, *table))
        return stop(out, store, "undeclared-attribute",
                    "`" + std::string(strange.text()) + "`: let the class of the elements set this attribute in its __init__");
    if (const Node key = keyThatMayBeNone(context.project(), store))
        return stop(out, store, "key-may-be-none", "`" + std::string(key.text()) + "` may be None, which is no key of a table: give such records a key of their own");
    if (const Node option = answerWithoutUnset(context.project(), table->elementClass))
        return stop(out, store, "unset-fields", "`" + std::string(option.text()) + "`: a row does not say which of its values were set");
    if (const Node container = containerWithBehaviour(context.project(), store, *table))
        return stop(out, store, "container-in-record",
                    "`" + std::string(container.text()) + "` does more than the plain list or dict that a document comes back as: keep a plain "
                    "one in the records, and say what a missing key means where it is looked up");
    if (const Node again = madeAgain(context.project(), store)) {
        stop(out, store, "made-again", "empty the containers one by one instead of calling __init__ again");
        out.where = again;
        return true;
    }
    if (store.isOfClass()) {
        std::string reason = instanceReason(context.project(), store);
        if (!reason.empty())
            return stop(out, store, reason, "keep the data in one object that is made once, at module level");
    }
    if (!store.fact.data && !store.isCounterObject && !startsEmpty(store))
        return stop(out, store, "opaque-data",
                    withReason(store, "its first content cannot be known without running code: make it a literal, or load the "
                                      "rows by hand and empty it"));
    if (store.fact.data && store.fact.data->hasOpaque()) {
        const bool byDefinition = store.fact.madeAtStart && isMadeByDefinition(store) && !context.staysOnFramework;
        if (start.fills(store) ? !fitsColumns(context.project(), store, *table) : !byDefinition)
            return stop(out, store, "opaque-values",
                        withReason(store, ("some values are made when the program starts" + firstUnknown(*store.fact.data) +
                                           ": write them as constants, so that the rows can be loaded").c_str()));
    }
    if (start.fills(store) || store.buildStatements.empty()) return false;
    const SeedCheck seeds(context.project(), graph, stores);
    for (const Node& statement : store.buildStatements)
        if (!context.rewrite(*store.module).isRemoved(statement) &&
            !seeds.statementOnlyFills(*store.module, statement)) {
            stop(out, store, "mixed-building", "this statement fills the store and does other things too");
            out.where = statement;
            return true;
        }
    return false;
}

} // namespace covet::rules
