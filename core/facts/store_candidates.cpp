#include "facts/store_candidates.h"

#include <algorithm>
#include <functional>

#include "facts/record_shape.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

struct Shape {
    bool isContainer = false;
    Container container = Container::List;
    bool isCounterObject = false;
    bool isLoaded = false; // json.load(...) or a call that returns data
    bool isVariable = false; // a flag, a text or None
};

std::string calleeName(const Project& project, const Module& module, const Node& call) {
    Node callee = call.field("function");
    semantic::Symbol symbol = project.resolve(module, callee);
    if (symbol.kind == semantic::Symbol::Kind::External) return symbol.name;
    return std::string(callee.text());
}

Shape shapeOfValue(const Project& project, const Module& module, const Node& value) {
    Shape shape;
    shape.isContainer = true;
    if (value.is("list") || value.is("list_comprehension")) return shape;
    shape.container = Container::Dict;
    if (value.is("dictionary") || value.is("dictionary_comprehension")) return shape;
    shape.container = Container::Set;
    if (value.is("set") || value.is("set_comprehension")) return shape;
    shape.container = Container::Scalar;
    if (value.is("integer") || value.is("float") ||
        (value.is("unary_operator") && value.namedChild(0).is("integer")))
        return shape;
    if (value.is("none") || value.is("true") || value.is("false") || value.is("string")) {
        shape.isVariable = true;
        return shape;
    }
    if (value.is("call")) {
        std::string callee = calleeName(project, module, value);
        std::string last = callee.substr(callee.rfind('.') == std::string::npos ? 0 : callee.rfind('.') + 1);
        shape.container = Container::List;
        if (last == "list" || last == "deque") return shape;
        shape.container = Container::Dict;
        if (last == "dict" || last == "defaultdict" || last == "OrderedDict") return shape;
        shape.container = Container::Set;
        if (last == "set") return shape;
        if (callee == "itertools.count" || last == "count") {
            shape.container = Container::Scalar;
            shape.isCounterObject = true;
            return shape;
        }
        if (callee == "json.load" || callee == "json.loads") {
            shape.container = Container::List;
            shape.isLoaded = true;
            return shape;
        }
    }
    shape.isContainer = false;
    return shape;
}

/// "dict[int, User]" -> Dict and "User"; tells the container of `x: list[User] = load()`.
void readAnnotation(const Node& annotation, Shape& shape, std::string& element) {
    std::string text(annotation.text());
    if (text.empty()) return;
    std::string lower = toLower(text);
    size_t open = text.find('[');
    std::string head = lower.substr(0, open);
    if (endsWith(head, "dict") || endsWith(head, "mapping")) {
        shape.isContainer = true;
        shape.container = Container::Dict;
    } else if (endsWith(head, "list") || endsWith(head, "sequence")) {
        shape.isContainer = true;
        shape.container = Container::List;
    }
    if (open == std::string::npos || text.back() != ']') return;
    std::string inside = text.substr(open + 1, text.size() - open - 2);
    int depth = 0;
    size_t from = 0;
    for (size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '[') ++depth;
        if (inside[i] == ']') --depth;
        if (inside[i] == ',' && depth == 0) from = i + 1;
    }
    element = std::string(trim(std::string_view(inside).substr(from)));
}

void addCandidate(const Project& project, const Module& module, const Node& statement,
                  const std::string& name, const Node& value, const Node& annotation,
                  const std::string& className, std::vector<FoundStore>& found) {
    Shape shape = shapeOfValue(project, module, value);
    FoundStore store;
    readAnnotation(annotation, shape, store.elementAnnotation);
    if (!shape.isContainer || startsWith(name, "__")) return;
    if (shape.isVariable && shape.container == Container::Scalar && !className.empty()) return;
    store.fact.id = module.name + ":" + (className.empty() ? "" : className + ".") + name;
    for (const FoundStore& known : found)
        if (known.fact.id == store.fact.id) return;
    store.fact.name = className.empty() ? name : className + "." + name;
    store.fact.module = module.name;
    store.fact.where = {module.path(), statement.line()};
    store.fact.container = shape.container;
    store.isCounterObject = shape.isCounterObject;
    store.isVariable = shape.isVariable && shape.container == Container::Scalar;
    store.module = &module;
    store.variable = name;
    store.className = className;
    store.definition = statement;
    store.initialValue = value;
    found.push_back(std::move(store));
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

/// A dataclass, NamedTuple, TypedDict or Pydantic model.
bool isRecordClass(const Project& project, const Module& module, const semantic::Class& owner) {
    for (const std::string& decorator : owner.decorators)
        if (endsWith(decorator, "dataclass") || endsWith(decorator, "define")) return true;
    for (const std::string& base : owner.bases)
        if (endsWith(base, "NamedTuple") || endsWith(base, "TypedDict")) return true;
    return isPydanticModel(project, module, owner.name);
}

/// Whether some code names an entry of a dict: `db["users"]`. The keys of a collection are data, which
/// code looks up by variables only.
bool namesEntries(const Project& project, const FoundStore& store) {
    bool named = false;
    for (const auto& module : project.modules())
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (named || !node.is("subscript") || !node.field("subscript").is("string")) return !named;
            semantic::Symbol symbol = project.resolve(*module, node.field("value"));
            named = symbol.kind == semantic::Symbol::Kind::Variable && symbol.module == store.module &&
                    symbol.name == store.variable;
            return !named;
        });
    return named;
}

} // namespace

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
        for (const Node& statement : owner.node.field("body").namedChildren()) {
            if (!statement.is("expression_statement") || !statement.namedChild(0).is("assignment")) continue;
            if (describesFields && !statement.namedChild(0).field("type").isNull()) continue;
            forEachTarget(statement.namedChild(0), [&](const Node& target, const Node& value, const Node& type) {
                if (target.is("identifier"))
                    addCandidate(project, module, statement, std::string(target.text()), value, type,
                                 owner.name, found);
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
        for (const Node& statement : init->node.field("body").namedChildren()) {
            if (!statement.is("expression_statement") || !statement.namedChild(0).is("assignment")) continue;
            forEachTarget(statement.namedChild(0), [&](const Node& target, const Node& value, const Node& type) {
                if (target.is("attribute") && target.field("object").text() == "self")
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
        bool allContainers = store.initialValue.is("dictionary");
        for (const Node& pair : store.initialValue.namedChildren()) {
            if (!allContainers) break;
            Node key = pair.field("key");
            Node value = pair.field("value");
            Shape shape = shapeOfValue(project, *store.module, value);
            if (!pair.is("pair") || !key.is("string") || key.namedChildCount() < 2 || !shape.isContainer ||
                (shape.container != Container::List && shape.container != Container::Dict)) {
                allContainers = false;
                break;
            }
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
            part.fact.where.line = pair.line();
            part.initialValue = value;
            part.elementAnnotation.clear();
            parts.push_back(std::move(part));
        }
        if (allContainers && !parts.empty() && namesEntries(project, store))
            result.insert(result.end(), parts.begin(), parts.end());
        else
            result.push_back(std::move(store));
    }
    found = std::move(result);
}

} // namespace covet::facts
