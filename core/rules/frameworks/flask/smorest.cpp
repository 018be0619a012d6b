// Before:  from flask_smorest import Blueprint          class Item(MethodView): ...
// After:   from covet_flask_smorest import Blueprint    class Item: ...
// Safe: the generated module has the names of Flask-Smorest; it checks and writes with the application's own schemas,
// and errors look the same. The pages of documentation are left out, which is reported.
#include "facts/object_class.h"
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

class SmorestPlanner {
public:
    explicit SmorestPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (size_t index : plan_.routers)
            if (isSmorest(routerAt(index))) router(routerAt(index));
        std::set<const void*> done;
        for (const Site& site : plan_.reading.sites) {
            if (!plan_.routers.count(site.router) || !isSmorest(routerAt(site.router)) || !done.insert(site.node.id()).second) continue;
            if (!site.function || !site.node.is("decorator"))
                return plan_.refuse(*site.module, site.node, "route-option", std::string(site.node.text().substr(0, 60)));
            if (!site.viewClass) continue; // a function's route is told of where all of them are
            MigrationContext& context = plan_.context;
            const Site* kept = &site;
            plan_.later([&context, kept] { context.report(*kept->module, kept->node.namedChild(0), "COV102", kept->rule); });
        }
        for (const Mounting& mounting : plan_.reading.mountings)
            if (mounting.module && plan_.routers.count(mounting.child) && isSmorest(routerAt(mounting.child))) this->mounting(mounting);
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("attribute")) member(*module, node);
                return !node.is("import_statement") && !node.is("import_from_statement");
            });
    }

private:
    const Router& routerAt(size_t index) const { return plan_.reading.graph.routers()[index]; }

    void router(const Router& router) {
        if (router.isDerived) return plan_.refuse(*router.module, router.creation, "application-class", router.name);
        for (const Node& argument : router.creation.field("arguments").namedChildren())
            if (argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(*router.module, argument, "blueprint-option", std::string(argument.text()));
        plan_.claim(router.creation.field("function"));
        if (!endsWith(router.kind, ".Api")) return;
        plan_.claim(argumentOf(router.creation, "app", 0));
        MigrationContext& context = plan_.context;
        const Router* kept = &router;
        plan_.later([&context, kept] { context.report(*kept->module, kept->creation, "COV109", kept->name); });
    }

    /// `api.register_blueprint(items)`
    void mounting(const Mounting& mounting) {
        const Node child = argumentOf(mounting.call, "blp", 0);
        if (!isSmorest(routerAt(mounting.parent)) || !endsWith(routerAt(mounting.parent).kind, ".Api") || child.isNull())
            return plan_.refuse(*mounting.module, mounting.call, "blueprint-option", std::string(mounting.call.text().substr(0, 60)), "register it on the Api");
        plan_.claim(child);
    }

    void member(const Module& module, const Node& node) {
        const int found = plan_.reading.graph.resolve(module, node.field("object"));
        if (found >= 0 && isSmorest(routerAt(static_cast<size_t>(found)))) plan_.claim(node);
    }

    Plan& plan_;
};

} // namespace

bool isSmorest(const Router& router) { return startsWith(router.kind, "flask_smorest."); }

std::string smorestDecorator(const semantic::Project& project, const Module& module, const Node& decorator) {
    const Node call = decorator.is("decorator") ? decorator.namedChild(0) : decorator, callee = call.is("call") ? call.field("function") : Node{};
    if (!callee.is("attribute")) return "";
    const facts::GivenValue made = facts::givenValue(project, module, callee.field("object"));
    const bool isOfBlueprint = made.module && made.value.is("call") &&
                               libraryClass(project, project.resolve(*made.module, made.value.field("function"))) == "flask_smorest.Blueprint";
    return isOfBlueprint ? std::string(callee.field("attribute").text()) : "";
}

void planSmorest(Plan& plan) { SmorestPlanner(plan).run(); }

} // namespace covet::rules::flask
