// Before:  from flask_restx import Api, Resource, fields          @api.expect(pet, validate=True)
// After:   from covet_flask_restx import Api, Resource, fields    @api.expect(pet, validate=True)
// Safe: the generated module has the names of Flask-RESTX, its answers, its errors and its checks of bodies. The
// pages of documentation are left out, which is reported.
#include "catalog/resource.h"
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

constexpr Words kNames = {"Api", "Namespace", "Resource", "Model", "OrderedModel", "SchemaModel", "RestError", "abort",
                          "marshal", "marshal_with", "marshal_with_field", "fields", "inputs", "reqparse"};
constexpr Words kFields = {"Raw", "Nested", "List", "String", "Integer", "Float", "Boolean", "Arbitrary", "Fixed", "Url",
                           "DateTime", "Date", "FormattedString", "MarshallingError"};
constexpr Words kInputs = {"natural", "positive", "int_range", "regex", "boolean", "date", "email", "date_from_iso8601", "datetime_from_iso8601"};
constexpr Words kParsers = {"RequestParser", "Argument"};
/// What an Api or a namespace is asked for.
constexpr Words kMembers = {
    "route", "add_resource", "namespace", "add_namespace", "init_app", "doc", "expect", "hide", "deprecated", "response", "param", "header",
    "produces", "vendor", "as_list", "abort", "add_model", "model", "schema_model", "clone", "extend", "inherit", "parser", "marshal",
    "marshal_with", "marshal_list_with", "errorhandler", "payload", "models", "name", "path", "description", "title", "version", "namespaces",
    "catch_all_404s"};

/// Name behind "flask_restx." (or that of its predecessor) of something of the extension; "" if it is none.
std::string restxPart(const std::string& name) {
    for (const char* package : {"flask_restx.", "flask_restplus."})
        if (startsWith(name, package)) {
            const std::string part = name.substr(std::string_view(package).size());
            return part == "namespace.Namespace" || part == "api.Api" || part == "resource.Resource" ? part.substr(part.find('.') + 1) : part;
        }
    return "";
}

/// Whether `fields` or `inputs` has something of a name.
bool isOfSpace(std::string_view space, std::string_view name) {
    return (space == "fields" && kFields.count(name)) || (space == "inputs" && kInputs.count(name));
}

bool isName(const Node& node) {
    const Node parent = node.parent();
    return !((parent.is("keyword_argument") && parent.field("name") == node) || (parent.is("attribute") && parent.field("attribute") == node));
}

class RestxPlanner {
public:
    explicit RestxPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (size_t index : plan_.routers)
            if (isRestx(plan_.reading.graph.routers()[index])) router(plan_.reading.graph.routers()[index]);
        if (!plan_.servesRestx) return;
        plan_.sharesRequest = true;
        std::set<const void*> done;
        for (const Site& site : plan_.reading.sites)
            if (site.isResource && plan_.routers.count(site.router) && isRestx(plan_.reading.graph.routers()[site.router]) && done.insert(site.node.id()).second)
                registration(site);
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("attribute")) attribute(*module, node);
                if (node.is("identifier") && isName(node)) name(*module, node);
                return true;
            });
    }

private:
    void router(const Router& router) {
        // Both take names that they do not know, and do nothing with them.
        static constexpr Words kActive = {"decorators", "default_mediatype", "format_checker", "endpoint", "api"};
        plan_.servesRestx = true;
        const bool api = endsWith(router.kind, ".Api");
        int position = 0;
        for (const Node& argument : router.creation.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            if (argument.is("comment")) continue;
            if (named ? kActive.count(argument.field("name").text()) > 0
                      : position++ > 3 || argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(*router.module, argument, "api-option", std::string(argument.text().substr(0, 60)));
        }
        plan_.claim(router.creation.field("function"));
        if (!api) return;
        plan_.claim(argumentOf(router.creation, "app", 0));
        if (argumentOf(router.creation, "doc").is("false")) return;
        MigrationContext& context = plan_.context;
        const Router* kept = &router;
        plan_.later([&context, kept] { context.report(*kept->module, kept->creation, "COV109", kept->name); });
    }

    void registration(const Site& site) {
        const Node call = site.node.is("decorator") ? site.node.namedChild(0) : site.node;
        static constexpr Words kKnown = {"endpoint", "doc", "route_doc", "resource_class_args", "resource_class_kwargs", "resource", "strict_slashes"};
        for (const Node& argument : call.field("arguments").namedChildren())
            if (argument.is("keyword_argument") ? !kKnown.count(argument.field("name").text()) : argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(*site.module, argument, "route-option", std::string(argument.text()));
        MigrationContext& context = plan_.context;
        const Site* kept = &site;
        plan_.later([&context, kept, call] { context.report(*kept->module, call, "COV102", kept->rule); });
    }

    /// `api.model`, `fields.String`
    void attribute(const Module& module, const Node& node) {
        const std::string_view member = node.field("attribute").text();
        const int router = plan_.reading.graph.resolve(module, node.field("object"));
        if (router >= 0 && isRestx(plan_.reading.graph.routers()[static_cast<size_t>(router)])) {
            if (!kMembers.count(member)) return plan_.refuse(module, node, "api-option", std::string(node.text()));
            plan_.claim(node);
            const Node call = node.parent();
            if (member == "init_app" && call.is("call")) plan_.claim(argumentOf(call, "app", 0));
            if (member == "add_namespace" && call.is("call")) plan_.claim(argumentOf(call, "ns", 0));
            if (member == "marshal_with" || member == "marshal_list_with" || member == "model") masks(module, call);
            return;
        }
        const std::string part = partOf(module, node);
        const size_t dot = part.find('.');
        if (dot == std::string::npos) return;
        const std::string space = part.substr(0, dot), inner = part.substr(dot + 1);
        if (isOfSpace(space, inner) || (space == "reqparse" && kParsers.count(inner)))
            plan_.claim(node);
        if (inner == "RequestParser") parser(module, node.parent());
    }

    void name(const Module& module, const Node& node) {
        const std::string part = partOf(module, node);
        // `from flask_restx.fields import String`
        if (const std::string space = part.substr(0, part.find('.')); isOfSpace(space, part.substr(part.find('.') + 1)) && part != space) {
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            plan_.later([&rewrite, node, part] { rewrite.replace(node, part); });
        }
        if (kNames.count(part)) plan_.claim(node);
        if (startsWith(part, "marshal")) masks(module, node.parent());
        if (part == "reqparse.RequestParser") {
            plan_.claim(node);
            parser(module, node.parent());
        }
    }

    /// Only some of the fields, as a client or the code asks.
    void masks(const Module& module, const Node& call) {
        if (!call.is("call")) return;
        const Node mask = argumentOf(call, "mask");
        if (mask && !mask.is("none")) plan_.refuse(module, mask, "api-option", "mask");
    }

    /// A parser with classes of the application's own.
    void parser(const Module& module, const Node& call) {
        if (!call.is("call")) return;
        for (const Node& argument : call.field("arguments").namedChildren())
            if (!argument.is("keyword_argument") || (argument.field("name").text() != "trim" && argument.field("name").text() != "bundle_errors"))
                plan_.refuse(module, argument, "api-option", std::string(argument.text()));
    }

    std::string partOf(const Module& module, const Node& node) const {
        const semantic::Symbol& symbol = plan_.project().resolve(module, node);
        return symbol.kind == semantic::Symbol::Kind::External ? restxPart(symbol.name) : "";
    }

    Plan& plan_;
};

} // namespace

bool isRestx(const Router& router) { return !restxPart(router.kind).empty(); }

bool isRestxDecorator(const Plan& plan, const Module& module, const Node& decorator) {
    static constexpr Words kKnown = {"doc", "expect", "hide", "deprecated", "response", "param", "header", "produces", "vendor", "marshal_with",
                                     "marshal_list_with", "marshal_with_field"};
    const Node inner = decorator.namedChild(0);
    const Node callee = inner.is("call") ? inner.field("function") : inner;
    const semantic::Symbol& symbol = plan.project().resolve(module, callee);
    if (symbol.kind == semantic::Symbol::Kind::External) return startsWith(restxPart(symbol.name), "marshal_with");
    if (!callee.is("attribute") || !kKnown.count(callee.field("attribute").text())) return false;
    const int router = plan.reading.graph.resolve(module, callee.field("object"));
    return router >= 0 && isRestx(plan.reading.graph.routers()[static_cast<size_t>(router)]);
}

bool planRestxImport(Plan& plan, const Module& module, const Node& statement) {
    const Node from = statement.field("module_name");
    const std::string name = from.text() == "flask_restx" || from.text() == "flask_restplus" ? "*" : restxPart(std::string(from.text()));
    if (name.empty()) return false;
    for (const Node& item : statement.namedChildren()) {
        if (item == from) continue;
        const std::string_view imported = item.is("aliased_import") ? item.field("name").text() : item.text();
        const bool sameName = (name == "namespace" && imported == "Namespace") || (name == "api" && imported == "Api") || (name == "resource" && imported == "Resource");
        const auto known = module.imports.find(name);
        const bool ofSpace = isOfSpace(name, imported) && !module.assignments.count(name) &&
                             (known == module.imports.end() || restxPart(known->second.module + "." + known->second.name) == name);
        if (!sameName && !ofSpace && (name == "*" ? !kNames.count(imported) : name != "reqparse" || !kParsers.count(imported))) {
            plan.refuse(module, item, "flask-extension", std::string(from.text()) + "." + std::string(imported));
            return true;
        }
    }
    plan.servesRestx = true;
    ModuleRewrite& rewrite = plan.rewrite(module);
    const std::string path = plan.context.importPath(module, helperModule(plan.context) + "_restx");
    if (name == "fields" || name == "inputs") {
        const std::string text = "from " + path + " import " + name;
        plan.later([&rewrite, statement, text] { rewrite.replace(statement, text); });
        return true;
    }
    plan.later([&rewrite, from, path] { rewrite.replace(from, path); });
    return true;
}

std::string restxText(const MigrationContext& context) {
    std::string text;
    for (const char* part : {"restx_head", "restx_fields", "restx_models", "restx_parsers", "restx"})
        text += (text.empty() ? "" : "\n\n") + std::string(catalog::resource("templates/flask/" + std::string(part) + ".py"));
    return replaceAll(std::move(text), "from covet_flask import ", "from " + context.generatedImportPath(helperModule(context)) + " import ");
}

void planRestx(Plan& plan) { RestxPlanner(plan).run(); }

} // namespace covet::rules::flask
