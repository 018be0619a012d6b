#include <algorithm>

#include "rules/frameworks/http_server/server_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::http_server {
namespace {

using semantic::Class;
using semantic::Project;
using semantic::Symbol;

bool isLibraryHandler(const std::string& base) {
    return endsWith(base, "BaseHTTPRequestHandler") || endsWith(base, "SimpleHTTPRequestHandler");
}

/// The class of the project that a base names; nullptr if it is none.
std::pair<const Module*, const Class*> baseClass(const Project& project, const Module& module, const std::string& base) {
    const size_t dot = base.find('.');
    Symbol symbol = project.resolveGlobal(module, base.substr(0, dot));
    if (symbol.kind == Symbol::Kind::Module && symbol.module && dot != std::string::npos)
        symbol = project.resolveGlobal(*symbol.module, base.substr(dot + 1));
    if (symbol.kind != Symbol::Kind::Class || !symbol.module) return {nullptr, nullptr};
    return {symbol.module, symbol.module->classNamed(symbol.name)};
}

/// What handlers reach beyond the request that is in memory.
std::string connectionUse(const Node& node) {
    if (!node.is("attribute") || node.field("object").text() != "self") return "";
    static constexpr Words kConnection = {"connection", "request", "server"};
    return kConnection.count(node.field("attribute").text()) ? "connection-use" : "";
}

/// A loop that goes on writing: the answer never ends.
bool isStream(const Node& node) {
    if (!node.is("while_statement") || (node.field("condition").text() != "True" && node.field("condition").text() != "1")) return false;
    bool writes = false, ends = false;
    syntax::walk(node.field("body"), [&](const Node& inner) {
        writes = writes || (inner.is("attribute") && inner.field("attribute").text() == "wfile");
        ends = ends || inner.is("break_statement") || inner.is("return_statement");
        return true;
    });
    return writes && !ends;
}

class ClassReader {
public:
    ClassReader(const Project& project, Served& served) : project_(project), served_(served) {}

    void read(const Module& module, const Class& type) {
        if (!seen_.insert(&type).second) return;
        served_.classes.emplace_back(&module, &type);
        if (!type.decorators.empty()) refuse(module, type.node, "class-decorator", "decorators of the class are not looked into");
        for (const Node& statement : type.node.field("body").namedChildren()) aliases(module, type, statement);
        for (const Function& function : module.functions) {
            if (function.className != type.name || function.isNested) continue;
            if (startsWith(function.name, "do_")) add(module, function, function.name.substr(3));
            static constexpr Words kMachinery = {"setup", "handle", "finish", "handle_one_request", "parse_request"};
            if (kMachinery.count(function.name)) refuse(module, function.node, "own-connection-handling", function.name);
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                const std::string reason = isStream(node) ? "endless-answer" : connectionUse(node);
                if (!reason.empty()) refuse(module, node, reason, "only the request itself is there in memory");
                return true;
            });
        }
        for (const std::string& base : type.bases) {
            if (isLibraryHandler(base) || base == "object") continue;
            const auto [home, found] = baseClass(project_, module, base);
            if (found) read(*home, *found);
            else refuse(module, type.node, "foreign-base-class", base);
        }
    }

private:
    void refuse(const Module& module, const Node& node, std::string reason, std::string hint) {
        served_.refusals.push_back({&module, node, std::move(reason), std::move(hint)});
    }

    void add(const Module& module, const Function& function, const std::string& method) {
        auto known = std::find_if(served_.entries.begin(), served_.entries.end(), [&](const Entry& entry) { return entry.function == &function; });
        if (known == served_.entries.end()) {
            served_.entries.push_back({&module, &function, {}});
            known = served_.entries.end() - 1;
        }
        known->methods.insert(method);
    }

    /// `do_PUT = do_PATCH = do_POST`
    void aliases(const Module& module, const Class& type, const Node& statement) {
        if (!statement.is("expression_statement") || !statement.namedChild(0).is("assignment")) return;
        std::vector<std::string> names;
        Node value = statement.namedChild(0);
        while (value.is("assignment")) {
            names.emplace_back(value.field("left").text());
            value = value.field("right");
        }
        for (const std::string& name : names) {
            if (!startsWith(name, "do_")) continue;
            const Function* function = value.is("identifier") ? module.function(type.name + "." + std::string(value.text())) : nullptr;
            if (function) add(module, *function, name.substr(3));
            else refuse(module, statement, "dynamic-handler", "methods are looked up by their names");
        }
    }

    const Project& project_;
    Served& served_;
    std::set<const Class*> seen_;
};

} // namespace

bool isHandlerClass(const Project& project, const Module& module, const Class& type) {
    std::set<const Class*> seen;
    std::vector<std::pair<const Module*, const Class*>> open = {{&module, &type}};
    while (!open.empty()) {
        const auto current = open.back();
        open.pop_back();
        if (!seen.insert(current.second).second) continue;
        for (const std::string& base : current.second->bases) {
            if (isLibraryHandler(base)) return true;
            const auto next = baseClass(project, *current.first, base);
            if (next.second) open.push_back(next);
        }
    }
    return false;
}

Served servedClass(const Project& project, const Module& module, const Class& type) {
    Served served;
    served.module = &module;
    served.type = &type;
    served.name = type.name;
    served.definition = topLevel(type.node);
    ClassReader(project, served).read(module, type);
    if (!(type.node == served.definition) && !(type.node.parent() == served.definition))
        served.refusals.push_back({&module, type.node, "nested-class", "define the class at the top level of its module"});
    return served;
}

void awaitEntryCalls(MigrationContext& context, Served& served, bool apply) {
    std::map<std::string, const Entry*> byName;
    for (const Entry& entry : served.entries) byName.emplace(entry.function->name, &entry);
    struct Call {
        const Module* module;
        Node node;
    };
    std::vector<Call> calls;
    std::map<const Function*, const Module*> coroutines;
    for (const auto& [module, type] : served.classes)
        for (const auto& [name, entry] : byName) {
            auto found = module->calls.find(name);
            if (found == module->calls.end()) continue;
            for (const Node& call : found->second) {
                const Node callee = call.field("function");
                if (!callee.is("attribute")) continue;
                const std::string object(callee.field("object").text());
                if (object != "self" && !startsWith(object, "super(")) continue;
                const Function* caller = module->enclosingFunction(call);
                const bool inClass = caller && caller->className == type->name;
                if (!inClass) continue;
                if (object != "self" && entry->function->className == type->name) continue; // the library's
                const Node parent = call.parent();
                const bool plain = parent.is("expression_statement") || parent.is("return_statement") || parent.is("assignment");
                const bool isEntry = std::any_of(served.entries.begin(), served.entries.end(),
                                                 [&](const Entry& other) { return other.function == caller; });
                if (!plain || !isEntry) {
                    served.refusals.push_back({module, call, "handler-called", "move what both need into a method of its own"});
                    continue;
                }
                calls.push_back({module, call});
                coroutines.emplace(caller, module);
                coroutines.emplace(entry->function, entry->module);
            }
        }
    if (!apply || !served.refusals.empty()) return;
    // Whatever is called so has to be a coroutine in every class that defines it.
    for (const Entry& entry : served.entries)
        for (const auto& coroutine : std::map<const Function*, const Module*>(coroutines))
            if (coroutine.first->name == entry.function->name) coroutines.emplace(entry.function, entry.module);
    for (const auto& [function, module] : coroutines) context.signatures(*module).makeAsync(*function);
    for (const Call& call : calls)
        if (context.awaitedCalls.insert(call.node.id()).second) context.rewrite(*call.module).wrapValue(call.node, "await ", "");
}

} // namespace covet::rules::http_server
