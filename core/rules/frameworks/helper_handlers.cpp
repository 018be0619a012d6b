// Handlers of applications that an earlier phase moved: what its generated helper module registers.
//
//     items = RouteGroup("/items")            class Item(Resource): def get(self, item_id): ...
//     @items.get("/{item_id}")                api.add_resource(Item, "/items/{item_id}")
//
// They were handlers when routing moved, so that the phase which moves the data finds them as it would have found
// them then.

#include <algorithm>

#include "rules/frameworks/frameworks.h"
#include "rules/frameworks/router_graph.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

constexpr const char* kFlaskHelper = "covet_flask";
constexpr const char* kPackageHelper = "covet_package";

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class HelperHandlers {
public:
    explicit HelperHandlers(MigrationContext& context) : context_(context) {}

    void run() {
        for (const auto& module : context_.project().modules()) {
            if (isTestModule(*module) || isHelper(module->name)) continue;
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("decorator") && node.namedChild(0).is("call")) decorated(*module, node);
                else if (node.is("call") && !node.parent().is("decorator")) called(*module, node);
                return true;
            });
        }
    }

private:
    /// Whether an earlier phase generated the module of that dotted name.
    bool isHelper(const std::string& dotted) const {
        const std::string name = dotted.substr(dotted.rfind('.') + 1);
        const auto& names = context_.target().routingModules;
        return startsWith(name, kFlaskHelper) || startsWith(name, kPackageHelper) || std::find(names.begin(), names.end(), name) != names.end();
    }

    /// The name of something of the helper module, which the project itself is read without; "" for anything else.
    std::string helperName(const Module& module, const Node& expression) const {
        const Symbol& symbol = context_.project().resolve(module, expression);
        if (symbol.module) return isHelper(symbol.module->name) ? symbol.name : "";
        const size_t dot = symbol.kind == Symbol::Kind::External ? symbol.name.rfind('.') : std::string::npos;
        return dot != std::string::npos && isHelper(symbol.name.substr(0, dot)) ? symbol.name.substr(dot + 1) : "";
    }

    /// What makes the object that an expression denotes: "RouteGroup", "Api", the target's application; "" if unknown.
    std::string makerOf(const Module& module, const Node& object) const {
        const Symbol& symbol = context_.project().resolve(module, object);
        Node value;
        const Module* home = &module;
        if (symbol.kind == Symbol::Kind::Variable && symbol.module) {
            const auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned == symbol.module->assignments.end()) return "";
            home = symbol.module;
            value = assigned->second.front().namedChild(0).field("right");
        } else if (symbol.kind == Symbol::Kind::Local) {
            for (const Function* scope = module.enclosingFunction(object); scope && !value; scope = module.enclosingFunction(scope->node))
                syntax::walk(scope->node, [&](const Node& node) {
                    if (node.is("assignment") && node.field("left").text() == object.text()) value = node.field("right");
                    return !value;
                });
        }
        if (!value.is("call")) return "";
        const Node callee = value.field("function");
        // `pets = api.namespace("pets")`
        if (callee.is("attribute") && callee.field("attribute").text() == "namespace" && makerOf(*home, callee.field("object")) == "Api") return "Namespace";
        const std::string helper = helperName(*home, callee);
        if (!helper.empty()) return helper;
        const Symbol& maker = context_.project().resolve(*home, value.field("function"));
        const catalog::TargetName& application = context_.target().application;
        return maker.kind == Symbol::Kind::External && maker.name == application.module + "." + application.name ? "application" : "";
    }

    void add(const Function* function, const Node& decorator) {
        const Module* home = function ? definingModule(context_.project(), *function) : nullptr;
        if (!home) return;
        if (!context_.handlerOf(*function))
            context_.handlers.push_back({home, function, context_.target().framework, /*rewritten=*/true});
        if (!decorator) return;
        for (Handler& handler : context_.handlers)
            if (handler.function == function &&
                std::find(handler.routeDecorators.begin(), handler.routeDecorators.end(), decorator) == handler.routeDecorators.end())
                handler.routeDecorators.push_back(decorator);
    }

    void addMethods(const Symbol& type) {
        if (type.kind != Symbol::Kind::Class || !type.module) return;
        for (const char* verb : {"get", "post", "put", "delete", "patch", "head", "options"})
            add(type.module->function(type.name + "." + verb), {});
    }

    void decorated(const Module& module, const Node& decorator) {
        const Node call = decorator.namedChild(0), callee = call.field("function");
        if (isRegistration(helperName(module, callee))) return add(decoratedFunction(module, decorator), decorator);
        if (!callee.is("attribute")) return;
        const std::string maker = makerOf(module, callee.field("object"));
        const std::string_view name = callee.field("attribute").text();
        if (maker == "RouteGroup" && isOneOf(name, {"route", "api_route", "get", "post", "put", "delete", "patch", "app_error_handler"}))
            return add(decoratedFunction(module, decorator), decorator);
        // Resources of Flask-RESTX are on routes of their Api or of its namespaces.
        if (name == "route" ? maker != "Api" && maker != "Namespace" : maker != "Api" || name != "resource") return;
        const Node type = decorator.parent().field("definition");
        if (const semantic::Class* known = module.classNamed(type.field("name").text()))
            addMethods({Symbol::Kind::Class, &module, known->name});
    }

    /// `error_handler(app, 404)`, `before_request(app)`: what they get is called for requests.
    static bool isRegistration(const std::string& name) {
        return isOneOf(name, {"error_handler", "before_request", "after_request", "teardown_request"});
    }

    void called(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (callee.is("call") && isRegistration(helperName(module, callee.field("function"))))
            return add(functionOf(context_.project(), module, argumentOf(call, "", 0)), {});
        if (!callee.is("attribute")) return;
        const std::string_view name = callee.field("attribute").text();
        if (!isOneOf(name, {"add_route", "add_api_route", "add_resource"})) return;
        const std::string maker = makerOf(module, callee.field("object"));
        if (name == "add_resource") {
            if (maker == "Api" || maker == "Namespace") addMethods(context_.project().resolve(module, argumentOf(call, "", 0)));
            return;
        }
        const bool isParameter = maker.empty() && context_.project().resolve(module, callee.field("object")).kind == Symbol::Kind::Local;
        if (maker != "RouteGroup" && maker != "application" && !isParameter) return;
        const Node handler = argumentOf(call, name == "add_api_route" ? "endpoint" : "handler", 1);
        // `Items().get`: a method of an object that is made for it.
        if (handler.is("attribute") && handler.field("object").is("call")) {
            const Symbol& type = context_.project().resolve(module, handler.field("object").field("function"));
            if (type.kind == Symbol::Kind::Class && type.module)
                add(type.module->function(type.name + "." + std::string(handler.field("attribute").text())), {});
            return;
        }
        // `view_method(Items, "get", repository)`
        if (handler.is("call") && helperName(module, handler.field("function")) == "view_method") {
            const Symbol& type = context_.project().resolve(module, argumentOf(handler, "", 0));
            const std::string_view method = argumentOf(handler, "", 1).namedChildCount() == 3 ? argumentOf(handler, "", 1).namedChild(1).text() : "";
            if (type.kind == Symbol::Kind::Class && type.module) add(type.module->function(type.name + "." + std::string(method)), {});
            return;
        }
        add(functionOf(context_.project(), module, handler), {});
    }

    MigrationContext& context_;
};

} // namespace

void findHelperHandlers(MigrationContext& context) { HelperHandlers(context).run(); }

} // namespace covet::rules
