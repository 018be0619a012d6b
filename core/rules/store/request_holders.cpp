#include "rules/store/request_holders.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;

bool runsBeforeHandlers(const Function& function) {
    for (const Node& part : function.decorated.namedChildren()) {
        const std::string_view text = part.text();
        if (!part.is("decorator")) continue;
        if (endsWith(text, ".before_request") || endsWith(text, ".before_app_request")) return true;
        // As it is called after a migration.
        if (startsWith(text, "@before_request(") || startsWith(text, "@of_application(before_request")) return true;
    }
    return false;
}

/// `@auth.verify_password`, `@login_manager.user_loader`: what it gives is the user of the request from then on.
bool findsUser(const Function& function) {
    for (const Node& part : function.decorated.namedChildren())
        for (const char* name : {".verify_password", ".verify_token", ".user_loader", ".request_loader"})
            if (part.is("decorator") && endsWith(part.text(), name)) return true;
    return false;
}

/// `current_user` of Flask-Login, `auth.current_user()` of Flask-HTTPAuth; null for others of that name.
Node userNamed(const semantic::Project& project, const Module& module, const Node& name) {
    const Node outer = name.parent();
    if (outer.is("attribute") && outer.field("attribute") == name) return outer.parent().is("call") ? outer.parent() : Node();
    const semantic::Symbol& symbol = project.resolve(module, name);
    if (symbol.kind == semantic::Symbol::Kind::External) return endsWith(symbol.name, "login.current_user") ? name : Node();
    return symbol.module && endsWith(symbol.module->name, "covet_flask_login") ? name : Node();
}

bool isHolder(const semantic::Project& project, const Module& module, const Node& node) {
    if (!node.is("attribute")) return false;
    const semantic::Symbol& symbol = project.resolve(module, node.field("object"));
    if (symbol.kind == semantic::Symbol::Kind::External) return symbol.name == "flask.g" || endsWith(symbol.name, "covet_flask.g");
    return symbol.kind == semantic::Symbol::Kind::Variable && symbol.module && symbol.name == "g" &&
           endsWith(symbol.module->name, "covet_flask");
}

/// Whether the code around what denotes a record changes it: `g.user["visits"] += 1`, `user.update(...)`.
bool isChanged(Node node) {
    bool inside = false;
    for (Node outer = node.parent(); outer; outer = node.parent()) {
        const bool part = (outer.is("subscript") && outer.field("value") == node) || (outer.is("attribute") && outer.field("object") == node);
        if (part) {
            const Node call = outer.is("attribute") ? outer.parent() : Node();
            if (call.is("call") && call.field("function") == outer && facts::isMutatingMethod(outer.field("attribute").text())) return true;
            inside = true;
            node = outer;
            continue;
        }
        if (outer.is("delete_statement")) return inside;
        return inside && (outer.is("assignment") || outer.is("augmented_assignment")) && outer.field("left") == node;
    }
    return false;
}

class RequestHolders {
public:
    RequestHolders(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                   const std::vector<const FoundStore*>& stores)
        : project_(context.project()), graph_(graph), access_(access), stores_(stores) {}

    void run(Obstacles& found) const {
        for (const auto& [function, module] : graph_.functions()) {
            if (access_.touches(*function) && findsUser(*function)) keepsUser(*module, *function, found);
            if (!access_.touches(*function) || !runsBeforeHandlers(*function)) continue;
            const Function* hook = function;
            const Module* home = module;
            syntax::walk(function->node.field("body"), [&](const Node& node) {
                const Node target = node.is("assignment") ? node.field("left") : Node();
                if (!isHolder(project_, *home, target)) return true;
                const std::string name(target.field("attribute").text());
                if (!isChangedElsewhere(name, *hook)) return true;
                for (const FoundStore* store : stores_)
                    if (givesRecord(*home, *hook, node.field("right"), *store, kSteps))
                        found.emplace(store, Obstacle{"kept-after-hook",
                                                      "look `g." + name + "` up in the handler that changes it", home, node});
                return true;
            });
        }
    }

private:
    static constexpr int kSteps = 4;

    /// Whether a value is, or is made by code that reaches, an element of the store.
    bool givesRecord(const Module& module, const Function& function, const Node& value, const FoundStore& store, int steps) const {
        if (value.isNull() || steps == 0) return false;
        for (const facts::StoreReference& reference : store.references)
            if (reference.node.tree() == value.tree() && value.contains(reference.node)) {
                const facts::UseKind use = facts::contextOf(reference.node).kind;
                return use != facts::UseKind::Length && use != facts::UseKind::Contains && use != facts::UseKind::NotContains;
            }
        for (const Function* called : graph_.namedIn(module, value)) {
            const std::vector<const FoundStore*> reached = access_.storesOf(*called);
            if (std::find(reached.begin(), reached.end(), &store) != reached.end()) return true;
        }
        bool gives = false;
        if (value.is("identifier"))
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                if (node.is("assignment") && node.field("left").text() == value.text())
                    gives = gives || givesRecord(module, function, node.field("right"), store, steps - 1);
                return !gives;
            });
        return gives;
    }

    void keepsUser(const Module& module, const Function& finder, Obstacles& found) const {
        bool changed = false;
        for (const auto& [function, home] : graph_.functions())
            for (const Node& named : home->tree->identifiers("current_user")) {
                const Node user = function->node.contains(named) ? userNamed(project_, *home, named) : Node();
                changed = changed || (!user.isNull() && changesHere(*home, *function, user));
            }
        if (!changed) return;
        syntax::walk(finder.node.field("body"), [&](const Node& node) {
            if (!node.is("return_statement")) return true;
            for (const FoundStore* store : stores_)
                if (givesRecord(module, finder, node.namedChild(0), *store, kSteps))
                    found.emplace(store, Obstacle{"kept-after-hook", "look the user up in the handler that changes it", &module, node});
            return true;
        });
    }

    /// Whether a function changes what an expression in it denotes, under a name of its own or through what it calls.
    bool changesHere(const Module& module, const Function& function, const Node& value) const {
        if (isChanged(value) || isChangedByCall(module, value)) return true;
        const Node assignment = value.parent();
        const Node local = assignment.is("assignment") && assignment.field("right") == value ? assignment.field("left") : Node();
        if (!local.is("identifier")) return false;
        for (const Node& same : module.tree->identifiers(local.text()))
            if (function.node.contains(same) && (isChanged(same) || isChangedByCall(module, same))) return true;
        return false;
    }

    /// `current_user.set_password("x")`, `spend(current_user, 5)`
    bool isChangedByCall(const Module& module, const Node& value) const {
        const Node outer = value.parent();
        if (outer.is("attribute") && outer.field("object") == value && outer.parent().is("call") && outer.parent().field("function") == outer) {
            for (const auto& [method, home] : graph_.functions())
                if (!method->className.empty() && method->name == outer.field("attribute").text() && changesParameter(*home, *method, 0)) return true;
            return false;
        }
        if (!outer.is("argument_list") || !outer.parent().is("call")) return false;
        const semantic::Symbol& symbol = project_.resolve(module, outer.parent().field("function"));
        const Function* called = symbol.module ? symbol.module->function(symbol.name) : nullptr;
        size_t at = 0;
        for (const Node& argument : outer.namedChildren()) {
            if (argument == value) break;
            ++at;
        }
        return called && changesParameter(*symbol.module, *called, at);
    }

    static bool changesParameter(const Module& module, const Function& function, size_t at) {
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        if (at >= parameters.size()) return false;
        const Node first = parameters[at].is("identifier") ? parameters[at] : parameters[at].namedChild(0);
        for (const Node& same : module.tree->identifiers(first.text()))
            if (function.node.field("body").contains(same) && isChanged(same)) return true;
        return false;
    }

    bool isChangedElsewhere(const std::string& name, const Function& hook) const {
        for (const auto& [function, module] : graph_.functions()) {
            if (function == &hook) continue;
            for (const Node& named : module->tree->identifiers(name)) {
                const Node attribute = named.parent();
                if (!function->node.contains(named) || !isHolder(project_, *module, attribute) || !(attribute.field("attribute") == named)) continue;
                if (changesHere(*module, *function, attribute)) return true; // also by way of `user = g.user`
            }
        }
        return false;
    }

    const semantic::Project& project_;
    const CallGraph& graph_;
    const StoreAccess& access_;
    const std::vector<const FoundStore*>& stores_;
};

} // namespace

void requestHolderObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                            const std::vector<const FoundStore*>& stores, Obstacles& found) {
    // An application that stays writes back when its request ends.
    if (!context.staysOnFramework) RequestHolders(context, graph, access, stores).run(found);
}

} // namespace covet::rules
