#include "rules/legacy/registration.h"

#include <algorithm>
#include <tuple>

#include "facts/reference_context.h"
#include "rules/legacy/registrars.h"
#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules::legacy {

std::string containerId(const Project& project, const Module& module, const Node& expression) {
    Node node = expression;
    for (;;) {
        if (node.is("subscript")) node = node.field("value");
        else if (node.is("parenthesized_expression")) node = node.namedChildren()[0];
        else if (node.is("call") && node.field("function").is("attribute") &&
                 (node.field("function").field("attribute").text() == "setdefault" ||
                  node.field("function").field("attribute").text() == "get"))
            node = node.field("function").field("object");
        else break;
    }
    if (!node.is("identifier") && !node.is("attribute")) return "";
    const semantic::Symbol& symbol = project.resolve(module, node);
    if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module)
        return symbol.module->name + ":" + symbol.name;
    if (node.is("attribute")) {
        const std::string owner = facts::ownerClass(project, module, node.field("object"));
        if (!owner.empty()) return owner + "." + std::string(node.field("attribute").text());
    }
    return "";
}

const Function* namedFunction(const Project& project, const Module& module, const Node& expression,
                              const Module** definedIn) {
    if (!expression.is("identifier") && !expression.is("attribute")) return nullptr;
    const semantic::Symbol& symbol = project.resolve(module, expression);
    if (symbol.kind == semantic::Symbol::Kind::Function && symbol.module) {
        if (definedIn) *definedIn = symbol.module;
        return symbol.module->function(symbol.name);
    }
    if (symbol.kind == semantic::Symbol::Kind::Local && expression.is("identifier"))
        for (const Function* scope = module.enclosingFunction(expression); scope;
             scope = module.enclosingFunction(scope->node))
            if (const Function* nested =
                    module.function(scope->qualified + ".<locals>." + std::string(expression.text()))) {
                if (definedIn) *definedIn = &module;
                return nested;
            }
    if (expression.is("attribute")) {
        const std::string owner = facts::ownerClass(project, module, expression.field("object"));
        const size_t colon = owner.find(':');
        if (colon == std::string::npos) return nullptr;
        const Module* home = project.module(owner.substr(0, colon));
        if (!home) return nullptr;
        if (definedIn) *definedIn = home;
        return home->function(owner.substr(colon + 1) + "." + std::string(expression.field("attribute").text()));
    }
    return nullptr;
}

namespace {

/// `/orders/(\d+)` with the names that the handler has for the groups, its last parameters.
std::string namedGroups(const std::string& pattern, const Function& handler) {
    std::vector<std::string> names;
    for (const Node& parameter : handler.node.field("parameters").namedChildren()) names.push_back(parameterName(parameter));
    std::vector<size_t> groups;
    for (size_t i = 0; i < pattern.size(); ++i)
        if (pattern[i] == '(' && (i == 0 || pattern[i - 1] != '\\') && pattern.compare(i, 2, "(?") != 0) groups.push_back(i);
    if (groups.size() > names.size()) return pattern;
    std::string text = pattern;
    for (size_t i = groups.size(); i-- > 0;)
        text.insert(groups[i] + 1, "?P<" + names[names.size() - groups.size() + i] + ">");
    return text;
}

class Finder {
public:
    explicit Finder(const Project& project)
        : project_(project)
        , registrars_(project) {}

    std::vector<Registry> run() {
        for (const auto& module : project_.modules()) {
            visitDecorators(*module);
            visitStatements(*module);
        }
        std::vector<Registry> found;
        for (auto& [id, registry] : registries_) {
            if (registry.registrations.empty() && registry.unclear.empty()) continue;
            complete(registry);
            if (!registry.module) continue;
            found.push_back(std::move(registry));
        }
        std::sort(found.begin(), found.end(), [](const Registry& a, const Registry& b) {
            return std::make_tuple(a.module->path(), a.definitions.empty() ? 0 : a.definitions[0].start(), a.id) <
                   std::make_tuple(b.module->path(), b.definitions.empty() ? 0 : b.definitions[0].start(), b.id);
        });
        return found;
    }

private:
    Registry& registry(const std::string& id) {
        Registry& entry = registries_[id];
        entry.id = id;
        return entry;
    }

    void unclear(const std::string& id, const std::string& reason, const Module& module, const Node& node) {
        Registry& entry = registry(id);
        if (!entry.unclear.empty()) return;
        entry.unclear = reason;
        entry.unclearModule = &module;
        entry.unclearNode = node;
    }

    /// Adds what one registering operation amounts to, with `handler` known.
    void add(const Insertion& insertion, Registration base, const Module& handlerModule, const Node& handler) {
        const Node bare = handler.is("parenthesized_expression") ? handler.namedChildren()[0] : handler;
        if (bare.is("lambda")) {
            base.lambda = bare;
            base.handlerModule = &handlerModule;
        } else {
            base.function = namedFunction(project_, handlerModule, bare, &base.handlerModule);
            if (!base.function) return unclear(insertion.registry, "handler-unknown", *base.module, base.node);
        }
        addRoutes(insertion, base);
    }

    void visitDecorators(const Module& module) {
        for (const Function& function : module.functions) {
            if (!function.decorated.is("decorated_definition")) continue;
            // The innermost decorator registers first.
            std::vector<Node> decorators;
            for (const Node& child : function.decorated.namedChildren())
                if (child.is("decorator")) decorators.push_back(child.namedChild(0));
            for (const Node& expression : decorators) {
                const bool isCall = expression.is("call");
                std::vector<Insertion> effects = registrars_.decoration(module, expression);
                for (const Insertion& effect : effects) {
                    Registration base;
                    base.site = Registration::Site::Decorator;
                    base.module = &module;
                    base.node = expression;
                    base.handlerModule = &module;
                    registry(effect.registry).registrars.insert(effect.path.begin(), effect.path.end());
                    if (!isCall) {
                        unclear(effect.registry, "route-not-constant", module, expression);
                        continue;
                    }
                    Registration made = base;
                    made.function = &function;
                    addRoutes(effect, made);
                }
            }
        }
    }

    void addRoutes(const Insertion& insertion, const Registration& base) {
        if (insertion.keys.empty())
            return unclear(insertion.registry, "route-not-constant", *base.module, base.node);
        for (const RouteKey& key : insertion.keys) {
            Registration made = base;
            made.method = key.method;
            made.pattern = key.pattern;
            std::optional<std::string> path = targetPath(key.pattern, key.isRegex, made.converted, made.guards);
            if (!path) {
                unclear(insertion.registry, "path-pattern", *base.module, base.node);
                // Its handler gets the groups by position; the route is there all the same.
                if (key.isRegex && base.function) path = targetPath(namedGroups(key.pattern, *base.function), true, made.converted, made.guards);
                if (!path) continue;
            }
            made.path = *path;
            Registry& entry = registry(insertion.registry);
            if (entry.keyForm.empty()) entry.keyForm = insertion.keyForm;
            entry.registrations.push_back(std::move(made));
        }
    }

    void visitStatements(const Module& module) {
        syntax::walk(module.tree->root(), [&](const Node& node) {
            if (node.is("expression_statement")) visitStatement(module, node);
            return !node.is("lambda");
        });
    }

    void visitStatement(const Module& module, const Node& statement) {
        const Node expression = statement.namedChild(0);
        const Function* inside = module.enclosingFunction(statement);
        if (expression.is("assignment") && expression.field("left").is("identifier")) {
            if (!inside) visitLiteral(module, statement, expression);
            return;
        }
        for (const Function* scope = inside; scope; scope = module.enclosingFunction(scope->node))
            if (registrars_.isRegistrar(*scope)) return;
        Registration base;
        base.module = &module;
        base.node = statement;
        for (const Insertion& effect : registrars_.operation(module, expression)) {
            base.site = effect.path.empty() ? Registration::Site::Assignment : Registration::Site::Call;
            registry(effect.registry).registrars.insert(effect.path.begin(), effect.path.end());
            if (!effect.handler.module) {
                unclear(effect.registry, "handler-unknown", module, statement);
                continue;
            }
            if (inside || !statement.parent().is("module"))
                unclear(effect.registry, "conditional-route", module, statement);
            add(effect, base, *effect.handler.module, effect.handler.node);
        }
    }

    /// `ROUTES = {("GET", "/x"): handler, ...}` and lists of tuples.
    void visitLiteral(const Module& module, const Node& statement, const Node& assignment) {
        const std::string id = module.name + ":" + std::string(assignment.field("left").text());
        for (const Insertion& effect : registrars_.literal(module, assignment.field("right"))) {
            Registration base;
            base.site = Registration::Site::Entry;
            base.module = &module;
            base.node = statement;
            Insertion placed = effect;
            placed.registry = id;
            add(placed, base, module, effect.handler.node);
        }
    }

    void complete(Registry& registry) {
        const size_t colon = registry.id.find(':');
        registry.module = project_.module(registry.id.substr(0, colon));
        registry.variable = registry.id.substr(colon + 1);
        const size_t dot = registry.variable.find('.');
        if (dot != std::string::npos) {
            registry.className = registry.variable.substr(0, dot);
            registry.variable = registry.variable.substr(dot + 1);
        } else if (registry.module) {
            auto assigned = registry.module->assignments.find(registry.variable);
            if (assigned != registry.module->assignments.end()) registry.definitions = assigned->second;
        }
        for (const Function* registrar : registrars_.all())
            if (registrars_.reaches(*registrar, registry.id)) registry.registrars.insert(registrar);
    }

    const Project& project_;
    Registrars registrars_;
    std::map<std::string, Registry> registries_;
};

} // namespace

std::vector<Registry> findRegistries(const Project& project) { return Finder(project).run(); }

} // namespace covet::rules::legacy
