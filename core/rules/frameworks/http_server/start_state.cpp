// What a program prepares on its way to the server that it starts: an application that another server imports is
// asked without it.
//
//     def serve(router):
//         global ROUTER
//         ROUTER = router
//         HTTPServer(("", 8000), Handler).serve_forever()

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
    StartReader(const Project& project, std::vector<Refusal>& refusals) : project_(project), refusals_(refusals), fillers_(project) {}

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
            if (node.is("call")) call(module, node, depth);
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

    void call(const Module& module, const Node& node, int depth) {
        const Node callee = node.field("function");
        if (!fillers_.filledBy(module, callee).empty())
            for (const Node& argument : node.field("arguments").namedChildren()) {
                const Node value = argument.is("keyword_argument") ? argument.field("value") : argument;
                if ((value.is("identifier") || value.is("attribute")) && project_.resolve(module, value).kind == Symbol::Kind::Function)
                    refuse(module, node, std::string(value.text()));
            }
        const Symbol symbol = project_.resolve(module, callee);
        const Function* called = symbol.kind == Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
        if (called && depth > 0 && seen_.insert(called).second) code(*symbol.module, called, called->node.field("body"), depth - 1);
    }

    const Project& project_;
    std::vector<Refusal>& refusals_;
    tables::Fillers fillers_;
    std::set<const Function*> seen_;
};

} // namespace

void refuseStartState(const Project& project, const std::vector<Start>& starts, std::vector<Refusal>& refusals) {
    StartReader reader(project, refusals);
    for (const Start& start : starts) reader.read(start);
}

} // namespace covet::rules::http_server
