#include "facts/store_candidates.h"

#include <algorithm>
#include <functional>
#include <set>

#include "facts/container_shape.h"
#include "facts/object_contents.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

/// Whether functions change what a name, or an attribute of this name, holds: `orders.append(order)`, `self.rows[key] = row`.
bool isChangedByFunctions(const Project& project, const Module& home, const std::string& name, const std::string& className) {
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module) || (!className.empty() && module.get() != &home)) continue;
        for (const Node& use : module->tree->identifiers(name)) {
            const bool isMember = use.parent().is("attribute") && use.parent().field("attribute") == use;
            const Node place = isMember ? use.parent() : use;
            const bool changes = isMutation(contextOf(place)) || changesInside(place);
            if (!module->enclosingFunction(use) || (!className.empty() && !isMember) || !changes) continue;
            if (!className.empty()) return true;
            const semantic::Symbol& symbol = project.resolve(*module, place);
            if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module == &home && symbol.name == name) return true;
        }
    }
    return false;
}

void addCandidate(const Project& project, const Module& module, const Node& statement,
                  const std::string& name, const Node& value, const Node& annotation,
                  const std::string& className, std::vector<FoundStore>& found, bool isOfClassAlone = false) {
    std::optional<FoundStore> store = storeOfContainer(project, module, name, value, annotation, className);
    // `orders = build_orders(4)`: a container like any other where it is used as one.
    if (!store && value.is("call") && annotation.isNull()) {
        const ContainerShape made = shapeOfResult(project, module, value);
        if (made.isContainer && isChangedByFunctions(project, module, name, className))
            store = storeOfContainer(module, name, value, annotation, className, made);
    }
    if (!store) return;
    store->definition = statement;
    store->fact.where = {module.path(), statement.line()};
    if (!className.empty()) {
        store->owner = Owner::Class;
        store->isOfClassAlone = isOfClassAlone;
        store->classId = module.name + ":" + className;
        store->classStatement = statement;
    }
    addStore(std::move(*store), found);
}

/// Pairs of target and value of an assignment: `a = b = v`, `a, b = v, w`, `a: T = v`.
void forEachTarget(const Node& assignment,
                   const std::function<void(const Node& target, const Node& value, const Node& type)>& visit) {
    Node value = assignment.field("right");
    std::vector<Node> targets{assignment.field("left")};
    while (value.is("assignment")) {
        targets.push_back(value.field("left"));
        value = value.field("right");
    }
    if (value.isNull()) return;
    for (const Node& target : targets) {
        bool many = target.is("pattern_list") || target.is("tuple_pattern");
        bool values = value.is("expression_list") || value.is("tuple");
        if (many && values && target.namedChildCount() == value.namedChildCount()) {
            for (uint32_t i = 0; i < target.namedChildCount(); ++i)
                visit(target.namedChild(i), value.namedChild(i), {});
        } else {
            visit(target, value, assignment.field("type"));
        }
    }
}

/// `self.next_id = start` of a parameter, where methods go on with `self.next_id += 1`.
bool startsCounter(const semantic::Class& owner, const Function& init, const Node& target, const Node& value) {
    if (!value.is("identifier")) return false;
    const std::vector<Node> parameters = init.node.field("parameters").namedChildren();
    const bool isParameter = std::any_of(parameters.begin(), parameters.end(), [&](const Node& parameter) {
        return semantic::parameterName(parameter) == value.text();
    });
    bool counts = false;
    syntax::walk(isParameter ? owner.node : Node(), [&](const Node& node) {
        counts = counts || (node.is("augmented_assignment") && node.field("left").text() == target.text() &&
                            (node.field("right").is("integer") || node.field("right").is("float")));
        return !counts;
    });
    return counts;
}

void addCounter(const Module& module, const Node& statement, const Node& target, const Node& value, const std::string& className,
                std::vector<FoundStore>& found) {
    FoundStore store;
    store.variable = std::string(target.field("attribute").text());
    store.fact.id = module.name + ":" + className + "." + store.variable;
    store.fact.name = className + "." + store.variable;
    store.fact.module = module.name;
    store.fact.where = {module.path(), statement.line()};
    store.fact.container = Container::Scalar;
    store.module = &module;
    store.owner = Owner::Class;
    store.className = className;
    store.classId = module.name + ":" + className;
    store.classStatement = store.definition = statement;
    store.initialValue = value;
    addStore(std::move(store), found);
}

/// Whether code names the entries of a dict, and does nothing else with it: `db["users"]`. The keys of a collection
/// are data, which code looks up by variables; `db[table]` asks for the dict as a whole, too.
bool namesEntries(const Project& project, const FoundStore& store) {
    bool named = false, asWhole = false;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& name : module->tree->identifiers(store.variable)) {
            const bool isMember = name.parent().is("attribute") && name.parent().field("attribute") == name;
            const Node use = isMember ? name.parent() : name;
            if (store.definition.contains(name) || use.ancestor({"import_statement", "import_from_statement", "global_statement"})) continue;
            const semantic::Symbol& symbol = project.resolve(*module, use);
            if (symbol.kind != semantic::Symbol::Kind::Variable || symbol.module != store.module || symbol.name != store.variable) continue;
            const Node around = use.parent();
            const bool isEntry = around.is("subscript") && around.field("value") == use && around.field("subscript").is("string");
            named = named || isEntry;
            asWhole = asWhole || !isEntry;
        }
    }
    return named && !asWhole;
}

/// What every object of a class sets for itself: names of `self.x = ...` in its __init__.
std::set<std::string> setByObjects(const Module& module, const semantic::Class& owner) {
    std::set<std::string> names;
    const Function* init = module.function(owner.name + ".__init__");
    if (!init) return names;
    for (const Node& statement : init->node.field("body").namedChildren()) {
        if (!statement.is("expression_statement") || !statement.namedChild(0).is("assignment")) continue;
        forEachTarget(statement.namedChild(0), [&](const Node& target, const Node&, const Node&) {
            if (target.is("attribute") && target.field("object").text() == "self")
                names.insert(std::string(target.field("attribute").text()));
        });
    }
    return names;
}

/// Whether some code means the attribute of this class, and not that of an object or of another class.
bool isAskedOfClass(const Project& project, const Module& home, const semantic::Class& owner, const std::string& name) {
    for (const auto& module : project.modules())
        for (const Node& use : module->tree->identifiers(name)) {
            const Node attribute = use.parent();
            if (!attribute.is("attribute") || !(attribute.field("attribute") == use) ||
                !denotesClass(project, *module, attribute.field("object")))
                continue;
            const semantic::Symbol& symbol = project.resolve(*module, attribute.field("object"));
            const bool isOther = symbol.kind == semantic::Symbol::Kind::Class && !(symbol.module == &home && symbol.name == owner.name);
            if (!isOther) return true;
        }
    return false;
}

} // namespace

bool denotesClass(const Project& project, const Module& module, const Node& object) {
    const std::string_view text = object.text();
    if (text == "cls" || text == "type(self)" || text == "self.__class__") return true;
    return project.resolve(module, object).kind == semantic::Symbol::Kind::Class;
}

void addCandidates(const Project& project, const Module& module, std::vector<FoundStore>& found) {
    std::vector<Node> statements;
    for (const auto& [name, list] : module.assignments)
        statements.insert(statements.end(), list.begin(), list.end());
    std::sort(statements.begin(), statements.end(),
              [](const Node& a, const Node& b) { return a.start() < b.start(); });
    for (const Node& statement : statements) {
        Node assignment = statement.namedChild(0);
        if (!assignment.is("assignment")) continue;
        forEachTarget(assignment, [&](const Node& target, const Node& value, const Node& type) {
            if (target.is("identifier"))
                addCandidate(project, module, statement, std::string(target.text()), value, type, "", found);
        });
    }
    for (const semantic::Class& owner : module.classes) {
        // Fields of records are no containers that their objects share.
        const bool describesFields = isRecordClass(project, module, owner);
        const std::set<std::string> ofObjects = setByObjects(module, owner);
        for (const Node& statement : owner.node.field("body").namedChildren()) {
            if (!statement.is("expression_statement") || !statement.namedChild(0).is("assignment")) continue;
            if (describesFields && !statement.namedChild(0).field("type").isNull()) continue;
            forEachTarget(statement.namedChild(0), [&](const Node& target, const Node& value, const Node& type) {
                const std::string name(target.text());
                const bool isDefault = ofObjects.count(name) > 0;
                const bool isContainer = shapeOfContainer(project, module, value).container != Container::Scalar;
                if (target.is("identifier") && (!isDefault || !isContainer || isAskedOfClass(project, module, owner, name)))
                    addCandidate(project, module, statement, name, value, type, owner.name, found, isDefault);
            });
        }
        if (const Function* maker = module.function(owner.name + ".__new__"))
            syntax::walk(maker->node.field("body"), [&](const Node& statement) {
                const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node();
                const Node target = assignment.is("assignment") ? assignment.field("left") : Node();
                // `cls._instance.items = []`, or a name of the new object's own.
                const bool ofObject = target.is("attribute") && target.field("object").text() != "cls" &&
                                      target.field("object").text() != owner.name;
                if (ofObject)
                    addCandidate(project, module, statement, std::string(target.field("attribute").text()),
                                 assignment.field("right"), assignment.field("type"), owner.name, found);
                return true;
            });
        const Function* init = module.function(owner.name + ".__init__");
        if (!init) continue;
        const std::vector<Node> parameters = init->node.field("parameters").namedChildren();
        const std::string self = parameters.empty() ? "self" : semantic::parameterName(parameters[0]);
        for (const Node& statement : init->node.field("body").namedChildren()) {
            if (!statement.is("expression_statement") || !statement.namedChild(0).is("assignment")) continue;
            forEachTarget(statement.namedChild(0), [&](const Node& target, const Node& value, const Node& type) {
                if (target.is("attribute") && target.field("object").text() == self && startsCounter(owner, *init, target, value))
                    addCounter(module, statement, target, value, owner.name, found);
                else if (target.is("attribute") && target.field("object").text() == self)
                    addCandidate(project, module, statement, std::string(target.field("attribute").text()),
                                 value, type, owner.name, found);
            });
        }
    }
}

void splitNamespaces(const Project& project, std::vector<FoundStore>& found) {
    std::vector<FoundStore> result;
    for (FoundStore& store : found) {
        std::vector<FoundStore> parts;
        bool allContainers = store.initialValue.is("dictionary") && store.owner == Owner::None;
        bool anyContainer = false;
        for (const Node& pair : store.initialValue.namedChildren()) {
            if (!allContainers) break;
            Node key = pair.field("key");
            Node value = pair.field("value");
            const ContainerShape shape = shapeOfContainer(project, *store.module, value);
            // `{"users": [], "next_id": 1}`: a counter has its place beside what it counts.
            const bool counts = value.is("integer") || shape.isCounterObject;
            if (!pair.is("pair") || !key.is("string") || key.namedChildCount() < 2 || !shape.isContainer ||
                (shape.container == Container::Scalar && !counts)) {
                allContainers = false;
                break;
            }
            anyContainer = anyContainer || shape.container != Container::Scalar;
            // A dict of dict literals with scalar values is one table; a namespace holds containers.
            if (value.is("dictionary") && value.namedChildCount() > 0 &&
                !value.namedChild(0).field("value").is("dictionary"))
                allContainers = false;
            FoundStore part = store;
            part.namespaceVariable = store.variable;
            part.variable = std::string(key.namedChild(1).text());
            part.fact.id += "[" + part.variable + "]";
            part.fact.name = store.variable + "[" + std::string(key.text()) + "]";
            part.fact.container = shape.container;
            part.isCounterObject = shape.isCounterObject;
            part.counterArguments = shape.counterArguments;
            part.fact.where.line = pair.line();
            part.initialValue = value;
            part.elementAnnotation.clear();
            parts.push_back(std::move(part));
        }
        if (allContainers && anyContainer && namesEntries(project, store))
            result.insert(result.end(), parts.begin(), parts.end());
        else
            result.push_back(std::move(store));
    }
    found = std::move(result);
}

} // namespace covet::facts
