#include "facts/startup_functions.h"

#include <algorithm>

#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

using syntax::Node;

/// `@app.on_event("startup")`, or `@app.on_startup`, with nothing else above the function.
bool runsAt(const semantic::Function& function, std::string_view wanted) {
    if (function.isNested || !function.className.empty()) return false;
    const std::vector<Node> parts = function.decorated.namedChildren();
    if (parts.size() != 2 || !parts[0].is("decorator")) return false;
    const Node call = parts[0].namedChild(0);
    const bool takesNothing = function.node.field("parameters").namedChildCount() == 0;
    if (call.is("attribute")) return takesNothing && call.field("attribute").text() == "on_" + std::string(wanted);
    if (!call.is("call") || call.field("function").field("attribute").text() != "on_event") return false;
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    if (arguments.size() != 1 || !takesNothing) return false;
    const std::string_view event = arguments[0].text();
    return event.size() == wanted.size() + 2 && event.substr(1, wanted.size()) == wanted;
}

/// `lifespan=lifespan` of an application, and nowhere else.
bool isLifespanOnly(const semantic::Project& project, const semantic::Module& home, const semantic::Function& function) {
    if (function.isNested || !function.className.empty()) return false;
    bool given = false;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& name : module->tree->identifiers(function.name)) {
            if (name == function.node.field("name") || name.ancestor({"import_from_statement", "import_statement"})) continue;
            const Node parent = name.parent();
            if (parent.is("keyword_argument") && parent.field("name") == name) continue;
            if (parent.is("attribute") && parent.field("attribute") == name) continue;
            const semantic::Symbol& symbol = project.resolve(*module, name);
            if (symbol.kind != semantic::Symbol::Kind::Function || symbol.module != &home || symbol.name != function.qualified) continue;
            if (!parent.is("keyword_argument") || parent.field("name").text() != "lifespan") return false;
            given = true;
        }
    }
    return given;
}

bool isYield(const Node& statement) { return statement.is("expression_statement") && statement.namedChild(0).is("yield"); }

/// Adds the statements of a body around its one `yield`; false where it has none, or in another place.
bool addAround(const semantic::Module& module, const semantic::Function& function, const Node& body, std::vector<LifespanStatement>& found) {
    bool behind = false;
    for (const Node& statement : body.namedChildren()) {
        if (isYield(statement)) {
            if (behind) return false;
            behind = true;
        } else if (statement.is("try_statement")) {
            const size_t before = found.size();
            if (behind || !addAround(module, function, statement.field("body"), found)) {
                found.resize(before);
                found.push_back({&module, &function, statement, behind, false});
                continue;
            }
            behind = true;
            for (const Node& clause : statement.namedChildren())
                if (clause.is("finally_clause"))
                    for (const Node& last : clause.namedChild(0).namedChildren()) found.push_back({&module, &function, last, true, false});
        } else if (!statement.is("comment")) {
            found.push_back({&module, &function, statement, behind, false});
        }
    }
    return behind;
}

bool servesForever(const Node& code) {
    bool serves = false;
    syntax::walk(code, [&](const Node& node) {
        serves = serves || (node.is("call") && node.field("function").field("attribute").text() == "serve_forever");
        return !serves && !node.is("class_definition");
    });
    return serves;
}

/// The function that a statement calls and nothing else does: `main()`.
const semantic::Function* onlyCalledBy(const semantic::Module& module, const Node& statement) {
    const Node call = statement.is("expression_statement") ? statement.namedChild(0) : Node();
    const semantic::Function* function = call.is("call") ? module.function(call.field("function").text()) : nullptr;
    if (!function || function->isAsync || module.tree->identifiers(function->name).size() != 2) return nullptr;
    return function;
}

void addScript(const semantic::Module& module, const semantic::Function* function, const std::vector<Node>& statements,
               std::vector<LifespanStatement>& found) {
    for (const Node& statement : statements) {
        const semantic::Function* run = onlyCalledBy(module, statement);
        if (run && servesForever(run->node)) return addScript(module, run, run->node.field("body").namedChildren(), found);
        if (servesForever(statement)) return;
        if (!statement.is("comment")) found.push_back({&module, function, statement, false, false});
    }
}

/// Whether a main block, or a function that it runs, is the only way to start the server.
void addScript(const semantic::Module& module, std::vector<LifespanStatement>& found) {
    for (const Node& block : module.tree->root().namedChildren()) {
        if (!block.is("if_statement") || block.field("condition").text().find("__main__") == std::string_view::npos) continue;
        const std::vector<Node> statements = block.field("consequence").namedChildren();
        const bool serves = servesForever(block) || std::any_of(statements.begin(), statements.end(), [&](const Node& statement) {
                                const semantic::Function* run = onlyCalledBy(module, statement);
                                return run && servesForever(run->node);
                            });
        if (serves) addScript(module, nullptr, statements, found);
    }
}

} // namespace

std::vector<LifespanStatement> lifespanStatements(const semantic::Project& project) {
    std::vector<LifespanStatement> all;
    const std::vector<StartupFunction> known = startupFunctions(project);
    auto isKnown = [&](const semantic::Function& function) {
        return std::any_of(known.begin(), known.end(), [&](const StartupFunction& one) { return one.second == &function; });
    };
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        addScript(*module, all);
        for (const semantic::Function& function : module->functions) {
            for (const char* event : {"startup", "shutdown"})
                if (runsAt(function, event) && (event == std::string_view("shutdown") || isKnown(function)))
                    for (const Node& statement : function.node.field("body").namedChildren())
                        all.push_back({module.get(), &function, statement, event == std::string_view("shutdown"), true});
            std::vector<LifespanStatement> found;
            if (!isLifespanOnly(project, *module, function) || !addAround(*module, function, function.node.field("body"), found)) continue;
            all.insert(all.end(), found.begin(), found.end());
        }
    }
    return all;
}

std::vector<StartupFunction> startupFunctions(const semantic::Project& project) {
    std::vector<StartupFunction> found;
    for (const auto& module : project.modules())
        for (const semantic::Function& function : module->functions)
            if (runsAt(function, "startup")) found.emplace_back(module.get(), &function);
    for (const auto& [module, function] : found)
        if (module != found[0].first) return {};
    return found;
}

} // namespace covet::facts
