// before  app = FastAPI()                      after   @asynccontextmanager
//         @app.on_event("startup")                     async def lifespan(app: FastAPI):
//         async def connect(): ...                         await connect()
//         @app.on_event("shutdown")                        yield
//         def close(): ...                                 close()
//                                                      app = FastAPI(lifespan=lifespan)
//
// Safe where all functions of the application are known: one that has a `lifespan` runs no others. Functions of
// routers stay, since the framework runs them twice.

#include "rules/modern/start_functions.h"

#include "rules/diagnostics.h"
#include "rules/frameworks/router_graph.h"
#include "support/strings.h"
#include "support/words.h"
#include "syntax/evaluator/literals.h"

namespace covet::rules::modern {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// What may get an application without adding functions to it.
constexpr Words kHarmless = {"uvicorn.run", "fastapi.testclient.TestClient", "starlette.testclient.TestClient", "httpx.ASGITransport",
                             "httpx.AsyncClient", "mangum.Mangum", "uvicorn.Config"};
/// Ways to add functions that are not followed.
constexpr Words kOtherWays = {"add_event_handler", "on_startup", "on_shutdown", "lifespan_context"};

struct Hook {
    Node decorator;
    const Function* function = nullptr;
    bool starts = false;
};

struct Application {
    const Module* module = nullptr;
    Node creation;  // the call
    Node statement; // around it
    std::string name;
    std::vector<Hook> hooks;
    std::string reason; // why it stays as it is
    Node at;
};

class StartFunctions {
public:
    StartFunctions(MigrationContext& context, const std::set<std::string>& paths) : context_(context), project_(context.project()), paths_(paths) {}

    std::vector<Proposal> proposals() {
        const catalog::TargetName& wanted = context_.target().application;
        for (const auto& module : project_.modules()) {
            if (!paths_.count(module->path())) continue;
            if (const auto calls = module->calls.find(wanted.name); calls != module->calls.end())
                for (const Node& call : calls->second) application(*module, call, wanted.module + "." + wanted.name);
        }
        if (applications_.empty()) return {};
        for (const auto& module : project_.modules())
            for (const Node& name : module->tree->identifiers("on_event")) hook(*module, name);
        others();
        std::vector<Proposal> found;
        for (const Application& application : applications_)
            if (!application.hooks.empty() || !application.reason.empty()) found.push_back(proposal(application));
        return found;
    }

private:
    void application(const Module& module, const Node& call, const std::string& full) {
        const Symbol& symbol = project_.resolve(module, call.field("function"));
        const Node assignment = call.parent();
        if (symbol.kind != Symbol::Kind::External || symbol.name != full || !assignment.is("assignment") || !assignment.field("left").is("identifier")) return;
        Application application;
        application.module = &module;
        application.creation = call;
        application.statement = assignment.parent();
        application.name = std::string(assignment.field("left").text());
        applications_.push_back(std::move(application));
    }

    void hook(const Module& module, const Node& name) {
        const Node access = name.parent(), call = access.parent(), decorator = call.parent();
        if (!access.is("attribute") || access.field("attribute") != name) return;
        Application* owner = nullptr;
        for (Application& candidate : applications_)
            if (isApplication(candidate, module, access.field("object"))) owner = &candidate;
        if (!owner) {
            // Of a router, or of an application that is not known: of any.
            for (Application& candidate : applications_) stays(candidate, "hooks-of-others", candidate.module == &module ? name : candidate.creation);
            return;
        }
        const Node event = call.is("call") ? call.field("arguments").namedChild(0) : Node();
        const auto text = event.is("string") ? syntax::eval::stringLiteral(event) : std::nullopt;
        const Function* function = decorator.is("decorator") ? decoratedFunction(module, decorator) : nullptr;
        if (!function || !text || text->kind() != Value::Kind::Str) return stays(*owner, "hook-by-call", name);
        const bool starts = text->text() == "startup";
        if (!starts && text->text() != "shutdown") return stays(*owner, "hook-by-call", name);
        owner->hooks.push_back({decorator, function, starts});
        if (&module != owner->module) return stays(*owner, "hooks-elsewhere", owner->creation);
        if (function->decorated.parent() != owner->statement.parent()) return stays(*owner, "hook-within", name);
        size_t decorators = 0;
        for (const Node& other : function->decorated.namedChildren())
            if (other.is("decorator")) ++decorators;
        if (decorators != 1) return stays(*owner, "decorated-twice", name);
        for (const Node& parameter : function->node.field("parameters").namedChildren())
            if (!parameter.isOneOf({"default_parameter", "typed_default_parameter"})) return stays(*owner, "hook-arguments", name);
        bool yields = false;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            yields = yields || node.is("yield");
            return !node.isOneOf({"function_definition", "lambda"});
        });
        if (yields) return stays(*owner, "hook-arguments", name);
        // The name has to mean this function when the application starts.
        size_t bound = module.assignments.count(function->name);
        for (const Function& other : module.functions)
            if (other.name == function->name && other.decorated.parent() == function->decorated.parent()) ++bound;
        for (const auto& [imported, binding] : module.imports)
            if (imported == function->name) ++bound;
        if (bound != 1 || function->name == "lifespan" || function->name == owner->name) stays(*owner, "name-bound-twice", name);
    }

    static bool isSameScope(const Module& module, const Node& one, const Node& other) {
        return module.enclosingFunction(one) == module.enclosingFunction(other);
    }

    bool isApplication(const Application& application, const Module& module, const Node& object) const {
        if (!object.is("identifier")) return false;
        if (&module == application.module && module.enclosingFunction(application.statement))
            return object.text() == application.name && isSameScope(module, object, application.statement);
        if (application.module->enclosingFunction(application.statement)) return false;
        const Symbol& symbol = project_.resolve(module, object);
        return symbol.kind == Symbol::Kind::Variable && symbol.module == application.module && symbol.name == application.name;
    }

    void stays(Application& application, const char* reason, const Node& at) {
        if (!application.reason.empty()) return;
        application.reason = reason;
        application.at = at;
    }

    /// Other ways in which an application may get such functions.
    void others() {
        for (Application& application : applications_) {
            if (application.hooks.empty()) {
                application.reason.clear();
                continue;
            }
            for (const char* option : {"lifespan", "on_startup", "on_shutdown"})
                if (!argumentOf(application.creation, option).isNull()) {
                    application.reason = "beside-lifespan"; // whatever else there is
                    application.at = application.creation;
                }
            for (const Node& given : application.creation.field("arguments").namedChildren())
                if (given.isOneOf({"dictionary_splat", "list_splat"})) stays(application, "beside-lifespan", application.creation); // perhaps
            size_t made = 0;
            for (const Application& other : applications_)
                if (other.module == application.module && other.name == application.name) ++made;
            if (made != 1) stays(application, "made-twice", application.creation);
            for (const auto& module : project_.modules()) {
                for (const std::string_view name : kOtherWays.words)
                    for (const Node& identifier : module->tree->identifiers(name))
                        if (identifier.parent().is("attribute") || identifier.parent().is("keyword_argument")) stays(application, "hook-by-call", application.creation);
                for (const Node& identifier : module->tree->identifiers(application.name)) handed(application, *module, identifier);
            }
        }
    }

    /// A library that gets the application may add functions of its own.
    void handed(Application& application, const Module& module, const Node& identifier) {
        Node argument = identifier;
        if (argument.parent().is("keyword_argument") && argument.parent().field("value") == argument) argument = argument.parent();
        if (!argument.parent().is("argument_list")) return;
        const Node callee = argument.parent().parent().field("function");
        const Symbol& symbol = project_.resolve(module, callee);
        const bool isOwn = symbol.kind == Symbol::Kind::Function || symbol.kind == Symbol::Kind::Class;
        const bool isBuiltIn = callee.is("identifier") && (callee.text() == "print" || callee.text() == "isinstance");
        if (isOwn || isBuiltIn || (symbol.kind == Symbol::Kind::External && kHarmless.count(symbol.name))) return;
        stays(application, "handed-to-library", &module == application.module ? identifier : application.creation);
    }

    Proposal proposal(const Application& application) {
        const bool fits = application.reason.empty();
        const Node at = fits ? application.creation : application.at;
        Proposal proposal;
        Finding& finding = proposal.finding;
        const auto& source = application.module->source;
        finding.rule = fits ? "COV116" : "COV117";
        finding.file = application.module->path();
        finding.start = {source.lineOf(at.start()), source.columnOf(at.start())};
        finding.end = {source.lineOf(at.end()), source.columnOf(at.end())};
        finding.message = messageOf(finding.rule, application.name);
        finding.safety = diagnostic(finding.rule)->safety;
        finding.outcome = fits ? Outcome::Fixed : Outcome::Skipped;
        finding.safetyReason = fits ? "all-functions-known" : application.reason;
        if (application.reason == "beside-lifespan") finding.hint = "an application with a `lifespan` never runs these functions: call them there, or remove them";
        if (fits) proposal.make = [&context = context_, application] { make(context, application); };
        return proposal;
    }

    static void make(MigrationContext& context, const Application& application) {
        const Module& module = *application.module;
        ModuleRewrite& rewrite = context.rewrite(module);
        std::string name = "lifespan";
        while (!module.tree->identifiers(name).empty()) name = application.name + "_" + name;
        std::vector<std::string> starts, stops;
        for (const Hook& hook : application.hooks) {
            (hook.starts ? starts : stops).push_back((hook.function->isAsync ? "    await " : "    ") + hook.function->name + "()");
            rewrite.remove(hook.decorator);
        }
        const std::string type(application.creation.field("function").text());
        std::vector<std::string> lines = {"@asynccontextmanager", "async def " + name + "(_: " + type + "):"};
        lines.insert(lines.end(), starts.begin(), starts.end());
        lines.emplace_back("    yield");
        lines.insert(lines.end(), stops.begin(), stops.end());
        if (!module.enclosingFunction(application.statement)) {
            const Node before = application.statement.previousNamedSibling();
            const size_t apart = before ? application.statement.line() - before.endLine() - 1 : 2;
            lines.insert(lines.begin(), apart < 2 ? 2 - apart : 0, "");
            lines.insert(lines.end(), 2, "");
        }
        rewrite.insertBefore(application.statement, lines);
        rewrite.requireImport("contextlib", "asynccontextmanager");
        const Node arguments = application.creation.field("arguments");
        const std::vector<Node> given = arguments.namedChildren();
        const std::string option = "lifespan=" + name;
        if (given.empty()) {
            rewrite.replace(arguments, "(" + option + ")");
            return;
        }
        const bool ownLine = given.back().line() > arguments.line();
        rewrite.wrap(given.back(), "", ownLine ? ",\n" + rewrite.indentOf(given.back()) + option : ", " + option);
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    const std::set<std::string>& paths_;
    std::vector<Application> applications_;
};

} // namespace

std::vector<Proposal> startFunctions(MigrationContext& context, const std::set<std::string>& paths) { return StartFunctions(context, paths).proposals(); }

} // namespace covet::rules::modern
