#include "facts/object_contents.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "facts/container_shape.h"
#include "facts/held_objects.h"
#include "facts/record_shape.h"
#include "facts/single_object.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

/// A typed field of a record class and what it starts with.
struct Field {
    std::string name;
    Node statement;
    Node type;
    Node value; // null: each call gives it
};

/// What the default of a field makes: `[]`, `list` of `field(default_factory=list)`, the body of a lambda.
Node contentOfDefault(const Node& value) {
    static const char* const kFields[] = {"field", "Field", "PrivateAttr", "dataclasses.field", "pydantic.Field", "attr.ib", "attrs.field"};
    const bool isField = value.is("call") && std::any_of(std::begin(kFields), std::end(kFields), [&](const char* name) {
                             return value.field("function").text() == name;
                         });
    if (!isField) return value;
    for (const Node& argument : value.field("arguments").namedChildren()) {
        if (!argument.is("keyword_argument")) return argument.is("ellipsis") ? Node() : argument;
        const std::string_view name = argument.field("name").text();
        const Node given = argument.field("value");
        if (name == "default") return given;
        if (name == "default_factory" || name == "factory") return given.is("lambda") ? given.field("body") : given;
    }
    return {};
}

std::vector<Field> fieldsOf(const Project& project, const Module& module, const semantic::Class& owner, int depth = 0) {
    std::vector<Field> fields;
    for (const std::string& base : depth < 5 ? owner.bases : std::vector<std::string>()) {
        const semantic::Symbol symbol = project.resolveGlobal(module, base.substr(0, base.find('[')));
        const semantic::Class* above = symbol.kind == semantic::Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
        if (above && above != &owner && isRecordClass(project, *symbol.module, *above)) fields = fieldsOf(project, *symbol.module, *above, depth + 1);
    }
    for (const Node& statement : owner.node.field("body").namedChildren()) {
        const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node();
        if (!assignment.is("assignment") || assignment.field("type").isNull() || !assignment.field("left").is("identifier")) continue;
        if (assignment.field("type").text().find("ClassVar") != std::string_view::npos) continue;
        fields.push_back({std::string(assignment.field("left").text()), statement, assignment.field("type"),
                          contentOfDefault(assignment.field("right"))});
    }
    return fields;
}

/// What a call gives to a field: by name, or by its place.
Node givenBy(const Node& call, const std::vector<Field>& fields, const std::string& name) {
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (argument.is("comment")) continue;
        if (argument.is("keyword_argument")) {
            if (argument.field("name").text() == name) return argument.field("value");
        } else if (position < fields.size() && fields[position].name == name) {
            return argument;
        } else {
            ++position;
        }
    }
    return {};
}

/// `T` of `dict[int, T]` is what the object was made for: `Repository[User]()`.
void bindTypeParameter(const HeldObject& object, const semantic::Class& owner, const Module& home, FoundStore& store) {
    store.annotated = &home;
    const std::vector<std::string> parameters = typeParameters(owner);
    const auto place = std::find(parameters.begin(), parameters.end(), store.elementAnnotation);
    if (place == parameters.end()) return;
    const size_t index = static_cast<size_t>(place - parameters.begin());
    store.elementAnnotation = index < object.typeArguments.size() ? object.typeArguments[index] : "";
    store.annotated = object.module;
}

FoundStore storeOf(const HeldObject& object, FoundStore store, const semantic::Class& owner, const Module& home) {
    store.owner = Owner::Class;
    store.classId = home.name + ":" + owner.name;
    store.module = object.module;
    store.made = object.made;
    store.madeClass = object.classId;
    store.definition = object.statement;
    store.className = object.path;
    store.fact.module = object.module->name;
    store.fact.id = object.module->name + ":" + object.path + "." + store.variable;
    store.fact.name = object.path + "." + store.variable;
    store.fact.where = {object.module->path(), object.statement.line()};
    bindTypeParameter(object, owner, home, store);
    return store;
}

void addFields(const Project& project, const Module& module, const semantic::Class& owner, std::vector<FoundStore>& found) {
    const std::vector<Field> fields = fieldsOf(project, module, owner);
    auto mayHold = [&](const Field& field) {
        const Node type = field.type.namedChild(0);
        const std::string text = toLower(type.text());
        return startsWith(text, "list") || startsWith(text, "dict") || startsWith(text, "set") || text.find("deque") != text.npos ||
               text.find("defaultdict") != text.npos || shapeOfContainer(project, module, field.value).container != Container::Scalar;
    };
    if (std::none_of(fields.begin(), fields.end(), mayHold)) return;
    const auto objects = heldObjects(project, module, owner.name);
    if (!objects) return;
    for (const HeldObject& object : *objects)
        if (isElementOfContainer(project, object)) return;
    for (const HeldObject& object : *objects)
        for (const Field& field : fields) {
            Node value = givenBy(object.made, fields, field.name);
            if (value.isNull()) value = field.value;
            const Node content = value;
            if (content.isNull()) continue;
            // What a call is given in a variable has a name of its own.
            if (content.is("identifier") && !content.parent().is("keyword_argument")) continue;
            if (content.is("identifier") && !shapeOfContainer(project, module, content).isContainer) continue;
            auto store = storeOfContainer(project, module, field.name, content, field.type, owner.name);
            if (!store) continue;
            store->classStatement = field.statement;
            store->family = module.name + ":" + owner.name + "." + field.name;
            addStore(storeOf(object, std::move(*store), owner, module), found);
        }
}

std::string nameIn(const std::string& classId) { return classId.substr(classId.find(':') + 1); }

bool derives(const Project& project, const std::string& classId, const std::string& baseId) {
    const Module* module = project.module(classId.substr(0, classId.find(':')));
    return module && derivesFrom(project, *module, nameIn(classId), baseId);
}

bool isMadeInFunction(const FoundStore& store) {
    return store.definition.ancestor({"function_definition", "class_definition"}).is("function_definition");
}

/// Whether a base of its class, or a class that derives from it, makes a container of the same name in the same way:
/// in `__init__`, or in the body of the class.
bool isSetInFamily(const Project& project, const std::vector<FoundStore>& classes, const FoundStore& store) {
    return std::any_of(classes.begin(), classes.end(), [&](const FoundStore& other) {
        return other.owner == Owner::Class && other.variable == store.variable && other.classId != store.classId &&
               isMadeInFunction(other) == isMadeInFunction(store) &&
               (derives(project, other.classId, store.classId) || derives(project, store.classId, other.classId));
    });
}

/// Whether an object has its container from this class, and not from one that is nearer to its own.
bool isNearest(const Project& project, const std::vector<FoundStore>& classes, const FoundStore& store, const HeldObject& object) {
    return std::none_of(classes.begin(), classes.end(), [&](const FoundStore& other) {
        return other.owner == Owner::Class && other.variable == store.variable && other.classId != store.classId &&
               isMadeInFunction(other) && derives(project, object.classId, other.classId) && derives(project, other.classId, store.classId);
    });
}

/// Names the family by the class at its root that makes the container.
std::string familyOf(const Project& project, const std::vector<FoundStore>& classes, const FoundStore& store) {
    std::string root = store.classId;
    for (const FoundStore& other : classes)
        if (other.owner == Owner::Class && other.variable == store.variable && other.classId != root && derives(project, root, other.classId))
            root = other.classId;
    return root + "." + store.variable;
}

bool isMadeOnce(const Project& project, const std::vector<HeldObject>& objects) {
    std::vector<std::pair<const Module*, Node>> calls;
    for (const HeldObject& object : objects) calls.emplace_back(object.module, object.made);
    return areAlternatives(project, calls);
}

/// `Employee.all.append(self)`, `registry[self.id] = self`: its objects are elements of a container.
bool putsItselfAway(const semantic::Class& owner) {
    bool puts = false;
    syntax::walk(owner.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != "self") return !puts;
        const Node parent = node.parent();
        const Node callee = parent.is("argument_list") ? parent.parent().field("function") : Node();
        puts = puts || (callee.is("attribute") && (callee.field("attribute").text() == "append" || callee.field("attribute").text() == "add")) ||
               (parent.is("assignment") && parent.field("right") == node && parent.field("left").is("subscript"));
        return !puts;
    });
    return puts;
}

/// `on_tables(Repository(), _rows=products_rows)`: an earlier run has put a table into the place of the attribute.
bool isOnTable(const HeldObject& object, const std::string& attribute) {
    const Node arguments = object.made.parent();
    if (!arguments.is("argument_list") || arguments.parent().field("function").text() != "on_tables") return false;
    const std::vector<Node> given = arguments.namedChildren();
    return std::any_of(given.begin(), given.end(), [&](const Node& one) { return one.is("keyword_argument") && one.field("name").text() == attribute; });
}

} // namespace

bool isRecordClass(const Project& project, const Module& module, const semantic::Class& owner) {
    for (const std::string& decorator : owner.decorators)
        if (endsWith(decorator, "dataclass") || endsWith(decorator, "define")) return true;
    for (const std::string& base : owner.bases)
        if (endsWith(base, "NamedTuple") || endsWith(base, "TypedDict") || endsWith(base, "BaseSettings")) return true;
    return isPydanticModel(project, module, owner.name);
}

void addContentsOfObjects(const Project& project, std::vector<FoundStore>& found) {
    std::vector<FoundStore> result;
    const std::vector<FoundStore> classes = found;
    for (FoundStore& store : found) {
        if (store.owner != Owner::Class) {
            addStore(std::move(store), result);
            continue;
        }
        const std::string name = nameIn(store.classId);
        // What belongs to records of another store is no store of its own.
        if (const semantic::Class* record = store.module->classNamed(name); record && isMadeInFunction(store) && putsItselfAway(*record)) continue;
        const bool inFamily = isSetInFamily(project, classes, store);
        if (inFamily && !isMadeInFunction(store)) {
            // `_rows = {}` in several classes of a family, for the class methods of its base.
            store.family = familyOf(project, classes, store);
            addStore(std::move(store), result);
            continue;
        }
        const std::optional<std::vector<HeldObject>> objects =
            isMadeInFunction(store) ? heldObjects(project, *store.module, name) : std::nullopt;
        const semantic::Class* owner = objects ? store.module->classNamed(name) : nullptr;
        if (!owner || (!inFamily && (objects->size() < 2 || isMadeOnce(project, *objects)))) {
            addStore(std::move(store), result);
            continue;
        }
        if (std::any_of(objects->begin(), objects->end(), [&](const HeldObject& object) { return isElementOfContainer(project, object); }))
            continue;
        store.family = familyOf(project, classes, store);
        for (const HeldObject& object : *objects)
            if (isNearest(project, classes, store, object) && !isOnTable(object, store.variable)) addStore(storeOf(object, store, *owner, *store.module), result);
    }
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const semantic::Class& owner : module->classes) {
            const bool isTuple = std::any_of(owner.bases.begin(), owner.bases.end(), [](const std::string& base) {
                return endsWith(base, "NamedTuple") || endsWith(base, "TypedDict");
            });
            if (!isTuple && isRecordClass(project, *module, owner)) addFields(project, *module, owner, result);
        }
    }
    found = std::move(result);
}

} // namespace covet::facts
