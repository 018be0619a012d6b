// Imports of Flask go; every name of Flask and every use of an application that no rule knows keeps the
// application as it is.
#include <algorithm>

#include "facts/object_class.h"
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class LeftoverPlanner {
public:
    explicit LeftoverPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules) {
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) {
                    importStatement(*module, node);
                    return false;
                }
                if (node.is("identifier") || node.is("attribute")) return name(*module, node);
                return true;
            });
            handlerValues(*module);
            locks(*module);
        }
    }

private:
    void importStatement(const Module& module, const Node& node) {
        ModuleRewrite& rewrite = plan_.rewrite(module);
        if (node.is("import_from_statement")) {
            const std::string from(node.field("module_name").text());
            if (!isFlaskModule(from) || planRestxImport(plan_, module, node) || planCounterpartImport(plan_, module, node)) return;
            static constexpr Words kKnown = {
                "flask", "flask.views", "flask.json", "flask.json.provider", "flask.cli", "flask_cors", "flask_restful",
                "flask_restful.reqparse", "flask_restful.fields", "flask_restful.inputs", "flask_swagger_ui", "flasgger",
                "flasgger.utils", "werkzeug.exceptions", "werkzeug.routing", "werkzeug.utils", "werkzeug.http", "werkzeug", "werkzeug.datastructures", "werkzeug.wrappers", "flask.typing", "flask.wrappers", "flask.app", "flask.blueprints",
                "flask.globals", "flask.helpers"};
            if (isForTypes(node)) return plan_.later([&rewrite, node] { rewrite.remove(node.parent().parent()); });
            if (!kKnown.count(from) || (from == "werkzeug" && !importsModules(node))) return plan_.refuse(module, node, "flask-extension", from);
            if (node.namedChildCount() > 1 && node.namedChild(1).is("wildcard_import"))
                return plan_.refuse(module, node, "wildcard-import", from);
            if (isGuarded(node)) return plan_.refuse(module, node, "nested-import", from);
            const bool isOnly = !node.parent().is("module") && node.parent().namedChildCount() == 1;
            plan_.later([&rewrite, node, isOnly] {
                if (isOnly) rewrite.replace(node, "pass");
                else rewrite.remove(node);
            });
            return;
        }
        std::vector<std::string> kept;
        bool any = false;
        for (const Node& item : node.namedChildren()) {
            const std::string name(item.is("aliased_import") ? item.field("name").text() : item.text());
            if (name == "flask" || name == "flask_restful") any = true;
            else if (isFlaskModule(name)) return plan_.refuse(module, node, "flask-extension", name);
            else kept.emplace_back(item.text());
        }
        if (!any) return;
        const std::string text = "import " + join(kept, ", ");
        plan_.later([&rewrite, node, kept, text] {
            if (kept.empty()) rewrite.remove(node);
            else rewrite.replace(node, text);
        });
    }

    /// `from werkzeug import exceptions`: modules whose names are replaced where they are used.
    static bool importsModules(const Node& statement) {
        const std::vector<Node> items = statement.namedChildren();
        return std::all_of(items.begin() + 1, items.end(), [](const Node& item) {
            const std::string_view name = item.is("aliased_import") ? item.field("name").text() : item.text();
            return name == "exceptions" || name == "routing" || name == "utils";
        });
    }

    /// Whether an import is there for checkers of types alone, and brings nothing else into its block.
    static bool isForTypes(const Node& statement) {
        const Node block = statement.parent(), guard = block.parent();
        if (!block.is("block") || block.namedChildCount() != 1 || !guard.is("if_statement") || guard.field("alternative")) return false;
        const std::string_view condition = guard.field("condition").text();
        return condition == "TYPE_CHECKING" || condition == "typing.TYPE_CHECKING";
    }

    /// Whether an import may fail or be left out.
    static bool isGuarded(const Node& node) {
        for (Node at = node.parent(); at && !at.is("function_definition") && !at.is("module"); at = at.parent())
            if (!at.is("block")) return true;
        return false;
    }

    bool name(const Module& module, const Node& node) {
        const Node parent = node.parent();
        if (node.is("identifier")) {
            if (parent.is("keyword_argument") && parent.field("name") == node) return false;
            if (parent.is("attribute") && parent.field("attribute") == node) return false;
        }
        const std::string flask = plan_.flaskName(module, node);
        const std::string other = extensionName(module, node);
        const std::string type = flask.substr(flask.rfind('.') + 1); // "typing.ResponseReturnValue"
        const bool isType = other.empty() ? !type.empty() && type[0] >= 'A' && type[0] <= 'Z' : !plan_.isClaimed(node);
        if (isType && !node.ancestor({"type"}).isNull()) return annotation(module, node, type), false;
        if (!other.empty()) {
            if (!plan_.isClaimed(node)) plan_.refuse(module, node, "flask-extension", other);
            return false;
        }
        if (!flask.empty() && (node.is("identifier") || flask.find('.') == std::string::npos)) {
            if (!plan_.isClaimed(node)) {
                const Function* function = module.enclosingFunction(node);
                plan_.refuse(module, node, "flask-" + kebab(flask), flask + (function ? " in " + function->name : ""));
            }
            return false;
        }
        if (plan_.isClaimed(node)) return false;
        if (node.is("attribute")) return true;
        if (isRouter(module, node)) routerUse(module, node, parent);
        return true;
    }

    /// `def register(app: Flask) -> Response:`, which nothing looks at but readers and checkers.
    void annotation(const Module& module, const Node& node, const std::string& type) {
        const auto known = std::find_if(module.imports.begin(), module.imports.end(), [](const auto& one) {
            return one.second.module == "typing" && one.second.name == "Any";
        });
        const std::string text = type == "Flask"       ? plan_.target(module, plan_.context.target().application)
                                 : type == "Blueprint" ? plan_.helper(module, "RouteGroup")
                                 : type == "Response"  ? plan_.helper(module, "Response")
                                 : known != module.imports.end() ? known->first
                                                                 : plan_.target(module, {"typing", "Any"});
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.claim(node);
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// "flask_cors.CORS", "werkzeug.exceptions.NotFound"; "" for names of Flask itself.
    std::string extensionName(const Module& module, const Node& node) const {
        const semantic::Symbol& symbol = plan_.project().resolve(module, node);
        const bool extension = symbol.kind == semantic::Symbol::Kind::External && plan_.flaskName(module, node).empty() &&
                               isFlaskModule(symbol.name) && symbol.name.find('.') != std::string::npos;
        return extension ? symbol.name : "";
    }

    static std::string kebab(const std::string& name) { return replaceAll(toLower(name), "_", "-"); }

    /// Whether an identifier certainly holds an application or a blueprint.
    bool isRouter(const Module& module, const Node& node) const {
        const semantic::Symbol& symbol = plan_.project().resolve(module, node);
        if (symbol.kind == semantic::Symbol::Kind::Variable) return plan_.reading.graph.resolve(module, node) >= 0;
        if (symbol.kind != semantic::Symbol::Kind::Local) return false;
        for (const Router& router : plan_.reading.graph.routers())
            if (router.module == &module && router.function && router.name == node.text()) return true;
        return node.text() == "app" || node.text() == "application";
    }

    void routerUse(const Module& module, const Node& node, const Node& parent) {
        if (parent.is("attribute")) return plan_.refuse(module, parent, "application-use", std::string(parent.text()));
        if (parent.is("return_statement") || parent.is("parameters") || parent.is("typed_parameter") || isGivenLater(node, parent)) return;
        if (parent.is("assignment") && parent.field("left") == node) return;
        const int found = plan_.reading.graph.resolve(module, node);
        // Another name of something that keeps its own ones.
        if (parent.is("assignment") && parent.field("right") == node && found >= 0 && isRestx(plan_.reading.graph.routers()[static_cast<size_t>(found)])) return;
        if (parent.is("argument_list")) {
            const Node callee = parent.parent().field("function");
            if (plan_.isClaimed(callee)) return;
            const semantic::Symbol& symbol = plan_.project().resolve(module, callee);
            if (symbol.kind == semantic::Symbol::Kind::Function || isOwnMethod(symbol) || isMethodOfObject(module, callee)) return;
        }
        plan_.refuse(module, parent, "application-use", std::string(parent.text().substr(0, 60)));
    }

    /// `def __init__(self, app=None): self.app = app; if app is not None: self.init_app(app)` of a class that is told of its
    /// application, and does not read it there.
    bool isGivenLater(const Node& node, const Node& parent) const {
        if (parent.is("default_parameter") && parent.field("name") == node) return parent.field("value").is("none");
        if (parent.is("comparison_operator")) return parent.namedChild(1).is("none") || parent.namedChild(0).is("none");
        if (parent.is("if_statement") && parent.field("condition") == node) return true;
        const Node kept = parent.is("assignment") && parent.field("right") == node ? parent.field("left") : Node{};
        if (!kept.is("attribute") || kept.field("object").text() != "self") return false;
        bool read = false;
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& other) {
                const bool same = other.is("attribute") && other.field("attribute").text() == kept.field("attribute").text();
                read = read || (same && !(other.parent().is("assignment") && other.parent().field("left") == other));
                return !read;
            });
        return !read;
    }

    /// `Routes.register(app)`
    static bool isOwnMethod(const semantic::Symbol& symbol) {
        return symbol.kind == semantic::Symbol::Kind::Variable && symbol.module && symbol.module->function(symbol.name);
    }

    /// `db.init_app(app)` with `db = Database()`, a class of the project; `self.init_app(app)`
    bool isMethodOfObject(const Module& module, const Node& callee) const {
        if (!callee.is("attribute")) return false;
        const Node object = callee.field("object");
        const std::string name(callee.field("attribute").text());
        const Function* scope = module.enclosingFunction(callee);
        if (object.text() == "self" && scope && !scope->className.empty())
            return facts::methodOfClass(plan_.project(), module.name + ":" + scope->className, name) != nullptr;
        const facts::GivenValue given = facts::givenValue(plan_.project(), module, object);
        if (!given.module || !given.value.is("call")) return false;
        const semantic::Symbol& type = plan_.project().resolve(*given.module, given.value.field("function"));
        return type.kind == semantic::Symbol::Kind::Class && type.module &&
               facts::methodOfClass(plan_.project(), type.module->name + ":" + type.name, name) != nullptr;
    }

    /// A handler that is given away as a value would be called as the plain function that it was.
    void handlerValues(const Module& module) {
        for (const auto& entry : module.calls)
            for (const Node& call : entry.second)
                for (const Node& argument : call.field("arguments").namedChildren()) {
                    const Function* function = argument.is("identifier") && !plan_.isClaimed(argument) ? functionOf(plan_.project(), module, argument) : nullptr;
                    if (function && (plan_.handlers.count(function) || plan_.errorHandlers.count(function)))
                        plan_.refuse(module, call, "handler-called", function->name, "move what both need into a function of its own");
                }
    }

    /// `with lock:` has no `await` inside; between `acquire()` and `release()` there may be some, and the event loop
    /// would stop.
    void locks(const Module& module) {
        const auto calls = module.calls.find("acquire");
        if (calls == module.calls.end()) return;
        for (const Node& call : calls->second)
            if (!call.parent().is("await"))
                plan_.refuse(module, call, "thread-lock", std::string(call.field("function").text()), "write `with lock:` instead");
    }

    Plan& plan_;
};

} // namespace

bool isFlaskModule(const std::string& name) {
    if (name == "werkzeug.security" || startsWith(name, "werkzeug.security.")) return false; // hashes, and nothing of a framework
    return name == "flask" || startsWith(name, "flask.") || startsWith(name, "flask_") || name == "werkzeug" || name == "flasgger" || startsWith(name, "flasgger.") ||
           startsWith(name, "werkzeug.");
}

void planLeftovers(Plan& plan) { LeftoverPlanner(plan).run(); }

} // namespace covet::rules::flask
