#include "rules/store/call_graph.h"

#include <algorithm>

#include "facts/passed_values.h"
#include "facts/object_class.h"
#include "facts/class_uses.h"
#include "facts/reference_context.h"
#include "rules/store/server_tables.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;
using tables::attributeTable;
using tables::isFilled;

const std::set<const Function*> kNone;

/// Methods that built-in containers and strings have too: a call on something unknown is most likely
/// theirs.
bool isBuiltinMethod(std::string_view name) {
    static constexpr Words kNames = {
        "get",   "pop",    "update", "add",    "append", "remove", "clear",  "items",   "keys",
        "count", "values", "insert", "extend", "copy",   "index",  "sort",   "find",    "join",
        "split", "format", "strip",  "lower",  "upper",  "write",  "read",   "reverse", "setdefault",
        "close", "encode", "decode", "title",  "search", "match",  "discard"};
    return kNames.count(name) > 0;
}

bool isGone(MigrationContext& context, const Module& module, const Node& definition) {
    const ModuleRewrite& rewrite = context.rewrite(module);
    for (Node node = definition; node; node = node.parent())
        if (rewrite.isRemoved(node)) return true;
    return rewrite.isClaimed(definition);
}

/// `os.environ`, `logging.root`: what the standard library holds is no object of a class of the project.
bool isOfStandardLibrary(const semantic::Project& project, const Module& module, Node object) {
    while (object.is("attribute")) object = object.field("object");
    if (!object.is("identifier")) return false;
    const Symbol& symbol = project.resolve(module, object);
    if (symbol.kind != Symbol::Kind::External) return false;
    static constexpr Words kPackages = {"os",     "sys",      "json",      "re",     "time",   "datetime",
                                        "math",   "random",   "logging",   "uuid",   "string", "hashlib",
                                        "base64", "secrets",  "pathlib",   "socket", "shutil", "platform",
                                        "csv",    "calendar", "itertools", "urllib", "locale", "tempfile"};
    return kPackages.count(std::string_view(symbol.name).substr(0, symbol.name.find('.'))) > 0;
}

/// `request.args` and the like are containers of the framework.
bool isRequestData(const Node& attribute) {
    static constexpr Words kNames = {"args",    "form", "json", "headers",      "files",       "cookies",
                                     "values",  "data", "query_params", "path_params", "environ"};
    return kNames.count(attribute.field("attribute").text()) > 0 && endsWith(attribute.field("object").text(), "request");
}

bool isOperator(std::string_view name) { return startsWith(name, "__") && name != "__init__"; }

/// Whether Python may call operators of the object that a local name or an attribute stands for: `len(shop.items)`,
/// `key in items`, `items[key]`, `for one in items`, `if items`.
bool isOperand(const Node& node) {
    if (!node.is("identifier") && !node.is("attribute")) return false;
    const Node parent = node.parent();
    if (parent.isOneOf({"argument_list", "comparison_operator", "boolean_operator", "not_operator", "binary_operator", "interpolation",
                        "list_splat", "dictionary_splat", "as_pattern", "with_item", "delete_statement", "augmented_assignment"}))
        return true;
    if (parent.is("subscript")) return parent.field("value") == node;
    if (parent.is("call")) return parent.field("function") == node;
    if (parent.is("for_statement") || parent.is("for_in_clause")) return parent.field("right") == node;
    if (parent.is("if_statement") || parent.is("while_statement") || parent.is("elif_clause")) return parent.field("condition") == node;
    return parent.is("conditional_expression") || parent.is("if_clause");
}

/// `checker = Checker("admin")`: making the object does not call it. Who uses the name does that.
bool isOnlyNamed(const Node& className) {
    const Node call = className.parent();
    const Node assignment = call.is("call") && call.field("function") == className ? call.parent() : Node();
    return assignment.is("assignment") && assignment.field("right") == call && assignment.field("left").is("identifier");
}

/// Bindings that are followed from one name to the next.
constexpr int kBindings = 4;

} // namespace

CallGraph::CallGraph(MigrationContext& context, std::vector<Node> apart)
    : project_(context.project()), handlers_(context.handlers), apart_(std::move(apart)) {
    for (const auto& module : project_.modules()) {
        if (isTestModule(*module)) continue;
        for (const Function& function : module->functions) {
            const Handler* handler = context.handlerOf(function);
            if (!(handler && handler->rewritten) && isGone(context, *module, function.decorated)) continue;
            if (functions_.emplace(&function, module.get()).second) inOrder_.emplace_back(&function, module.get());
            if (function.className.empty()) continue;
            methodsByName_[function.name].insert(&function);
            hasOperators_ = hasOperators_ || isOperator(function.name);
        }
    }
    for (const Handler& handler : handlers_)
        if (handler.function) handlerNodes_.insert(handler.function->decorated.id());
    index();
}

bool CallGraph::isApart(const Node& node) const {
    return std::any_of(apart_.begin(), apart_.end(), [&](const Node& statement) {
        return statement.tree() == node.tree() && statement.contains(node);
    });
}

const std::set<const Function*>& CallGraph::calledBy(const Function& function) const {
    auto found = calls_.find(&function);
    return found == calls_.end() ? kNone : found->second;
}

const std::set<const Function*>& CallGraph::callersOf(const Function& function) const {
    auto found = callers_.find(&function);
    return found == callers_.end() ? kNone : found->second;
}

const Module& CallGraph::moduleOf(const Function& function) const { return *functions_.at(&function); }

std::set<const Function*> CallGraph::reachableFrom(const Function& function) const {
    std::set<const Function*> reached{&function};
    std::vector<const Function*> open{&function};
    while (!open.empty()) {
        const Function* current = open.back();
        open.pop_back();
        for (const Function* next : calledBy(*current))
            if (reached.insert(next).second) open.push_back(next);
    }
    return reached;
}

std::set<const Function*> CallGraph::ranBy(const Function& function) const {
    std::set<const Function*> ran;
    namedBy(moduleOf(function), &function, function.decorated, ran, false);
    ran.erase(&function);
    return ran;
}

std::set<const Function*> CallGraph::namedIn(const Module& module, const Node& code) const {
    std::set<const Function*> named;
    namedBy(module, nullptr, code, named);
    return named;
}

void CallGraph::index() {
    // Tables of functions (`OPERATIONS = {"add": add_item}`) are calls of whoever reads the table.
    for (const auto& module : project_.modules()) {
        if (isTestModule(*module)) continue;
        for (const auto& [name, statements] : module->assignments)
            for (const Node& statement : statements) {
                Node value = statement.namedChild(0).field("right");
                if (value.is("call") || value.isNull()) continue;
                std::set<const Function*> named = namedIn(*module, value);
                if (!named.empty()) tables_[{module.get(), name}].insert(named.begin(), named.end());
            }
    }
    indexServerTables();
    for (const auto& [function, module] : inOrder_) connect(*module, *function);
    for (const Handler& handler : handlers_)
        if (auto calls = calls_.find(handler.function); calls != calls_.end())
            for (const Function* before : handler.runBefore)
                if (functions_.count(before)) calls->second.insert(before);
    for (const auto& [function, called] : calls_)
        for (const Function* other : called) callers_[other].insert(function);
}

void CallGraph::connect(const Module& module, const Function& function) {
    std::set<const Function*>& out = calls_[&function];
    namedBy(module, &function, function.decorated, out);
    out.erase(&function);
}

/// Nested functions are walked as part of the outer one too: it makes them, so it may run them.
void CallGraph::namedBy(const Module& module, const Function* within, const Node& code,
                        std::set<const Function*>& out, bool withHandlers) const {
    syntax::walk(code, [&](const Node& node) {
        if (!withHandlers && !(node == code) && handlerNodes_.count(node.id())) return false;
        if (!(node == code) && std::find(apart_.begin(), apart_.end(), node) != apart_.end()) return false;
        if (node.is("function_definition") && (!within || !(node == within->node)))
            for (const Function& nested : module.functions)
                if (nested.node == node && functions_.count(&nested) && (within || code == node))
                    out.insert(&nested);
        if (node.is("keyword_argument")) {
            namedBy(module, within, node.field("value"), out, withHandlers);
            return false;
        }
        // `getattr(self, name)`: which method it is shows only when it runs.
        if (within && !within->className.empty() && node.is("call") && node.field("function").text() == "getattr") {
            const std::vector<Node> arguments = node.field("arguments").namedChildren();
            if (arguments.size() > 1 && arguments[0].text() == "self" && !arguments[1].is("string"))
                for (const Function& method : module.functions)
                    if (method.className == within->className && !method.isNested && functions_.count(&method)) out.insert(&method);
        }
        // Neither `self.users` nor `def users(self)` is a use of a function `users`.
        if (node.is("identifier")) {
            const Node parent = node.parent();
            if (parent.is("attribute") && parent.field("attribute") == node) return false;
            if ((parent.is("function_definition") || parent.is("class_definition")) && parent.field("name") == node) return false;
        }
        if (node.is("attribute")) {
            methodsOf(module, within, node, out);
            // `self.app(environ, start_response)`: an object that was handed over, which may be any that can be called.
            if (node.field("object").text() == "self" && node.parent().is("call") && node.parent().field("function") == node &&
                !methodsByName_.count(std::string(node.field("attribute").text())))
                if (const auto callable = methodsByName_.find("__call__"); callable != methodsByName_.end())
                    out.insert(callable->second.begin(), callable->second.end());
            const std::string ending = "." + std::string(node.field("attribute").text());
            const bool mayBeTable = std::any_of(tables_.begin(), tables_.end(), [&](const auto& one) { return endsWith(one.first.second, ending); });
            if (mayBeTable && !isFilled(node))
                if (auto table = tables_.find(attributeTable(project_, module, node)); table != tables_.end())
                    out.insert(table->second.begin(), table->second.end());
        }
        if (hasOperators_ && isOperand(node) && project_.resolve(module, node).kind != Symbol::Kind::Class && !facts::isOnlyKept(project_, module, node))
            operatorsOf(facts::ownerClass(project_, module, node), out);
        if (!node.is("identifier") && !node.is("attribute")) return true;
        const Symbol& symbol = project_.resolve(module, node);
        if (symbol.kind == Symbol::Kind::Function) {
            const Function* found = symbol.module->function(symbol.name);
            if (found && functions_.count(found)) out.insert(found);
        } else if (symbol.kind == Symbol::Kind::Class) {
            for (const char* made : {"__init__", "__post_init__", "__new__"})
                if (const Function* found = method(symbol.module->name + ":" + symbol.name, made))
                    out.insert(found);
            if (!isOnlyNamed(node))
                if (const Function* found = method(symbol.module->name + ":" + symbol.name, "__call__")) out.insert(found);
        } else if (symbol.kind == Symbol::Kind::Variable) {
            auto table = tables_.find({symbol.module, symbol.name});
            if (table != tables_.end() && !isFilled(node)) out.insert(table->second.begin(), table->second.end());
            // `len(repo)`, `repo[k]`: operators of an object whose class the project defines.
            const bool assigned = node.parent().is("assignment") && node.parent().field("left") == node;
            if (hasOperators_ && !assigned && !facts::isOnlyKept(project_, module, node)) operatorsOf(facts::ownerClass(project_, module, node), out);
        }
        return node.is("attribute");
    });
}

void CallGraph::operatorsOf(const std::string& owner, std::set<const Function*>& out) const {
    if (owner.empty()) return;
    for (const auto& [name, methods] : methodsByName_)
        if (isOperator(name))
            if (const Function* found = method(owner, name)) out.insert(found);
}

void CallGraph::methodsOf(const Module& module, const Function* within, const Node& attribute,
                          std::set<const Function*>& out) const {
    std::string name(attribute.field("attribute").text());
    auto known = methodsByName_.find(name);
    if (known == methodsByName_.end()) return;
    Node object = attribute.field("object");
    std::string owner = facts::ownerClass(project_, module, object);
    if (!owner.empty()) {
        if (const Function* found = method(owner, name)) {
            out.insert(found);
            // The object may be of a class that overrides it.
            for (const Function* other : known->second)
                if (other != found && facts::derivesFrom(project_, *functions_.at(other), other->className, owner))
                    out.insert(other);
            return;
        }
    }
    if (isOfStandardLibrary(project_, module, object)) return;
    if (isBuiltinMethod(name)) {
        const bool unknown = object.is("attribute") || object.is("call") || mayBeOwnObject(module, within, object, kBindings) ||
                             isOutOfTable(module, within, object, kBindings);
        if (!unknown) return;
    }
    out.insert(known->second.begin(), known->second.end());
}

/// Whether a name may stand for an object of a class of the project, whose methods are called as those of
/// containers: `repo = Repo()`, `repo = current_app.repo`, `repo = make_repository()`, a parameter.
bool CallGraph::mayBeOwnObject(const Module& module, const Function* within, const Node& name, int steps) const {
    if (!name.is("identifier") || steps == 0) return false;
    const Symbol& symbol = project_.resolve(module, name);
    if (symbol.kind == Symbol::Kind::Variable && symbol.module) {
        const auto assigned = symbol.module->assignments.find(symbol.name);
        return assigned != symbol.module->assignments.end() &&
               std::any_of(assigned->second.begin(), assigned->second.end(), [&](const Node& statement) {
                   return givesOwnObject(*symbol.module, nullptr, statement.namedChild(0).field("right"), steps - 1);
               });
    }
    while (within && !within->locals.count(std::string(name.text()))) within = module.enclosingFunction(within->node);
    if (symbol.kind != Symbol::Kind::Local || !within) return false;
    for (const Node& parameter : within->node.field("parameters").namedChildren())
        if (parameterName(parameter) == name.text()) return true;
    bool own = false;
    syntax::walk(within->node.field("body"), [&](const Node& node) {
        if (node.is("assignment") && node.field("left").text() == name.text())
            own = own || givesOwnObject(module, within, node.field("right"), steps - 1);
        if (node.is("as_pattern") && node.field("alias").text() == name.text())
            own = own || givesOwnObject(module, within, node.namedChild(0), steps - 1);
        if ((node.is("for_statement") || node.is("for_in_clause")) && node.field("left").text() == name.text())
            own = own || isOutOfTable(module, within, node.field("right"), steps - 1);
        if (node.is("named_expression") && node.field("name").text() == name.text())
            own = own || givesOwnObject(module, within, node.field("value"), steps - 1);
        return !own;
    });
    return own;
}

bool CallGraph::givesOwnObject(const Module& module, const Function* within, Node value, int steps) const {
    if (value.is("await")) value = value.namedChild(0);
    if (value.isOneOf({"boolean_operator", "conditional_expression", "parenthesized_expression", "expression_list", "tuple"})) {
        const std::vector<Node> parts = value.namedChildren();
        return std::any_of(parts.begin(), parts.end(),
                           [&](const Node& part) { return givesOwnObject(module, within, part, steps); });
    }
    if (value.is("identifier")) return mayBeOwnObject(module, within, value, steps);
    if (value.is("attribute")) return !isOfStandardLibrary(project_, module, value) && !isRequestData(value);
    if (isOutOfTable(module, within, value, steps)) return true;
    if (!value.is("call")) return false;
    const Node callee = value.field("function");
    const Symbol& symbol = project_.resolve(module, callee);
    if (symbol.kind == Symbol::Kind::Function || symbol.kind == Symbol::Kind::Class) return true;
    if (!callee.is("attribute")) return false;
    const std::string name(callee.field("attribute").text());
    return methodsByName_.count(name) > 0 &&
           (!isBuiltinMethod(name) || !facts::ownerClass(project_, module, callee.field("object")).empty());
}

/// `REPOS[kind]`, `REPOS.get(kind)`, `REPOS.values()` where the container is written with objects or classes of the project.
bool CallGraph::isOutOfTable(const Module& module, const Function* within, const Node& value, int steps) const {
    const Node callee = value.is("call") ? value.field("function") : Node();
    const Node table = value.is("subscript") ? value.field("value") : callee.is("attribute") ? callee.field("object") : value;
    const Symbol& symbol = project_.resolve(module, table);
    if (steps == 0 || symbol.kind != Symbol::Kind::Variable || !symbol.module) return false;
    const auto assigned = symbol.module->assignments.find(symbol.name);
    const Node content = assigned == symbol.module->assignments.end() ? Node() : assigned->second.front().namedChild(0).field("right");
    if (!content.isOneOf({"dictionary", "list", "tuple"})) return false;
    const std::vector<Node> parts = content.namedChildren();
    return std::any_of(parts.begin(), parts.end(), [&](const Node& part) {
        const Node held = part.is("pair") ? part.field("value") : part;
        if (held.is("call")) return project_.resolve(*symbol.module, held.field("function")).kind == Symbol::Kind::Class;
        return project_.resolve(*symbol.module, held).kind == Symbol::Kind::Class || givesOwnObject(*symbol.module, within, held, steps - 1);
    });
}

/// The method of a class or of the nearest base in the project that has it.
const Function* CallGraph::method(const std::string& classId, const std::string& name) const {
    const Function* found = facts::methodOfClass(project_, classId, name);
    return functions_.count(found) ? found : nullptr;
}

} // namespace covet::rules
