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

bool isHolder(const semantic::Project& project, const Module& module, const Node& node) {
    if (!node.is("attribute")) return false;
    const semantic::Symbol symbol = project.resolve(module, node.field("object"));
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

    bool isChangedElsewhere(const std::string& name, const Function& hook) const {
        for (const auto& [function, module] : graph_.functions()) {
            if (function == &hook) continue;
            for (const Node& named : module->tree->identifiers(name)) {
                const Node attribute = named.parent();
                if (!function->node.contains(named) || !isHolder(project_, *module, attribute) || !(attribute.field("attribute") == named)) continue;
                if (isChanged(attribute)) return true;
                // `user = g.user`, and then the changes of that name.
                const Node assignment = attribute.parent();
                const Node local = assignment.is("assignment") && assignment.field("right") == attribute ? assignment.field("left") : Node();
                if (!local.is("identifier")) continue;
                for (const Node& same : module->tree->identifiers(local.text()))
                    if (function->node.contains(same) && isChanged(same)) return true;
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
