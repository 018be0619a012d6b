// What a program prepares on its way to the server that it starts: an application that another server imports is
// asked without it.
//
//     def serve(router):
//         global ROUTER
//         ROUTER = router
//         HTTPServer(("", 8000), Handler).serve_forever()
//
// Handlers that are put into tables there go to the top level, in front of the function that did it, when nothing but
// names of the module is in that statement: `router.add("GET", "/books", list_books)`.

#include <algorithm>

#include "rules/frameworks/http_server/server_app.h"
#include "rules/store/server_tables.h"
#include "semantic/test_modules.h"

namespace covet::rules::http_server {
namespace {

using semantic::Project;
using semantic::Symbol;

class StartReader {
public:
    StartReader(const Project& project, std::vector<Refusal>& refusals, std::vector<Registration>& moved)
        : project_(project), refusals_(refusals), moved_(moved), fillers_(project) {}

    void read(const Start& start) {
        if (!start.isGuarded) return; // is run when the module is imported, up to the server itself
        code(*start.module, nullptr, start.statement, 4);
    }

private:
    void refuse(const Module& module, const Node& node, const std::string& what) {
        refusals_.push_back({&module, node, "set-at-start", "`" + what + "` is set on the way to the server: set it where its module is imported"});
    }

    void code(const Module& module, const Function* within, const Node& body, int depth) {
        std::set<std::string> globals;
        syntax::walk(body, [&](const Node& node) {
            if (node.is("global_statement"))
                for (const Node& name : node.namedChildren()) globals.emplace(name.text());
            return true;
        });
        syntax::walk(body, [&](const Node& node) {
            if (node.is("assignment")) assignment(module, within, globals, node);
            if (node.is("call")) call(module, within, node, depth);
            return true;
        });
    }

    void assignment(const Module& module, const Function* within, const std::set<std::string>& globals, const Node& node) {
        const Node left = node.field("left");
        if (left.is("attribute")) {
            static const std::set<std::string_view> kServer = {"protocol_version", "server_version", "sys_version", "allow_reuse_address", "daemon_threads", "timeout"};
            if (kServer.count(left.field("attribute").text())) return;
            const Symbol symbol = project_.resolve(module, left.field("object"));
            if (symbol.kind == Symbol::Kind::Class || (symbol.kind == Symbol::Kind::Module && symbol.module)) refuse(module, node, std::string(left.text()));
            return;
        }
        if (!left.is("identifier")) return;
        const std::string name(left.text());
        if (within ? !globals.count(name) || isData(module, name) : !isReadByFunctions(module, name)) return;
        if (!within && (isConstant(node.field("right")) || isData(module, name, true))) return;
        if (isReadByFunctions(module, name, within)) refuse(module, node, name);
    }

    static bool isConstant(const Node& value) { return value.isOneOf({"string", "integer", "float", "true", "false", "none"}); }

    /// Containers and numbers are looked at as stores.
    static bool isData(const Module& module, const std::string& name, bool elsewhere = false) {
        const auto found = module.assignments.find(name);
        if (found == module.assignments.end()) return false;
        for (const Node& statement : found->second) {
            const Node value = statement.namedChild(0).field("right");
            if (elsewhere && isMainBlock(topLevel(statement))) continue;
            if (value.isOneOf({"list", "dictionary", "set", "integer", "float", "string", "true", "false", "list_comprehension", "dictionary_comprehension"})) return true;
            static const std::set<std::string_view> kContainers = {"dict", "list", "set", "defaultdict", "OrderedDict", "deque", "count"};
            const std::string_view callee = value.is("call") ? value.field("function").text() : std::string_view();
            if (kContainers.count(callee.substr(callee.rfind('.') + 1))) return true;
        }
        return false;
    }

    bool isReadByFunctions(const Module& module, const std::string& name, const Function* but = nullptr) const {
        for (const Node& use : module.tree->identifiers(name)) {
            const Function* function = module.enclosingFunction(use);
            if (!function || function == but) continue;
            const Symbol symbol = project_.resolve(module, use);
            if (symbol.kind == Symbol::Kind::Variable && symbol.module == &module) return true;
        }
        return false;
    }

    void call(const Module& module, const Function* within, const Node& node, int depth) {
        const Node callee = node.field("function");
        const Symbol symbol = project_.resolve(module, callee);
        const Function* called = symbol.kind == Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
        const bool registers = called && onlyRegisters(*symbol.module, *called);
        if (registers && move(module, within, node)) return;
        if (!fillers_.filledBy(module, callee).empty() && (handsHandlerOn(module, node) || node.parent().is("decorator")) && !move(module, within, node))
            refuse(module, node, std::string(node.text().substr(0, 60)));
        if (called && depth > 0 && seen_.insert(called).second) code(*symbol.module, called, called->node.field("body"), depth - 1);
    }

    /// `router.add("GET", "/books", list_books)`
    bool handsHandlerOn(const Module& module, const Node& call) const {
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const Node value = argument.is("keyword_argument") ? argument.field("value") : argument;
            if (value.is("lambda")) return true;
            if ((value.is("identifier") || value.is("attribute")) && project_.resolve(module, value).kind == Symbol::Kind::Function) return true;
        }
        return false;
    }

    /// A function that does nothing but hand handlers on: `def add_routes(router): router.add("GET", "/books", list_books)`.
    bool onlyRegisters(const Module& module, const Function& function) const {
        bool any = false;
        for (const Node& statement : function.node.field("body").namedChildren()) {
            const Node inner = statement.is("expression_statement") ? statement.namedChild(0) : statement;
            if (inner.is("comment") || inner.is("string") || inner.is("pass_statement")) continue;
            if (!inner.is("call") || !inner.field("function").is("attribute") || !handsHandlerOn(module, inner)) return false;
            any = true;
        }
        return any;
    }

    /// Whether a statement may as well run when its module is imported; it is moved there.
    bool move(const Module& module, const Function* within, const Node& call) {
        const Node statement = call.parent(), block = statement.parent();
        if (!statement.is("expression_statement") || !block.is("block")) return false;
        const Node owner = block.parent(), top = topLevel(statement);
        if (within ? !(owner == within->node) || !(top == within->decorated) || callsOf(*within) != 1 : !(owner == top)) return false;
        bool known = true;
        syntax::walk(call, [&](const Node& node) {
            if (node.is("lambda") || node.is("await") || node.is("named_expression")) known = known && node.is("lambda") && !namesLocal(module, within, node);
            if (node.is("lambda")) return false;
            const Node parent = node.parent();
            const bool isPart = (parent.is("attribute") && parent.field("attribute") == node) || (parent.is("keyword_argument") && parent.field("name") == node);
            known = known && (!node.is("identifier") || isPart || isThere(module, node, top));
            return known;
        });
        if (known) moved_.push_back({&module, statement, top, std::string(call.text())});
        return known;
    }

    /// Whether a lambda reads something of the function around it.
    bool namesLocal(const Module& module, const Function* within, const Node& lambda) const {
        bool found = false;
        syntax::walk(lambda.field("body"), [&](const Node& node) {
            found = found || (within && node.is("identifier") && within->locals.count(std::string(node.text())));
            return !found;
        });
        return found || !module.tree;
    }

    /// Whether a name has its value in front of a statement of the module.
    bool isThere(const Module& module, const Node& name, const Node& statement) const {
        const std::string text(name.text());
        if (project_.resolve(module, name).kind == Symbol::Kind::Local) return false;
        if (module.imports.count(text)) return true;
        if (const Function* function = module.function(text)) return function->decorated.start() < statement.start();
        if (const semantic::Class* type = module.classNamed(text)) return type->node.start() < statement.start();
        const auto assigned = module.assignments.find(text);
        return assigned == module.assignments.end() || (assigned->second.size() == 1 && topLevel(assigned->second.front()).start() < statement.start() &&
                                                        !isMainBlock(topLevel(assigned->second.front())));
    }

    /// How many calls of the project are of a function.
    size_t callsOf(const Function& function) const {
        size_t count = 0;
        for (const auto& module : project_.modules()) {
            const auto calls = module->calls.find(function.name);
            count += calls == module->calls.end() ? 0 : calls->second.size();
        }
        return count;
    }

    const Project& project_;
    std::vector<Refusal>& refusals_;
    std::vector<Registration>& moved_;
    tables::Fillers fillers_;
    std::set<const Function*> seen_;
};

} // namespace

void readStartState(const Project& project, const std::vector<Start>& starts, std::vector<Refusal>& refusals, std::vector<Registration>& moved) {
    StartReader reader(project, refusals, moved);
    for (const Start& start : starts) reader.read(start);
}

} // namespace covet::rules::http_server
