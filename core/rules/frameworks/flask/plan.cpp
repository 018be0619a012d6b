#include <algorithm>

#include "catalog/resource.h"
#include "rules/frameworks/flask/flask_app.h"
#include "rules/import_planner.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

std::string importOf(const catalog::TargetName& name, const std::string& as) {
    return "from " + name.module + " import " + name.name + (name.name == as ? "" : " as " + as) + "\n";
}

/// The same for FastAPI, whose responses and routes are made in other ways.
std::string forFastApi(std::string text) {
    const std::string response(catalog::resource("templates/flask/fastapi_response.py"));
    text = replaceAll(std::move(text), "from covetpy.types import Response as PlainResponse\n", "from starlette.responses import Response as ASGIResponse\n");
    text = replaceAll(std::move(text), "class Response(PlainResponse):", response + "\n\nclass Response(PlainResponse):");
    text = replaceAll(std::move(text), "    def register(self, app: Any,", "    api_route, add_api_route = route, add_route\n\n    def register(self, app: Any,");
    text = replaceAll(std::move(text), "    app.add_route(path, handler, methods=methods)\n", "    app.add_api_route(path, handler, methods=list(methods))\n");
    // What handlers give is an answer already, whatever their annotations say.
    return replaceAll(std::move(text), "    _error_pages(app)\n",
                      "    add = app.router.add_api_route\n"
                      "    app.router.add_api_route = lambda path, endpoint, **options: add(path, endpoint, **{**options, \"response_model\": None})\n"
                      "    _error_pages(app)\n");
}

/// Takes the import statements off the front of a part: those of the standard library, then the other ones.
void imports(std::string& part, std::string& standard, std::string& others) {
    size_t at = 0;
    bool other = false;
    while (at < part.size()) {
        const size_t end = part.find('\n', at) + 1;
        const std::string line = part.substr(at, end - at);
        if (line == "\n") other = true;
        else if (startsWith(line, "import ") || startsWith(line, "from ")) (other ? others : standard) += line;
        else break;
        at = end;
    }
    part.erase(0, at);
}

/// Import statements as people order them.
std::string sorted(const std::string& statements) {
    std::vector<std::string> lines = split(statements, '\n');
    auto rank = [](const std::string& line) { return std::make_pair(startsWith(line, "from "), line); };
    std::sort(lines.begin(), lines.end(), [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    std::string text;
    for (const std::string& line : lines)
        if (!line.empty()) text += line + "\n";
    return text;
}

} // namespace

Plan::Plan(MigrationContext& shared, const Reading& read, ModulesByPath all, std::set<size_t> own)
    : context(shared)
    , reading(read)
    , modules(std::move(all))
    , routers(std::move(own)) {}

void Plan::refuse(const Module& module, const Node& node, std::string reason, std::string subject, std::string hint) {
    refusals.push_back({&module, node, std::move(reason), std::move(subject), std::move(hint)});
}

std::string Plan::freeName(const Module& module, const std::string& wanted) const {
    auto isTaken = [&](const std::string& name) {
        auto imported = module.imports.find(name);
        if (imported != module.imports.end()) return !isFlaskModule(imported->second.module);
        if (module.assignments.count(name) || module.function(name) || module.classNamed(name)) return true;
        for (const Function& function : module.functions)
            if (function.locals.count(name)) return true;
        return false;
    };
    if (!isTaken(wanted)) return wanted;
    const bool type = wanted[0] >= 'A' && wanted[0] <= 'Z';
    std::string name = (type ? "Web" : "flask_") + wanted;
    while (isTaken(name)) name += "_";
    return name;
}

std::string Plan::helper(const Module& module, const std::string& name) {
    std::string& local = imports_[&module][{"", name}];
    if (local.empty()) local = freeName(module, name);
    return local;
}

std::string Plan::target(const Module& module, const catalog::TargetName& name) {
    std::string& local = imports_[&module][{name.module, name.name}];
    if (local.empty()) local = name.name.empty() ? name.module : freeName(module, name.name);
    return local;
}

bool Plan::mentions(std::string_view word) const {
    const auto& all = project().modules();
    return std::any_of(all.begin(), all.end(), [&](const auto& module) { return module->tree->text().find(word) != std::string_view::npos; });
}

std::string Plan::flaskName(const Module& module, const Node& node) const {
    if (!node.is("identifier") && !node.is("attribute")) return "";
    const semantic::Symbol& symbol = project().resolve(module, node);
    if (symbol.kind != semantic::Symbol::Kind::External) return "";
    if (!startsWith(symbol.name, "flask.") && !startsWith(symbol.name, "werkzeug.")) return "";
    static constexpr std::pair<std::string_view, const char*> kSame[] = {
        {"flask.json.jsonify", "jsonify"}, {"flask.json.dumps", "json.dumps"}, {"werkzeug.exceptions.abort", "abort"},
        {"flask.wrappers.Response", "Response"}};
    for (const auto& [known, name] : kSame)
        if (symbol.name == known) return name;
    return startsWith(symbol.name, "flask.") ? symbol.name.substr(6) : "";
}

std::string Plan::restfulName(const Module& module, const Node& node) const {
    if (!node.is("identifier") && !node.is("attribute")) return "";
    const semantic::Symbol& symbol = project().resolve(module, node);
    const bool known = symbol.kind == semantic::Symbol::Kind::External && startsWith(symbol.name, "flask_restful.");
    return known ? symbol.name.substr(14) : "";
}

Node Plan::routerDecorator(const Module& module, const Node& decorator, std::string_view name) const {
    const Node inner = decorator.namedChild(0);
    const Node callee = inner.is("call") ? inner.field("function") : inner;
    if (!callee.is("attribute") || callee.field("attribute").text() != name) return {};
    const int router = reading.graph.resolve(module, callee.field("object"));
    return router >= 0 && routers.count(static_cast<size_t>(router)) ? inner : Node{};
}

bool Plan::isApplication(const Module& module, const Node& expression) const {
    const int router = reading.graph.resolve(module, expression);
    return router >= 0 && reading.graph.routers()[static_cast<size_t>(router)].isApp;
}

void Plan::apply() {
    for (const auto& action : actions_) action();
    bool helps = false;
    std::set<std::string> parts;
    static const std::map<std::string, std::string> kParts = {
        {"CrossOrigin", "cors"}, {"CORS", "cors"}, {"cross_origin", "cors"}, {"file_fields", "uploads"}, {"secure_filename", "uploads"},
        {"FileStorage", "uploads"}, {"RunHooks", "hooks"}, {"before_request", "hooks"}, {"after_this_request", "hooks"}, {"group_origins", "cors"}, {"commands", "commands"}, {"AppGroup", "commands"}, {"with_appcontext", "commands"}, {"teardown_request", "hooks"}, {"of_application", "hooks"}, {"g", "shared"}, {"current_settings", "shared"},
        {"url_rules", "shared"}, {"app_extensions", "shared"}, {"current_extensions", "shared"}, {"current_application", "shared"}, {"AppContext", "shared"}, {"has_request_context", "shared"}, {"has_app_context", "shared"}, {"template_filter", "files"}, {"template_global", "files"}, {"template_test", "files"}, {"group_folder", "files"}, {"group_names", "files"}, {"page_environment", "files"}, {"context_processor", "files"}, {"after_request", "hooks"}, {"ShareRequest", "shared"},
        {"render_template", "files"}, {"render_template_string", "files"}, {"send_from_directory", "files"}, {"send_file", "files"},
        {"send_static_file", "files"}, {"use_folder", "files"}, {"current_request", "shared"}, {"url_for", "shared"}, {"Api", "restful"}, {"Resource", "restful"}, {"rest_abort", "restful"},
        {"marshal", "restful"}, {"marshal_with", "restful"}, {"marshal_with_field", "restful"}, {"reqparse", "reqparse"},
        {"RequestParser", "reqparse"}, {"Argument", "reqparse"}, {"inputs", "reqparse"}, {"fields", "fields"},
        {"session", "session"}, {"flash", "session"}, {"get_flashed_messages", "session"}, {"KeepSession", "session"}};
    for (const auto& entry : imports_) {
        const Module& module = *entry.first;
        for (const auto& wanted : entry.second) {
            const std::string& name = wanted.first.second;
            const bool own = wanted.first.first.empty();
            helps = helps || own;
            auto part = kParts.find(name);
            if (own && part != kParts.end()) parts.insert(part->second);
            rewrite(module).requireImport(own ? context.importPath(module, helperModule(context)) : wanted.first.first,
                                          name, wanted.second == name || name.empty() ? "" : wanted.second);
        }
    }
    if (!counterparts.empty()) {
        helps = true;
        parts.insert("shared");
        writeCounterparts(*this);
    }
    if (readsFiles) parts.insert("uploads");
    if (servesRestx) {
        helps = true;
        parts.insert({"restful", "reqparse", "fields"});
        context.generatedFiles[context.generatedPath(helperModule(context) + "_restx")] = restxText(context);
    }
    if (!helps) return;
    std::string& text = context.generatedFiles[context.generatedPath(helperModule(context))];
    // Another application in the same folder may need more of it.
    static const std::map<std::string, std::string> kSigns = {{"class RunHooks", "hooks"}, {"class CrossOrigin", "cors"},
                                                              {"class ShareRequest", "shared"}, {"class Resource", "restful"},
                                                              {"class reqparse", "reqparse"}, {"class fields", "fields"},
                                                              {"class _Folders", "files"}, {"class KeepSession", "session"},
                                                              {"class FileStorage", "uploads"}, {"class AppGroup", "commands"}};
    for (const auto& sign : kSigns)
        if (text.find(sign.first) != std::string::npos) parts.insert(sign.second);
    if (parts.count("reqparse") || parts.count("fields")) parts.insert("restful");
    if (parts.count("restful") || parts.count("files") || parts.count("session") || parts.count("cors") || parts.count("commands")) parts.insert("shared");
    text = helperText(context, parts);
}

std::string helperModule(const MigrationContext& context) {
    std::string name = "covet_flask";
    while (context.project().moduleByPath(context.generatedPath(name))) name += "_";
    return name;
}

std::string helperText(const MigrationContext& context, const std::set<std::string>& parts) {
    std::string text, standard, others;
    for (const char* part : {"answers", "responses", "errors", "requests", "uploads", "routing", "dispatch", "hooks", "client", "shared", "session", "files", "restful", "reqparse", "fields", "cors", "commands"}) {
        static constexpr Words kOptional = {"uploads", "hooks", "client", "shared", "session", "files", "restful", "reqparse", "fields", "cors", "commands"};
        const bool wanted = parts.count(part) > 0 || (std::string_view(part) == "client" && parts.count("shared") > 0);
        if (kOptional.count(part) && !wanted) continue;
        std::string own(catalog::resource("templates/flask/" + std::string(part) + ".py"));
        if (!text.empty()) {
            imports(own, standard, others);
            text += "\n\n";
        }
        text += own;
    }
    const size_t first = text.find("import dataclasses\n"), last = text.find("\nfrom pydantic ");
    text = text.substr(0, first) + sorted(text.substr(first, last - first) + standard) + "\n" + others + text.substr(last + 1);
    // The parts are Python that runs as it is, written for the default target.
    const catalog::TargetProfile& target = context.target();
    if (target.response.name.empty()) text = forFastApi(std::move(text));
    text = replaceAll(std::move(text), "from covetpy import HTTPException\n", importOf(target.httpException, "HTTPException"));
    text = replaceAll(std::move(text), "from covetpy.types import Request\n", importOf(target.request, "Request"));
    return replaceAll(std::move(text), "from covetpy.types import Response as PlainResponse\n", importOf(target.response, "PlainResponse"));
}

bool mayAwait(const Module& module, const Node& node, const Function& function) {
    for (Node at = node.parent(); at && !(at == function.node); at = at.parent()) {
        if (at.is("lambda") || at.is("function_definition") || at.is("decorator") || at.is("parameters")) return false;
        // A lock of threads that is held over an `await` would stop the event loop.
        if (at.is("with_statement") && !at.child(0).is("async") && at.field("body").contains(node)) return false;
        if (!at.is("generator_expression")) continue;
        // The first iterable of a generator is evaluated outside of it.
        Node clause;
        for (const Node& child : at.namedChildren())
            if (child.is("for_in_clause")) {
                clause = child;
                break;
            }
        if (!clause.field("right").contains(node)) return false;
    }
    return module.enclosingFunction(node) == &function;
}

} // namespace covet::rules::flask
