#include "facts/unseen_stores.h"

#include <algorithm>

#include "facts/call_scope.h"
#include "facts/container_shape.h"
#include "facts/held_objects.h"
#include "facts/object_place.h"
#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "facts/unknown_contents.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

/// `count += 1`, `count = count + 1`
bool goesOn(const Node& node) {
    const Node left = node.field("left");
    if (!left.is("identifier")) return false;
    if (node.is("augmented_assignment")) return true;
    const Node right = node.is("assignment") ? node.field("right") : Node();
    return right.is("binary_operator") && (right.field("left").text() == left.text() || right.field("right").text() == left.text());
}

/// What a statement or a call changes: `state.users` of `state.users[name] = user`; null for others.
Node changedBy(const Node& node) {
    Node target;
    if (node.is("call") && node.field("function").is("attribute") && isMutatingMethod(node.field("function").field("attribute").text()))
        target = node.field("function").field("object");
    else if ((node.is("assignment") || node.is("augmented_assignment")) && node.field("left").is("subscript"))
        target = node.field("left").field("value");
    else if (node.is("delete_statement") && node.namedChild(0).is("subscript"))
        target = node.namedChild(0).field("value");
    else if (goesOn(node))
        target = node.field("left");
    while (target) {
        if (target.is("subscript")) target = target.field("value");
        else if (target.is("call") && target.field("function").is("attribute")) target = target.field("function").field("object");
        else break;
    }
    return target.is("attribute") || target.is("identifier") ? target : Node();
}

Node rootOf(Node node) {
    while (node.is("attribute") || node.is("subscript")) node = node.is("attribute") ? node.field("object") : node.field("value");
    return node;
}

class UnseenStores {
public:
    UnseenStores(const Project& project, const std::set<const void*>& seen, std::vector<FoundStore>& found)
        : project_(project), places_(project), seen_(seen), found_(found) {}

    void run() {
        const bool serves = std::any_of(project_.modules().begin(), project_.modules().end(), [](const auto& module) {
            return !semantic::isTestModule(*module) && makesApplication(*module);
        });
        if (!serves) return;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Function& function : module->functions)
                if (function.name != "__init__" && function.name != "__new__")
                    syntax::walk(function.node.field("body"), [&](const Node& node) {
                        if (node.is("function_definition") || node.is("class_definition")) return false;
                        if (const Node target = changedBy(node)) look(*module, function, node, target);
                        lookAtMaking(*module, function, node);
                        return true;
                    });
        }
    }

private:
    bool isSeen(const Node& target) const {
        for (Node node = target; node.is("attribute") || node.is("identifier") || node.is("subscript");
             node = node.is("attribute") ? node.field("object") : node.field("value"))
            if (seen_.count(node.id())) return true;
        return false;
    }

    void look(const Module& module, const Function& function, const Node& change, const Node& target) {
        if (isSeen(target)) return;
        if (target.is("identifier") && !function.locals.count(std::string(target.text())) &&
            project_.resolve(module, target).kind == semantic::Symbol::Kind::Variable)
            return lookAtVariable(project_.resolve(module, target), changeOfName(change, target));
        if (goesOn(change) || !lasts(module, function, target)) return;
        FoundStore store;
        store.fact.id = module.name + ":" + std::string(target.text());
        store.fact.name = std::string(target.text());
        store.fact.module = module.name;
        store.fact.where = {module.path(), target.line()};
        store.fact.changed = true;
        store.fact.leftAlone = "not-followed";
        store.module = &module;
        store.owner = Owner::Object;
        store.variable = store.className = store.fact.name;
        store.definition = statementOf(target);
        store.initialValue = target;
        addStore(std::move(store), found_);
    }

    /// `global db; db = {"users": []}` of a name that starts as None, whatever is done with it then.
    void lookAtMaking(const Module& module, const Function& function, const Node& node) {
        const Node target = node.is("assignment") ? node.field("left") : Node();
        if (!target.is("identifier") || !function.globals.count(std::string(target.text()))) return;
        const auto assigned = module.assignments.find(std::string(target.text()));
        if (assigned == module.assignments.end() || assigned->second.front().namedChild(0).field("right").text() != "None") return;
        const Node value = node.field("right");
        const ContainerShape shape = shapeOfContainer(project_, module, value);
        const bool waits = shape.isContainer && !shape.isLoaded && shape.container != Container::Scalar;
        if (waits) addVariable({semantic::Symbol::Kind::Variable, &module, std::string(target.text())}, assigned->second.front(), "not-followed");
    }

    void addVariable(const semantic::Symbol& symbol, const Node& statement, const std::string& reason) {
        FoundStore store;
        store.fact.id = symbol.module->name + ":" + symbol.name;
        store.fact.name = store.variable = symbol.name;
        store.fact.module = symbol.module->name;
        store.fact.where = {symbol.module->path(), statement.line()};
        store.fact.changed = true;
        store.fact.leftAlone = reason;
        store.module = symbol.module;
        store.definition = statement;
        store.initialValue = statement.namedChild(0).field("right");
        addStore(std::move(store), found_);
    }

    /// A name of a module whose first value does not show what it is: `starts = load()`.
    void lookAtVariable(const semantic::Symbol& symbol, ChangeOfName change) {
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (change == ChangeOfName::None || assigned == symbol.module->assignments.end()) return;
        const Node statement = assigned->second.front();
        const Node assignment = statement.namedChild(0);
        if (!assignment.is("assignment") || assignment.field("left").text() != symbol.name) return;
        // What shows itself as a container has been looked at, also where its entries are stores of their own.
        if (shapeOfContainer(project_, *symbol.module, assignment.field("right")).isContainer) return;
        const Contents contents = contentsOf(project_, *symbol.module, assignment.field("right"), change);
        if (contents == Contents::NoData) return;
        addVariable(symbol, statement, contents == Contents::RuntimeObject ? "runtime-object" : "not-followed");
    }

    bool lasts(const Module& module, const Function& function, const Node& target) const {
        if (target.is("identifier")) return lastsAsName(module, function, target);
        // A method of an object of the project: what it changes is seen there.
        if (!ownerClass(project_, module, target).empty()) return false;
        const Node root = rootOf(target);
        // `get_state().rows.append(row)`, where it does not show what the function gives.
        if (root.is("call")) {
            const semantic::Symbol& callee = project_.resolve(module, root.field("function"));
            return callee.kind == semantic::Symbol::Kind::Function && root.field("arguments").namedChildCount() == 0;
        }
        if (root.text() == "self") return lastsInObject(module, function, target);
        if (endsWith(target.field("object").text(), "app.state")) return true;
        if (isOwnAttributeOfApplication(target)) return true;
        const auto place = places_.of(module, target);
        if (!place || !place->module) return false;
        // An attribute of an object whose class the project defines, or that only holds attributes.
        const auto assigned = place->module->assignments.find(place->root);
        if (assigned == place->module->assignments.end()) return false;
        const Node value = assigned->second.front().namedChild(0).field("right");
        return value.is("call") && (!ownerClass(project_, *place->module, value).empty() || endsWith(value.field("function").text(), "Namespace"));
    }

    /// `app.users`, where several applications leave open which one that is.
    static bool isOwnAttributeOfApplication(const Node& target) {
        static constexpr Words kOfFramework = {
            "config",     "router",     "routes",           "dependency_overrides", "url_map",    "jinja_env",       "view_functions",
            "extensions", "middleware", "before_request_funcs", "after_request_funcs", "exception_handlers", "error_handler_spec",
            "state",      "cli",        "logger",           "json",                 "user_middleware", "blueprints", "template_context_processors"};
        const std::string_view object = target.field("object").text();
        return (object == "app" || object == "current_app" || endsWith(object, "request.app")) &&
               !kOfFramework.count(target.field("attribute").text());
    }

    bool lastsInObject(const Module& module, const Function& function, const Node& target) const {
        const Function* method = &function;
        while (method && method->className.empty()) method = module.enclosingFunction(method->node);
        if (!method || target.field("object").text() != "self" || CallScope(project_).isMadePerRequest(module, method->className)) return false;
        const semantic::Class* owner = module.classNamed(method->className);
        bool makes = false;
        syntax::walk(owner ? owner->node : Node(), [&](const Node& node) {
            makes = makes || (node.is("assignment") && node.field("left").text() == target.text() &&
                              shapeOfContainer(project_, module, node.field("right")).isContainer);
            return !makes;
        });
        const auto objects = makes ? heldObjects(project_, module, method->className) : std::nullopt;
        return objects && std::none_of(objects->begin(), objects->end(), [&](const HeldObject& object) {
                   return isElementOfContainer(project_, object); // of a store, whose records they are
               });
    }

    bool lastsAsName(const Module& module, const Function& function, const Node& name) const {
        const semantic::Symbol& symbol = project_.resolve(module, name);
        if (symbol.kind != semantic::Symbol::Kind::Local || function.locals.count(std::string(name.text()))) return false;
        const Function* scope = module.enclosingFunction(function.node);
        while (scope && !scope->locals.count(std::string(name.text()))) scope = module.enclosingFunction(scope->node);
        if (!scope) return false;
        bool makes = false;
        syntax::walk(scope->node.field("body"), [&](const Node& node) {
            makes = makes || (node.is("assignment") && node.field("left").text() == name.text() && module.enclosingFunction(node) == scope &&
                              shapeOfContainer(project_, module, node.field("right")).isContainer &&
                              makesOneObject(project_, module, node.field("right")));
            return !makes;
        });
        return makes;
    }

    const Project& project_;
    const ObjectPlaces places_;
    const std::set<const void*>& seen_;
    std::vector<FoundStore>& found_;
};

} // namespace

void addUnseenStores(const Project& project, const std::set<const void*>& seen, std::vector<FoundStore>& found) {
    UnseenStores(project, seen, found).run();
}

} // namespace covet::facts
