// Before:  app.add_url_rule("/items", view_func=ItemAPI.as_view("items"))
// After:   app.add_route("/items", ItemAPI().get, methods=["GET"]) and one line per further method
// Safe: for views that keep nothing in themselves; Flask makes a new one for each request.
#include <algorithm>

#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class ViewPlanner {
public:
    explicit ViewPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        std::vector<Node> done;
        for (const Site& site : plan_.reading.sites) {
            if (!site.isView || site.isResource || !plan_.routers.count(site.router)) continue;
            bool known = false;
            for (const Node& node : done) known = known || node == site.node;
            if (known) continue;
            done.push_back(site.node);
            registration(site);
        }
        for (const Module* module : plan_.modules) names(*module);
    }

private:
    void registration(const Site& site) {
        const semantic::Symbol symbol = site.viewClass.isNull() ? semantic::Symbol{} : classBehind(plan_.project(), *site.module, site.viewClass);
        if (!symbol.module || !isKnown(*symbol.module, symbol.name))
            return plan_.refuse(*site.module, site.node, "class-view", site.handler, "use functions as handlers");
        if (!site.node.parent().is("expression_statement")) return plan_.refuse(*site.module, site.node, "route-option", site.rule);
        const Node callee = site.node.field("function");
        plan_.claim(callee);
        ModuleRewrite& rewrite = plan_.rewrite(*site.module);
        const bool plain = isPlain(*symbol.module, symbol.name);
        const std::string type(site.viewClass.text()), given = plain ? "" : argumentsOfView(site);
        const std::string name = plan_.namesEndpoints ? plan_.helper(*site.module, "named") + "(" + nameOfView(site) + ", " : "";
        std::vector<std::string> lines, paths{readRule(site.rule).path};
        const Node slashes = argumentOf(site.node, "strict_slashes");
        if ((slashes.is("false") || (slashes.isNull() && plan_.looseSlashes)) && (paths[0] != "/" || !plan_.reading.graph.routers()[site.router].isApp))
            paths.push_back(endsWith(paths[0], "/") ? paths[0].substr(0, paths[0].size() - 1) : paths[0] + "/");
        for (const Site& other : plan_.reading.sites) {
            if (!(other.node == site.node) || other.module != site.module) continue;
            std::string method = plain ? type + "()." + other.function->name
                                       : plan_.helper(*site.module, "view_method") + "(" + type + ", " + pythonQuote(other.function->name) + given + ")";
            if (!name.empty()) method = name + method + ")";
            for (const std::string& path : paths)
                lines.push_back(std::string(callee.field("object").text()) + "." + plan_.context.target().addRouteMethod + "(" + pythonQuote(path) + ", " +
                                method + ", methods=" + methodList(other.methods) + ")");
        }
        const std::string text = join(lines, "\n" + rewrite.indentOf(site.node.parent()));
        const Node node = site.node;
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        const Node view = argumentOf(node, "view_func", 2);
        if (!view.is("identifier")) return;
        const bool stays = isImported(*site.module, std::string(view.text()));
        for (const Node& statement : assignmentsOf(*site.module, view)) {
            if (!removed_.insert(statement.id()).second) continue;
            const Node made = statement.is("assignment") ? statement.field("right") : statement.namedChild(0).field("right");
            if (stays && made) plan_.later([&rewrite, made, type] { rewrite.replace(made, type); });
            else plan_.later([&rewrite, statement] { rewrite.remove(statement); });
        }
    }

    /// Whether another module imports a variable, so that it has to stay.
    bool isImported(const Module& module, const std::string& name) const {
        for (const auto& other : plan_.project().modules())
            for (const auto& [local, binding] : other->imports)
                if (binding.name == name && plan_.project().module(binding.module) == &module) return true;
        return false;
    }

    /// The call of `as_view` behind a route.
    Node madeBy(const Site& site) const {
        const Node made = argumentOf(site.node, "view_func", 2);
        if (!made.is("identifier")) return made;
        const std::vector<Node> assigned = assignmentsOf(*site.module, made);
        return assigned.empty() ? Node{} : assigned[0].namedChild(0).field("right");
    }

    std::string nameOfView(const Site& site) const {
        const Node given = argumentOf(site.node, "endpoint", 1);
        return std::string((given.isNull() || given.is("none") ? argumentOf(madeBy(site), "name", 0) : given).text());
    }

    /// What `as_view("items", repository)` hands on to the class.
    std::string argumentsOfView(const Site& site) const {
        std::string text;
        bool first = true;
        for (const Node& argument : madeBy(site).field("arguments").namedChildren()) {
            if (!first && !argument.is("comment")) text += ", " + std::string(argument.text());
            first = false;
        }
        return text;
    }

    /// A class whose requests the helper can answer: nothing of it decides which method that is.
    bool isKnown(const Module& module, const std::string& name) const {
        for (const semantic::Symbol& one : familyOf(plan_.project(), {semantic::Symbol::Kind::Class, &module, name})) {
            const semantic::Class* type = one.module->classNamed(one.name);
            if (!type || type->bases.size() != 1 || !type->decorators.empty()) return false;
            // A class with a function for all methods names those; one that is for single methods answers what it defines.
            static constexpr Words kSettings = {"as_view", "provide_automatic_options"};
            const bool dispatches = one.module->function(one.name + ".dispatch_request") != nullptr;
            for (const Node& statement : type->node.field("body").namedChildren()) {
                const Node inner = statement.is("decorated_definition") ? statement.field("definition") : statement.is("expression_statement") ? statement.namedChild(0) : statement;
                const std::string_view own = inner.is("assignment") ? inner.field("left").text() : inner.field("name").text();
                if (kSettings.count(own) || (own == "methods" && !dispatches)) return false;
                if (own == "decorators" && !inner.field("right").is("list") && !inner.field("right").is("tuple")) return false;
                if (own == "init_every_request" && keepsSomething(*type)) return false; // its object lives on
            }
        }
        return true;
    }

    /// A class with MethodView as its only base, methods and nothing else.
    bool isPlain(const Module& module, const std::string& name) const {
        for (const semantic::Symbol& one : familyOf(plan_.project(), {semantic::Symbol::Kind::Class, &module, name})) {
            const semantic::Class* type = one.module->classNamed(one.name);
            if (!type || type->bases.size() != 1 || !type->decorators.empty()) return false;
            for (const Node& statement : type->node.field("body").namedChildren()) {
                const Node definition = statement.is("decorated_definition") ? statement.field("definition") : statement;
                const bool text = statement.is("expression_statement") && statement.namedChild(0).is("string");
                if (!definition.is("function_definition") && !text && !statement.is("pass_statement")) return false;
                if (definition.field("name").text() == "__init__" || definition.field("name").text() == "dispatch_request") return false;
            }
            if (keepsSomething(*type)) return false;
        }
        return true;
    }

    static bool keepsSomething(const semantic::Class& type) {
        bool keeps = false;
        syntax::walk(type.node, [&](const Node& node) {
            keeps = keeps || ((node.is("assignment") || node.is("augmented_assignment")) && startsWith(std::string(node.field("left").text()), "self."));
            return !keeps;
        });
        return keeps;
    }

    /// `class ItemAPI(MethodView):` loses its base.
    void names(const Module& module) {
        for (const semantic::Class& type : module.classes) {
            const Node bases = type.node.field("superclasses");
            if (bases.isNull()) continue;
            const std::vector<Node> items = bases.namedChildren();
            if (items.size() != 1 || (plan_.flaskName(module, items[0]) != "views.MethodView" && plan_.flaskName(module, items[0]) != "views.View")) continue;
            plan_.claim(items[0]);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            plan_.later([&rewrite, bases] { rewrite.replace(bases, ""); });
        }
    }

    Plan& plan_;
    std::set<const void*> removed_;
};

} // namespace

std::vector<semantic::Symbol> familyOf(const semantic::Project& project, const semantic::Symbol& type) {
    std::vector<semantic::Symbol> family{type};
    for (size_t i = 0; i < family.size(); ++i) {
        const semantic::Class* one = family[i].module ? family[i].module->classNamed(family[i].name) : nullptr;
        for (const Node& base : one ? one->node.field("superclasses").namedChildren() : std::vector<Node>{}) {
            const semantic::Symbol symbol = classBehind(project, *family[i].module, base);
            const bool isNew = symbol.module && std::none_of(family.begin(), family.end(), [&](const semantic::Symbol& known) {
                return known.module == symbol.module && known.name == symbol.name;
            });
            if (isNew) family.push_back(symbol);
        }
    }
    return family;
}

std::vector<std::pair<const Module*, Node>> viewDecorators(const semantic::Project& project, const semantic::Symbol& type) {
    std::vector<std::pair<const Module*, Node>> found;
    for (const semantic::Symbol& one : familyOf(project, type)) {
        const semantic::Class* known = one.module ? one.module->classNamed(one.name) : nullptr;
        for (const Node& statement : known ? known->node.field("body").namedChildren() : std::vector<Node>{}) {
            const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
            if (!assignment.is("assignment") || assignment.field("left").text() != "decorators") continue;
            for (const Node& element : assignment.field("right").namedChildren())
                if (!element.is("comment")) found.emplace_back(one.module, element);
            return found; // the nearest list hides those of its bases
        }
    }
    return found;
}

bool isViewDecorator(const Node& node) {
    const Node list = node.parent(), assignment = list.parent();
    return (list.is("list") || list.is("tuple")) && assignment.is("assignment") && assignment.field("left").text() == "decorators" &&
           assignment.parent().parent().parent().is("class_definition");
}

void planViews(Plan& plan) { ViewPlanner(plan).run(); }

} // namespace covet::rules::flask
