#include "facts/container_shape.h"

#include "support/strings.h"
#include "syntax/counting_generator.h"

namespace covet::facts {
namespace {

std::string calleeName(const Project& project, const Module& module, const Node& call) {
    Node callee = call.field("function");
    const semantic::Symbol& symbol = project.resolve(module, callee);
    if (symbol.kind == semantic::Symbol::Kind::External) return symbol.name;
    return std::string(callee.text());
}

/// The built-in container that a class of the project is: `class Store(dict)`.
std::optional<Container> builtinBase(const Project& project, const Module& module, const std::string& className, int depth = 0) {
    const semantic::Class* owner = module.classNamed(className);
    if (!owner || depth > 5) return std::nullopt;
    for (const std::string& written : owner->bases) {
        const std::string base = written.substr(0, written.find('['));
        const std::string last = base.substr(base.rfind('.') == std::string::npos ? 0 : base.rfind('.') + 1);
        if (last == "dict" || last == "Dict" || last == "UserDict" || last == "OrderedDict") return Container::Dict;
        if (last == "list" || last == "List" || last == "UserList" || last == "deque") return Container::List;
        if (last == "set" || last == "Set") return Container::Set;
        const semantic::Symbol symbol = project.resolveGlobal(module, base);
        if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module)
            if (auto inherited = builtinBase(project, *symbol.module, symbol.name, depth + 1)) return inherited;
    }
    return std::nullopt;
}

/// A call of a generator function of the project that counts.
std::optional<syntax::CountingGenerator> countingCall(const Project& project, const Module& module, const Node& call) {
    const semantic::Symbol& symbol = project.resolve(module, call.field("function"));
    if (symbol.kind != semantic::Symbol::Kind::Function || !symbol.module) return std::nullopt;
    const Function* function = symbol.module->function(symbol.name);
    return function && !function->isAsync ? syntax::countingGenerator(function->node) : std::nullopt;
}

/// `dict.fromkeys(names, [])`: all keys have one list.
bool sharesOneContainer(const Node& call) {
    const Node value = call.field("arguments").namedChild(1);
    return value && !value.isOneOf({"integer", "float", "string", "true", "false", "none"});
}

/// "dict[int, User]" -> Dict and "User"; tells the container of `x: list[User] = load()`.
void readAnnotation(const Node& annotation, ContainerShape& shape, std::string& element) {
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

/// What a local variable of a function starts as, which the function never gives another container.
ContainerShape shapeOfLocal(const Project& project, const Module& module, const Function& function, std::string_view name) {
    if (!function.locals.count(std::string(name))) return {};
    std::vector<Node> given;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("assignment") && node.field("left").text() == name) given.push_back(node.field("right"));
        return !node.is("function_definition");
    });
    return given.size() == 1 ? shapeOfContainer(project, module, given[0]) : ContainerShape{};
}

} // namespace

ContainerShape shapeOfContainer(const Project& project, const Module& module, const Node& value) {
    ContainerShape shape;
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
    // The factory of a field: `field(default_factory=list)`.
    if (value.is("identifier") && value.parent().is("keyword_argument")) {
        const std::string_view name = value.text();
        if (name == "list" || name == "dict" || name == "set") {
            shape.container = name == "list" ? Container::List : name == "dict" ? Container::Dict : Container::Set;
            return shape;
        }
    }
    // `json.load(file)["items"]`
    if (value.is("subscript") && value.field("subscript").is("string") && value.field("value").is("call")) {
        shape = shapeOfContainer(project, module, value.field("value"));
        shape.isContainer = shape.isLoaded;
        return shape;
    }
    if (value.is("call")) {
        std::string callee = calleeName(project, module, value);
        std::string last = callee.substr(callee.rfind('.') == std::string::npos ? 0 : callee.rfind('.') + 1);
        shape.container = Container::List;
        if (last == "list" || last == "deque") return shape;
        shape.container = Container::Dict;
        if (last == "dict" || last == "defaultdict" || last == "OrderedDict") return shape;
        if (callee == "dict.fromkeys" && !sharesOneContainer(value)) return shape;
        if (callee == "collections.Counter" || callee == "collections.ChainMap") return shape;
        shape.container = Container::Set;
        if (last == "set") return shape;
        if (callee == "itertools.count" || last == "count") {
            shape.container = Container::Scalar;
            shape.isCounterObject = true;
            const std::string_view given = value.field("arguments").text();
            if (given.size() > 2) shape.counterArguments = given.substr(1, given.size() - 2);
            return shape;
        }
        if (const auto counting = countingCall(project, module, value)) {
            shape.container = Container::Scalar;
            shape.isCounterObject = true;
            if (counting->start != 0 || counting->step != 1) shape.counterArguments = std::to_string(counting->start);
            if (counting->step != 1) shape.counterArguments += ", " + std::to_string(counting->step);
            return shape;
        }
        if (callee == "json.load" || callee == "json.loads") {
            shape.container = Container::List;
            shape.isLoaded = true;
            return shape;
        }
        const semantic::Symbol& symbol = project.resolve(module, value.field("function"));
        if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module)
            if (auto base = builtinBase(project, *symbol.module, symbol.name)) {
                shape.container = *base;
                shape.isOwnClass = true;
                return shape;
            }
    }
    shape.isContainer = false;
    return shape;
}

ContainerShape shapeOfResult(const Project& project, const Module& module, const Node& call) {
    const semantic::Symbol& symbol = project.resolve(module, call.field("function"));
    const bool isFunction = call.is("call") && symbol.kind == semantic::Symbol::Kind::Function && symbol.module;
    const Function* function = isFunction ? symbol.module->function(symbol.name) : nullptr;
    if (!function || function->isAsync || !(function->decorated == function->node)) return {};
    std::vector<ContainerShape> shapes;
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition") || node.is("lambda")) return false;
        if (node.is("yield")) shapes.emplace_back();
        if (!node.is("return_statement")) return true;
        const Node given = node.namedChild(0);
        shapes.push_back(given.is("identifier") ? shapeOfLocal(project, *symbol.module, *function, given.text())
                                                : shapeOfContainer(project, *symbol.module, given));
        return true;
    });
    for (const ContainerShape& one : shapes)
        if (!one.isContainer || one.container == Container::Scalar || one.container != shapes[0].container) return {};
    return shapes.empty() ? ContainerShape{} : shapes[0];
}

std::optional<FoundStore> storeOfContainer(const Project& project, const Module& module, const std::string& name,
                                           const Node& value, const Node& annotation, const std::string& owner) {
    return storeOfContainer(module, name, value, annotation, owner, shapeOfContainer(project, module, value));
}

std::optional<FoundStore> storeOfContainer(const Module& module, const std::string& name, const Node& value, const Node& annotation,
                                           const std::string& owner, ContainerShape shape) {
    FoundStore store;
    readAnnotation(annotation, shape, store.elementAnnotation);
    // `self.__items` is private to a class, `__all__` belongs to Python.
    const bool isPrivate = startsWith(name, "__") && !owner.empty() && !endsWith(name, "__");
    if (!shape.isContainer || (startsWith(name, "__") && !isPrivate)) return std::nullopt;
    if (shape.isVariable && shape.container == Container::Scalar && !owner.empty()) return std::nullopt;
    store.fact.id = module.name + ":" + (owner.empty() ? "" : owner + ".") + name;
    store.fact.name = owner.empty() ? name : owner + "." + name;
    store.fact.module = module.name;
    store.fact.container = shape.container;
    store.isCounterObject = shape.isCounterObject;
    store.counterArguments = shape.counterArguments;
    store.isOwnClass = shape.isOwnClass;
    store.isVariable = shape.isVariable && shape.container == Container::Scalar;
    store.module = &module;
    store.variable = name;
    store.className = owner;
    store.initialValue = value;
    return store;
}

void addStore(FoundStore store, std::vector<FoundStore>& found) {
    for (const FoundStore& known : found)
        if (known.fact.id == store.fact.id) return;
    found.push_back(std::move(store));
}

} // namespace covet::facts
