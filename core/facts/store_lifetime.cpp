#include "facts/store_lifetime.h"

#include <algorithm>
#include <map>

#include "facts/call_scope.h"
#include "facts/class_uses.h"
#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using semantic::Symbol;

/// `Blueprint("api", __name__)`: serves nothing until an application registers it.
bool makesRouteGroup(const Node& call) {
    const Node callee = call.field("function");
    const std::string_view maker = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
    return maker == "Blueprint" || maker == "APIRouter" || maker == "Namespace" || maker == "RouteGroup";
}

bool isPlainCall(const Project& project, const Module& module, const Node& call) {
    static constexpr Words kContainers = {"list",  "dict",        "set",         "tuple",
                                          "deque", "defaultdict", "OrderedDict", "frozenset"};
    const Node callee = call.field("function");
    return kContainers.count(callee.text()) > 0 || makesRouteGroup(call) || project.resolve(module, callee).kind == Symbol::Kind::Class;
}

/// `@bp.route("/x")` where `bp` is no application: a server is told the name of an application.
bool registersWithBlueprint(const Project& project, const Module& module, const Node& decorated) {
    for (const Node& decorator : decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        Node root = decorator.namedChild(0);
        if (root.is("call")) root = root.field("function");
        if (!root.is("attribute")) continue; // wraps the function, wherever that goes
        const Symbol& symbol = project.resolve(module, root.field("object"));
        if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return false;
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end() || assigned->second.size() != 1) return false;
        if (!makesRouteGroup(assigned->second[0].namedChild(0).field("right"))) return false;
    }
    return true;
}

/// Whether a module only defines things, so that nobody runs it for what it does.
bool onlyDefines(const Project& project, const Module& module) {
    for (const Node& statement : module.tree->root().namedChildren()) {
        if (statement.is("comment") || statement.is("import_statement") || statement.is("import_from_statement") ||
            statement.is("future_import_statement") || statement.is("function_definition"))
            continue;
        if (statement.is("decorated_definition") && registersWithBlueprint(project, module, statement)) continue;
        if (!statement.is("class_definition") && !statement.is("expression_statement")) return false;
        if (statement.is("expression_statement") && !statement.namedChild(0).is("string") &&
            !statement.namedChild(0).is("assignment"))
            return false;
        bool plain = true;
        syntax::walk(statement, [&](const Node& node) {
            if (node.is("function_definition") || node.is("decorated_definition")) return false;
            plain = plain && (!node.is("call") || isPlainCall(project, module, node)) && !node.is("await");
            return plain;
        });
        if (!plain) return false;
    }
    return !module.tree->root().hasError();
}

bool hasParameter(const Module& module, const std::set<std::string>& names) {
    return std::any_of(module.functions.begin(), module.functions.end(), [&](const Function& function) {
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        return std::any_of(parameters.begin(), parameters.end(), [&](const Node& parameter) {
            return names.count(semantic::parameterName(parameter)) > 0;
        });
    });
}

/// `async def app(scope, receive, send)` and the like: a server is told their name.
bool hasServerFunction(const Module& module) { return hasParameter(module, {"scope", "environ", "event", "request", "req"}); }

/// A module of models looks up the classes of its rows by their names, and those are imported anyway.
bool definesModels(const Module& module) {
    return std::any_of(module.classes.begin(), module.classes.end(), [](const semantic::Class& owner) {
        return std::find(owner.bases.begin(), owner.bases.end(), "DeclarativeBase") != owner.bases.end();
    });
}

bool loadsByName(const Project& project) {
    return std::any_of(project.modules().begin(), project.modules().end(), [](const auto& module) {
        if (definesModels(*module)) return false;
        return module->imports.count("importlib") || module->imports.count("pkgutil") ||
               module->imports.count("import_module") || module->calls.count("__import__") ||
               module->calls.count("import_string") || module->calls.count("autodiscover_tasks");
    });
}

/// Whether a module has to do with serving requests, in whatever way.
bool serves(const Module& module) {
    static constexpr Words kLibraries = {"aiohttp", "bottle", "cherrypy", "covet",  "covetpy",      "django",     "falcon",
                                         "fastapi", "flask",  "grpc",     "http",   "litestar",     "pyramid",    "quart",
                                         "sanic",   "socketserver", "starlette", "tornado", "uvicorn", "websockets", "wsgiref"};
    static const std::set<std::string> kParameters = {"scope", "environ", "request", "req"};
    using Imported = std::pair<const std::string, semantic::ImportBinding>;
    const bool imports = std::any_of(module.imports.begin(), module.imports.end(), [](const Imported& one) {
        return kLibraries.count(one.second.module.substr(0, one.second.module.find('.'))) > 0;
    });
    return imports || makesApplication(module) || hasParameter(module, kParameters);
}

void addImported(const Project& project, const semantic::ImportBinding& binding, std::set<const Module*>& imported) {
    std::string name = binding.module;
    if (!binding.name.empty())
        if (const Module* sub = project.module(name + "." + binding.name)) imported.insert(sub);
    for (; !name.empty(); name = name.rfind('.') == name.npos ? "" : name.substr(0, name.rfind('.')))
        if (const Module* module = project.module(name)) imported.insert(module);
}

std::set<const Module*> importedBy(const Project& project, const Module& module) {
    std::set<const Module*> imported;
    for (const auto& [local, binding] : module.imports) addImported(project, binding, imported);
    for (const auto& binding : module.starImports) addImported(project, binding, imported);
    for (const Function& function : module.functions) {
        if (function.isNested || function.node.text().find("import") == std::string_view::npos) continue;
        // A name may stand for several imports, one after the other.
        syntax::walk(function.node, [&](const Node& node) {
            if (!node.is("import_statement") && !node.is("import_from_statement")) return true;
            semantic::forEachImported(module, node, [&](const std::string&, semantic::ImportBinding binding) { addImported(project, binding, imported); });
            return false;
        });
    }
    // Whoever imports a module imports the packages around it.
    for (size_t dot = module.name.rfind('.'); dot != module.name.npos; dot = module.name.rfind('.', dot - 1)) {
        if (const Module* package = project.module(module.name.substr(0, dot))) imported.insert(package);
        if (dot == 0) break;
    }
    imported.erase(&module);
    return imported;
}

using ModuleGraph = std::map<const Module*, std::set<const Module*>>;

std::set<const Module*> reachedFrom(std::set<const Module*> reached, const ModuleGraph& edges) {
    std::vector<const Module*> open(reached.begin(), reached.end());
    while (!open.empty()) {
        const auto next = edges.find(open.back());
        open.pop_back();
        if (next == edges.end()) continue;
        for (const Module* other : next->second)
            if (reached.insert(other).second) open.push_back(other);
    }
    return reached;
}

bool givesItselfAway(const Module& module, const std::string& className) {
    const semantic::Class* owner = module.classNamed(className);
    bool gives = !owner;
    if (owner)
        syntax::walk(owner->node, [&](const Node& node) {
            gives = gives || (node.is("assignment") && node.field("right").text() == "self");
            return !gives;
        });
    return gives;
}

bool isNeverMade(const Project& project, const Module& module, const std::string& className) {
    const ClassUses uses = usesOfFamily(project, module, className);
    return uses.made.empty() && uses.injected.empty() && !uses.asValue && !uses.otherwise;
}

bool isPerCall(const Project& project, const Module& module, const std::string& className) {
    const ClassUses uses = usesOfFamily(project, module, className);
    if ((uses.made.empty() && uses.injected.empty()) || uses.asValue || givesItselfAway(module, className)) return false;
    for (const auto& [other, subclass] : uses.subclasses)
        if (givesItselfAway(*other, subclass->name)) return false;
    CallScope scope(project);
    return std::all_of(uses.made.begin(), uses.made.end(),
                       [&](const auto& made) { return scope.endsWithCall(*made.first, made.second); });
}

bool onInstance(const FoundStore& store) {
    return store.isOfClass() &&
           store.definition.ancestor({"function_definition", "class_definition"}).is("function_definition");
}

/// `id = 1` in a class whose objects set `self.id` when they are made.
bool isInstanceDefault(const FoundStore& store) {
    if (!store.isOfClass() || onInstance(store) || store.fact.container != Container::Scalar) return false;
    return std::all_of(store.references.begin(), store.references.end(), [](const StoreReference& reference) {
        const ReferenceContext use = contextOf(reference.node);
        if (!isMutation(use)) return true;
        return use.kind == UseKind::Rebind && reference.node.field("object").text() == "self" &&
               reference.function && reference.function->name == "__init__";
    });
}

} // namespace

bool isOfOneObject(const Project& project, const FoundStore& store) {
    if (!isSingleton(project, *store.module, store.className)) return false;
    const Node function = store.definition.ancestor({"function_definition"});
    if (function.field("name").text() != "__init__" || !(store.definition.parent() == function.field("body"))) return true;
    for (const Node& statement : function.field("body").namedChildren()) {
        if (statement == store.definition) return false;
        const std::vector<Node> inside = statement.is("if_statement") ? statement.field("consequence").namedChildren() : std::vector<Node>();
        if (!inside.empty() && inside.back().is("return_statement")) return true;
    }
    return false;
}

bool isNoDataReason(std::string_view reason) {
    static constexpr Words kReasons = {"not-imported", "never-made", "per-call", "instance-default",
                                       "never-changed", "never-reached"};
    return kReasons.count(reason) > 0;
}

std::set<const Module*> otherPrograms(const Project& project) {
    ModuleGraph imports, importers;
    std::set<const Module*> serving;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        if (serves(*module) || module->tree->root().hasError()) serving.insert(module.get());
        imports[module.get()] = importedBy(project, *module);
        for (const Module* imported : imports[module.get()]) importers[imported].insert(module.get());
    }
    const std::set<const Module*> used = reachedFrom(serving, imports), users = reachedFrom(serving, importers);
    std::set<const Module*> others;
    for (const auto& [module, imported] : imports)
        if (!used.count(module) && !users.count(module)) others.insert(module);
    return others;
}

StoreLifetimes::StoreLifetimes(const Project& project) : project_(project) {
    if (loadsByName(project)) return;
    for (const auto& module : project.modules())
        if (!semantic::isTestModule(*module) && onlyDefines(project, *module) && !hasServerFunction(*module))
            unused_.insert(module.get());
    for (const Module* module : otherPrograms(project)) unused_.insert(module);
    for (bool changed = true; changed;) {
        std::set<const Module*> imported;
        for (const auto& module : project.modules())
            if (!semantic::isTestModule(*module) && !unused_.count(module.get())) imported.merge(importedBy(project, *module));
        changed = false;
        for (const Module* module : imported) changed = unused_.erase(module) > 0 || changed;
    }
    const bool found = std::any_of(project.modules().begin(), project.modules().end(), [&](const auto& module) {
        return !semantic::isTestModule(*module) && !unused_.count(module.get()) && makesApplication(*module);
    });
    if (!found) unused_.clear();
}

std::string StoreLifetimes::noDataReason(const FoundStore& store) const {
    if (unused_.count(store.module)) return "not-imported";
    if (isInstanceDefault(store)) return "instance-default";
    if (!onInstance(store) || isOfOneObject(project_, store)) return "";
    if (CallScope(project_).isMadePerRequest(*store.module, store.className)) return "per-call";
    if (isNeverMade(project_, *store.module, store.className)) return "never-made";
    return isPerCall(project_, *store.module, store.className) ? "per-call" : "";
}

} // namespace covet::facts
