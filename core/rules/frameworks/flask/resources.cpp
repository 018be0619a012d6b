// Before:  api = Api(app); api.add_resource(Item, "/items/<int:item_id>")     (Flask-RESTful)
//          class Item(Resource): def get(self, item_id): return {"id": item_id}, 200
// After:   api = Api(app); api.add_resource(Item, "/items/{item_id}")
//          class Item(Resource): async def get(self, item_id: IntPart): return {"id": item_id}, 200
// Safe: the helper's Api answers with the JSON and the errors of Flask-RESTful, its RequestParser reads
// arguments from the same places, and its fields write values in the same way.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

constexpr Words kFields = {"Raw", "Nested", "List", "String", "Integer", "Float", "Boolean", "Arbitrary", "Fixed",
                           "Price", "Url", "DateTime", "FormattedString", "MarshallingException"};
constexpr Words kInputs = {"natural", "positive", "int_range", "regex", "boolean", "date"};

class ResourcePlanner {
public:
    explicit ResourcePlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (size_t index : plan_.routers)
            if (plan_.reading.graph.routers()[index].kind == "flask_restful.Api") api(plan_.reading.graph.routers()[index]);
        std::set<const void*> done;
        for (const Site& site : plan_.reading.sites)
            if (site.isResource && plan_.routers.count(site.router) && !isRestx(plan_.reading.graph.routers()[site.router]) &&
                !isSmorest(plan_.reading.graph.routers()[site.router]) && done.insert(site.node.id()).second)
                registration(site);
        const bool named = plan_.mentions("flask_restful");
        for (const Module* home : plan_.modules) {
            const Module& module = *home;
            for (const semantic::Class& type : module.classes) attributes(module, type);
            if (!named) continue;
            syntax::walk(module.tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("call")) initialisation(module, node);
                return name(module, node);
            });
        }
    }

private:
    void rename(const Module& module, const Node& node, const std::string& to) {
        plan_.claim(node);
        plan_.sharesRequest = true;
        const std::string text = plan_.helper(module, to);
        if (node.text() == text) return;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    void api(const Router& router) {
        static constexpr Words kKnown = {"app", "prefix", "errors", "catch_all_404s"};
        int position = 0;
        for (const Node& argument : router.creation.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            if (named ? !kKnown.count(argument.field("name").text()) : position++ > 1 || argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(*router.module, argument, "api-option", std::string(argument.text()));
        }
        plan_.claim(argumentOf(router.creation, "app", 0));
    }

    /// `api.init_app(app)`
    /// `api.url_for(Item, item_id=1)`
    void initialisation(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (!callee.is("attribute") || (callee.field("attribute").text() != "init_app" && callee.field("attribute").text() != "url_for")) return;
        const int router = plan_.reading.graph.resolve(module, callee.field("object"));
        if (router < 0 || plan_.reading.graph.routers()[static_cast<size_t>(router)].kind != "flask_restful.Api") return;
        plan_.claim(callee);
        if (callee.field("attribute").text() == "init_app") plan_.claim(argumentOf(call, "app", 0));
        else plan_.sharesRequest = true;
    }

    void registration(const Site& site) {
        const bool decorates = site.node.is("decorator");
        const Node call = decorates ? site.node.namedChild(0) : site.node;
        static constexpr Words kKnown = {"endpoint", "resource_class_args", "resource_class_kwargs", "resource", "strict_slashes"};
        ModuleRewrite& rewrite = plan_.rewrite(*site.module);
        const auto moved = plan_.movedBehind.find(site.node.id());
        std::vector<std::string> given;
        bool first = !decorates;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("keyword_argument") ? !kKnown.count(argument.field("name").text()) : argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(*site.module, argument, "route-option", std::string(argument.text()));
            given.emplace_back(argument.text());
            if (argument.is("keyword_argument")) continue;
            if (!first) {
                const std::string rule = plan_.reading.graph.text(*site.module, argument), path = readRule(rule).path;
                if (path != rule) given.back() = pythonQuote(path);
                if (path != rule && moved == plan_.movedBehind.end()) plan_.later([&rewrite, argument, path] { rewrite.replace(argument, pythonQuote(path)); });
            }
            first = false;
        }
        plan_.claim(call.field("function"));
        if (moved != plan_.movedBehind.end()) {
            // The target takes the first route that fits, Flask the most specific one.
            const Node statement = call.parent(), behind = moved->second;
            const std::string line = std::string(call.field("function").text()) + "(" + join(given, ", ") + ")";
            plan_.later([&rewrite, statement, behind, line] {
                rewrite.remove(statement);
                rewrite.insertAfter(behind, {line});
            });
        }
        MigrationContext& context = plan_.context;
        const Site* kept = &site;
        plan_.later([&context, kept, call] { context.report(*kept->module, call, "COV102", kept->rule); });
    }

    /// Settings of a resource that the helper does not have.
    void attributes(const Module& module, const semantic::Class& type) {
        bool resource = false;
        for (const Function& function : module.functions) resource = resource || (function.className == type.name && plan_.resources.count(&function));
        if (!resource) return;
        static constexpr Words kSettings = {"method_decorators", "decorators", "representations", "methods", "dispatch_request", "init_every_request"};
        for (const Node& statement : type.node.field("body").namedChildren()) {
            const Node inner = statement.is("decorated_definition") ? statement.field("definition") : statement.is("expression_statement") ? statement.namedChild(0) : statement;
            const std::string_view name = inner.is("assignment") ? inner.field("left").text() : inner.field("name").text();
            if (kSettings.count(name)) plan_.refuse(module, statement, "class-view", type.name + "." + std::string(name));
        }
    }

    /// Every name of Flask-RESTful that the helper has; what is left keeps the application as it is.
    bool name(const Module& module, const Node& node) {
        const Node parent = node.parent();
        if (node.is("identifier") && ((parent.is("keyword_argument") && parent.field("name") == node) ||
                                      (parent.is("attribute") && parent.field("attribute") == node)))
            return false;
        const std::string name = plan_.restfulName(module, node);
        if (name.empty()) return true;
        static const std::map<std::string, std::string> kNames = {
            {"Api", "Api"}, {"Resource", "Resource"}, {"abort", "rest_abort"}, {"marshal", "marshal"}, {"marshal_with", "marshal_with"},
            {"marshal_with_field", "marshal_with_field"}, {"url_for", "url_for"}, {"reqparse", "reqparse"}, {"fields", "fields"}, {"inputs", "inputs"},
            {"reqparse.RequestParser", "RequestParser"}, {"reqparse.Argument", "Argument"}};
        const size_t dot = name.find('.');
        if (node.is("attribute") && dot != std::string::npos) {
            // `fields.Integer`: the namespace stays, and is looked at next.
            const std::string space = name.substr(0, dot), member = name.substr(dot + 1);
            const bool known = (space == "fields" && kFields.count(member)) || (space == "inputs" && kInputs.count(member)) ||
                               (space == "reqparse" && kNames.count(name));
            if (known) plan_.claim(node);
            return known;
        }
        auto found = kNames.find(name);
        if (found == kNames.end()) return true;
        if (startsWith(name, "marshal_with") && !isDecorator(node)) return true;
        rename(module, node, found->second);
        return false;
    }

    /// Whether it is called as a decorator of a handler.
    bool isDecorator(const Node& node) const {
        const Node call = node.parent();
        return call.is("call") && call.parent().is("decorator");
    }

    Plan& plan_;
};

} // namespace

void planResources(Plan& plan) { ResourcePlanner(plan).run(); }

} // namespace covet::rules::flask
