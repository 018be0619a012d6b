#include "rules/store/mirrored_file.h"

#include <algorithm>

#include "facts/file_conditions.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::DataFile;
using facts::FileAccess;
using facts::FileBranch;
using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using Kind = FileAccess::Kind;

/// A place outside of all functions, where each statement runs once when the program starts.
bool isAtStart(const Module& module, const Node& node) { return !module.enclosingFunction(node) && !node.ancestor({"class_definition", "lambda"}); }

/// `list(load())` of `load()`, and the call itself without that.
Node copyAround(const Node& call) {
    const Node around = call.parent().is("argument_list") ? call.parent().parent() : Node();
    const std::string_view name = around.field("function").text();
    return name == "list" || name == "dict" ? around : call;
}

class MirrorFinder {
public:
    MirrorFinder(const Project& project, const DataFile& file) : project_(project), file_(file), branches_(facts::branchesOf(file)) {}

    std::optional<MirroredFile> find() {
        for (const FileAccess& access : file_.accesses) {
            if (access.kind == Kind::Idle || facts::runsWithoutFile(file_, branches_, access.node)) continue;
            if (access.kind == Kind::ReadText || access.kind == Kind::WriteText) return std::nullopt;
            if (access.kind == Kind::Read && !loads(access)) return std::nullopt;
        }
        if (!found_.module || found_.loads.empty()) return std::nullopt;
        for (const FileAccess& access : file_.accesses)
            if (access.kind == Kind::Write && !facts::runsWithoutFile(file_, branches_, access.node) && !savesVariable(access)) return std::nullopt;
        const auto assigned = found_.module->assignments.find(found_.variable);
        if (assigned != found_.module->assignments.end()) found_.definition = assigned->second.front();
        return found_;
    }

private:
    bool loads(const FileAccess& access) {
        if (!access.function || access.function->isNested || !access.function->className.empty() || found_.loader) return false;
        found_.loading = access.module;
        found_.loader = access.function;
        const Node parent = access.node.parent();
        const std::string target(parent.is("assignment") ? parent.field("left").text() : std::string_view());
        const bool setsGlobal = !target.empty() && access.function->globals.count(target) > 0;
        found_.isDirect = setsGlobal || parent.is("return_statement");
        if (setsGlobal) {
            found_.module = access.module;
            found_.variable = target;
        }
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& name : module->tree->identifiers(access.function->name))
                if (!isLoad(*module, name, setsGlobal)) return false;
        }
        return found_.module != nullptr;
    }

    /// Whether a use of the loader's name is a call that loads the variable when the program starts, or none at all.
    bool isLoad(const Module& module, const Node& name, bool setsGlobal) {
        if (name.ancestor({"import_statement", "import_from_statement"}) || name == found_.loader->node.field("name")) return true;
        const Node callee = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
        const Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind != Symbol::Kind::Function || symbol.module != found_.loading || symbol.name != found_.loader->qualified) return true;
        const Node call = callee.parent();
        if (!call.is("call") || !(call.field("function") == callee) || !isAtStart(module, call)) return false;
        found_.loads.emplace_back(&module, call);
        if (setsGlobal) return call.parent().is("expression_statement");
        const Node copied = copyAround(call);
        const Node assignment = copied.parent();
        if (!assignment.is("assignment") || !assignment.field("left").is("identifier") || !(assignment.field("right") == copied)) return false;
        if (found_.module && (found_.module != &module || found_.variable != assignment.field("left").text())) return false;
        found_.module = &module;
        found_.variable = std::string(assignment.field("left").text());
        return true;
    }

    bool isVariable(const Module& module, const Node& node) const {
        const Symbol& symbol = project_.resolve(module, node);
        return symbol.kind == Symbol::Kind::Variable && symbol.module == found_.module && symbol.name == found_.variable;
    }

    /// Whether what is written is the variable: by its name, made ready for JSON, or as the argument of every call.
    bool savesVariable(const FileAccess& access) const {
        bool names = false;
        syntax::walk(access.value, [&](const Node& node) {
            names = names || (node.is("identifier") && isVariable(*access.module, node));
            return !names;
        });
        if (names || !access.value.is("identifier") || !access.function) return names;
        std::vector<Node> parameters = access.function->node.field("parameters").namedChildren();
        size_t place = 0;
        while (place < parameters.size() && semantic::parameterName(parameters[place]) != access.value.text()) ++place;
        if (place == parameters.size() || !access.function->className.empty()) return false;
        for (const auto& module : project_.modules()) {
            const auto calls = module->calls.find(access.function->name);
            if (calls == module->calls.end() || semantic::isTestModule(*module)) continue;
            for (const Node& call : calls->second) {
                const std::vector<Node> given = call.field("arguments").namedChildren();
                if (place >= given.size() || !isVariable(*module, given[place])) return false;
            }
        }
        return true;
    }

    const Project& project_;
    const DataFile& file_;
    const std::vector<FileBranch> branches_;
    MirroredFile found_;
};

/// The largest statement that does nothing but save: the `with` around it, or it alone.
Node savingStatement(const DataFile& file, const FileAccess& write) {
    const Node statement = write.node.parent();
    const Node with = statement.parent().parent();
    auto isIdle = [&](const Node& one) {
        return one == statement || std::any_of(file.accesses.begin(), file.accesses.end(), [&](const FileAccess& access) {
                   return access.kind == Kind::Idle && access.node.parent() == one;
               });
    };
    if (!with.is("with_statement") || std::none_of(file.openings.begin(), file.openings.end(), [&](const auto& one) { return one.statement == with; }))
        return statement;
    const std::vector<Node> inside = with.field("body").namedChildren();
    return std::all_of(inside.begin(), inside.end(), isIdle) ? with : statement;
}

} // namespace

std::optional<MirroredFile> mirrorOf(const Project& project, const DataFile& file) { return MirrorFinder(project, file).find(); }

void dropMirroredFile(MigrationContext& context, const DataFile& file, const MirroredFile& mirrored, const Value& content, bool isThere) {
    const std::string first = isThere ? "json.load(open(" + pythonQuote(file.path) + "))" : toPython(content);
    for (const FileAccess& access : file.accesses)
        if (access.kind == Kind::Write) context.rewrite(*access.module).remove(savingStatement(file, access));
        else if (access.kind == Kind::Idle && !access.node.ancestor({"with_statement"})) context.rewrite(*access.module).remove(access.node.parent());
    for (const auto& opening : file.openings)
        if (opening.statement.is("expression_statement")) context.rewrite(*opening.module).remove(opening.statement);
    ModuleRewrite& rewrite = context.rewrite(*mirrored.module);
    if (isThere) rewrite.requireImport("json", "");
    const bool isAssigned = std::any_of(mirrored.loads.begin(), mirrored.loads.end(), [](const auto& load) { return copyAround(load.second).parent().is("assignment"); });
    for (const auto& [module, call] : mirrored.loads) {
        if (!isAssigned) context.rewrite(*module).remove(call.parent());
        else if (mirrored.isDirect) rewrite.replace(call, first);
        else if (copyAround(call) == call) rewrite.wrap(call, content.kind() == Value::Kind::List ? "list(" : "dict(", ")");
        if (module != mirrored.loading && mirrored.isDirect) context.rewrite(*module).dropImportIfUnused(mirrored.loader->name);
    }
    if (!mirrored.isDirect) return;
    context.rewrite(*mirrored.loading).remove(mirrored.loader->decorated);
    if (isAssigned) return;
    const Node right = mirrored.definition ? mirrored.definition.namedChild(0).field("right") : Node();
    if (right) rewrite.replace(right, first);
    else rewrite.insertBefore(mirrored.loader->decorated, {mirrored.variable + " = " + first, "", ""});
}

} // namespace covet::rules
