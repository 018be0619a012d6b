// before  SessionLocal = sessionmaker(autoflush=False, bind=engine)
//         def get_user(db: Session, user_id: int):
//             return db.query(User).filter(User.id == user_id).first()
// after   SessionLocal = async_sessionmaker(async_engine, class_=LoadingSession, autoflush=False)
//         async def get_user(db: AsyncSession, user_id: int):
//             return (await db.scalars(select(User).filter(User.id == user_id).limit(1))).first()
//
// All of it or nothing: a session that reaches code which is not understood stays synchronous, as it works there.

#include "rules/sessions/async_sessions.h"

#include "catalog/resource.h"
#include "rules/frameworks/router_graph.h"
#include "rules/sessions/session_queries.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using namespace sessions;
using Kind = SessionUse::Kind;

constexpr const char* kModule = "covet_async_sessions";

/// The routes may have moved in a phase before.
bool isFastApiProject(const semantic::Project& project, const catalog::TargetProfile& target) {
    bool fastApi = false, already = false;
    for (const auto& module : project.modules())
        for (const auto& [name, binding] : module->imports) {
            if (module->name == target.package || startsWith(module->name, target.package + ".")) continue; // its copy in the project
            fastApi = fastApi || (binding.module == "fastapi" && binding.name == "FastAPI") ||
                      (binding.module == target.application.module && binding.name == target.application.name);
            already = already || startsWith(binding.module, "sqlalchemy.ext.asyncio");
        }
    return fastApi && !already;
}

class AsyncSessions {
public:
    AsyncSessions(MigrationContext& context, const SessionUses& uses) : context_(context), uses_(uses) {}

    void run() {
        for (const SessionUse& use : uses_.uses()) session(use);
        for (const auto& [module, call] : uses_.waitedCalls()) {
            // A method and those that override it are called in one place.
            if (context_.awaitedCalls.insert(call.id()).second) awaits(*module, call);
        }
        for (const auto& [module, type] : uses_.types()) {
            context_.rewrite(*module).replace(type, "AsyncSession");
            context_.rewrite(*module).requireImport("sqlalchemy.ext.asyncio", "AsyncSession");
            context_.rewrite(*module).dropImportIfUnused("Session");
        }
        for (const auto& [module, function] : uses_.waiting()) {
            if (function->isAsync) continue;
            context_.signatures(*module).makeAsync(*function);
            generatorType(*module, *function);
        }
        factory();
        for (const auto& [module, statement] : uses_.applications()) {
            const std::string name(statement.namedChild(0).field("left").text());
            context_.rewrite(*module).insertAfter(statement, {name + ".add_middleware(LoadingMiddleware)"});
            context_.rewrite(*module).requireImport(context_.importPath(*module, kModule), "LoadingMiddleware");
        }
        context_.generatedFiles[context_.generatedPath(kModule)] = helper();
    }

private:
    void awaits(const Module& module, const Node& call) {
        const bool bracket = call.parent().isOneOf({"attribute", "subscript"}) || (call.parent().is("call") && call.parent().field("function") == call);
        context_.rewrite(module).wrapValue(call, bracket ? "(await " : "await ", bracket ? ")" : "");
    }

    void session(const SessionUse& use) {
        ModuleRewrite& rewrite = context_.rewrite(*use.module);
        if (use.kind == Kind::Entered) rewrite.wrap(use.node.child(0), "async ", "");
        if (use.kind == Kind::Waits) awaits(*use.module, use.node);
        if (use.kind != Kind::InBulk) return;
        const std::string session(use.session.text()), method(use.node.field("function").field("attribute").text());
        const Node arguments = use.node.field("arguments");
        rewrite.replace(use.node, [=](const ModuleRewrite& inner) {
            return "await " + session + ".run_sync(lambda session: session." + method + inner.render(arguments) + ")";
        });
    }

    /// `-> Generator[Session, None, None]` of a dependency that waits.
    void generatorType(const Module& module, const Function& function) {
        const Node type = function.node.field("return_type");
        if (type.isNull()) return;
        syntax::walk(type, [&](const Node& node) {
            const std::string name(node.text());
            if (!node.is("identifier") || (name != "Generator" && name != "Iterator" && name != "Iterable")) return true;
            auto known = module.imports.find(name);
            if (known == module.imports.end()) return true;
            const std::string wanted = name == "Generator" ? "AsyncGenerator" : "AsyncIterator";
            const Node whole = node.parent();
            ModuleRewrite& rewrite = context_.rewrite(module);
            rewrite.requireImport(known->second.module, wanted);
            rewrite.dropImportIfUnused(name);
            // An asynchronous generator returns nothing.
            const std::vector<Node> given = whole.is("generic_type") ? std::vector<Node>(whole.namedChild(1).namedChildren()) : whole.fields("subscript");
            if (name != "Generator" || given.size() != 3) {
                rewrite.replace(node, wanted);
                return true;
            }
            rewrite.replace(whole, [=](const ModuleRewrite& inner) {
                return wanted + "[" + inner.render(given[0]) + ", " + inner.render(given[1]) + "]";
            });
            return true;
        });
    }

    void factory() {
        const Module& module = uses_.factoryModule();
        ModuleRewrite& rewrite = context_.rewrite(module);
        const std::string from = context_.importPath(module, kModule);
        std::string options;
        for (const Node& argument : uses_.engine().field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() != "future" && argument.field("name").text() != "url") options += ", " + std::string(argument.text());
        std::string engine = uses_.engineName();
        const Node statement = uses_.engine().ancestor({"expression_statement"});
        if (uses_.engineIsUsedElsewhere()) {
            engine = "async_" + engine;
            rewrite.insertAfter(statement, {engine + " = create_async_engine(async_url(" + uses_.engineName() + ".url)" + options + ")"});
        } else {
            const std::string url(argumentOf(uses_.engine(), "url", 0).text());
            rewrite.replace(uses_.engine(), "create_async_engine(async_url(" + url + ")" + options + ")");
            rewrite.dropImportIfUnused("create_engine");
        }
        std::string kept;
        for (const Node& argument : uses_.factory().field("arguments").namedChildren()) {
            const std::string_view name = argument.field("name").text();
            if (name == "autoflush" || name == "expire_on_commit") kept += ", " + std::string(argument.text());
        }
        rewrite.replace(uses_.factory(), "async_sessionmaker(" + engine + ", class_=LoadingSession" + kept + ")");
        rewrite.dropImportIfUnused("sessionmaker");
        rewrite.requireImport("sqlalchemy.ext.asyncio", "async_sessionmaker");
        rewrite.requireImport("sqlalchemy.ext.asyncio", "create_async_engine");
        rewrite.requireImport(from, "LoadingSession");
        rewrite.requireImport(from, "async_url");
    }

    /// The helper names the drivers of the databases that the code names, so that a missing one is noticed at the start.
    std::string helper() const {
        std::set<std::string> drivers;
        for (const auto& module : context_.project().modules()) {
            const std::string_view text = module->tree->text();
            if (text.find("sqlite://") != std::string_view::npos) drivers.insert("aiosqlite");
            if (text.find("postgres") != std::string_view::npos && text.find("://") != std::string_view::npos) drivers.insert("psycopg");
            if (text.find("mysql") != std::string_view::npos && text.find("://") != std::string_view::npos) drivers.insert("aiomysql");
        }
        std::string imports;
        if (drivers.size() == 1) imports = "import " + *drivers.begin() + "  # noqa: F401  the driver of the database\n";
        return replaceAll(std::string(catalog::resource("templates/sessions/async_sessions.py")), "#drivers\n", imports);
    }

    MigrationContext& context_;
    const SessionUses& uses_;
};

/// `with Session(engine) as session:` of SQLAlchemy or SQLModel, which no factory makes.
void reportOthers(MigrationContext& context) {
    for (const auto& module : context.project().modules()) {
        const auto calls = module->calls.find("Session");
        if (calls == module->calls.end() || semantic::isTestModule(*module)) continue;
        for (const Node& call : calls->second) {
            const semantic::Symbol& symbol = context.project().resolve(*module, call.field("function"));
            const bool ofSqlModel = symbol.name == "sqlmodel.Session" || symbol.name == "sqlmodel.orm.session.Session";
            if (symbol.kind != semantic::Symbol::Kind::External || !(ofSqlModel || symbol.name == "sqlalchemy.orm.Session")) continue;
            Finding& finding = context.report(*module, call, "COV113", std::string(call.text().substr(0, 60)));
            finding.safetyReason = ofSqlModel ? "session-of-sqlmodel" : "session-without-factory";
            return;
        }
    }
}

} // namespace

void makeSessionsAsync(MigrationContext& context) {
    if (!isFastApiProject(context.project(), context.target())) return;
    SessionUses uses(context);
    if (!uses.findFactory()) return reportOthers(context);
    if (!uses.obstacle()) uses.follow();
    SessionQueries queries(context, uses);
    if (!uses.obstacle()) queries.plan();
    if (!uses.obstacle()) uses.followCalls();
    if (const Obstacle& obstacle = uses.obstacle()) {
        Finding& finding = context.report(*obstacle.module, obstacle.where, "COV113", std::string(obstacle.where.text().substr(0, 60)));
        finding.safetyReason = obstacle.reason;
        return;
    }
    AsyncSessions(context, uses).run();
    queries.rewrite();
    Finding& finding = context.report(uses.factoryModule(), uses.factory(), "COV112", uses.factoryName());
    finding.safetyReason = "understood-whole";
    finding.group = "only:async-sessions"; // without it they work as before
}

} // namespace covet::rules
