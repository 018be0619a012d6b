#include "rules/store/file_functions.h"

#include <algorithm>
#include <map>
#include <optional>

#include "facts/constant_path.h"
#include "facts/data_files.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;
using Kind = facts::FileAccess::Kind;

/// A call of the function and the file that it is for.
struct FileCall {
    const Module* module = nullptr;
    Node callee, path;
};

/// `data/users.json` -> "users"
std::string stemOf(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
    return snakeCase(replaceAll(name.substr(0, name.find('.', 1)), "-", "_"));
}

class Division {
public:
    Division(MigrationContext& context, const Module& home, const Function& function, size_t place)
        : context_(context), home_(home), function_(function), place_(place) {}

    /// Finds all uses; false where one is no call with a constant path, or all are for one file.
    bool isPossible() {
        for (const auto& module : context_.project().modules())
            for (const Node& name : module->tree->identifiers(function_.name))
                if (!note(*module, name)) return false;
        std::set<std::string> names;
        for (const auto& [path, calls] : calls_) {
            const std::string name = nameFor(path);
            if (!isPythonIdentifier(name) || !names.insert(name).second || home_.function(name) || home_.assignments.count(name)) return false;
        }
        return calls_.size() > 1;
    }

    void divide() {
        ModuleRewrite& rewrite = context_.rewrite(home_);
        const Node name = function_.node.field("name");
        const std::string text(function_.decorated.text());
        const size_t at = name.start() - function_.decorated.start();
        std::vector<std::string> copies;
        for (const auto& [path, calls] : calls_) copies.push_back(text.substr(0, at) + nameFor(path) + text.substr(at + name.text().size()));
        rewrite.replace(function_.decorated, join(copies, "\n\n\n"));
        for (const auto& [path, calls] : calls_)
            for (const FileCall& call : calls) {
                const Node last = call.callee.is("attribute") ? call.callee.field("attribute") : call.callee;
                context_.rewrite(*call.module).replace(last, nameFor(path));
                if (call.module != &home_ && call.callee.is("identifier")) import(*call.module, nameFor(path));
            }
    }

    std::set<std::string> paths() const {
        std::set<std::string> paths;
        for (const auto& [path, calls] : calls_) paths.insert(path);
        return paths;
    }

private:
    std::string nameFor(const std::string& path) const { return function_.name + "_" + stemOf(path); }

    bool note(const Module& module, const Node& name) {
        if (name == function_.node.field("name")) return true;
        if (name.ancestor({"import_statement", "import_from_statement"})) return true;
        const Node callee = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
        const Symbol& symbol = context_.project().resolve(module, callee);
        if (symbol.kind != Symbol::Kind::Function || symbol.module != &home_ || symbol.name != function_.qualified) return true;
        const Node call = callee.parent();
        if (!call.is("call") || !(call.field("function") == callee) || semantic::isTestModule(module)) return false;
        // Under another name the import says which function it is.
        if (callee.is("identifier") && callee.text() != function_.name) return false;
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (place_ >= arguments.size() || arguments[place_].is("keyword_argument")) return false;
        const std::optional<std::string> path = facts::constantPath(context_.project(), module, arguments[place_]);
        if (!path || path->empty()) return false;
        calls_[*path].push_back({&module, callee, arguments[place_]});
        return true;
    }

    void import(const Module& module, const std::string& name) {
        const auto binding = module.imports.find(function_.name);
        if (binding == module.imports.end()) return;
        const Node from = binding->second.statement.field("module_name");
        context_.rewrite(module).requireImport(from ? std::string(from.text()) : binding->second.module, name);
        context_.rewrite(module).dropImportIfUnused(function_.name);
    }

    MigrationContext& context_;
    const Module& home_;
    const Function& function_;
    const size_t place_; // of the path among the arguments
    std::map<std::string, std::vector<FileCall>> calls_;
};

} // namespace

std::set<std::string> divideFileFunctions(MigrationContext& context) {
    std::vector<Division> divisions;
    std::set<const Function*> seen;
    std::set<std::string> readPaths, writtenPaths;
    auto take = [&](const facts::DataFile& file, const Function* function, const std::set<std::string>& paths) {
        for (const facts::FileAccess& access : file.accesses) {
            if (!access.function || (function && access.function != function)) continue;
            if (access.kind == Kind::Read) readPaths.insert(paths.begin(), paths.end());
            if (access.kind == Kind::Write) writtenPaths.insert(paths.begin(), paths.end());
        }
    };
    for (const facts::DataFile& file : facts::openedFiles(context.project())) {
        if (file.format != "json") continue;
        if (!file.path.empty()) {
            take(file, nullptr, {file.path});
            continue;
        }
        for (const auto& [module, path] : file.paths) {
            const Function* function = module->enclosingFunction(path);
            if (!path.is("identifier") || !function || function->isNested || !function->className.empty() || !seen.insert(function).second) continue;
            const std::vector<Node> parameters = function->node.field("parameters").namedChildren();
            const auto at = std::find_if(parameters.begin(), parameters.end(),
                                         [&, &named = path](const Node& one) { return semantic::parameterName(one) == named.text(); });
            if (at == parameters.end()) continue;
            Division division(context, *module, *function, static_cast<size_t>(at - parameters.begin()));
            if (!division.isPossible()) continue;
            take(file, function, division.paths());
            divisions.push_back(std::move(division));
        }
    }
    // Functions that only read settings stay as they are.
    std::set<std::string> divided;
    for (Division& division : divisions) {
        const std::set<std::string> paths = division.paths();
        if (std::none_of(paths.begin(), paths.end(), [&](const std::string& path) { return readPaths.count(path) && writtenPaths.count(path); })) continue;
        division.divide();
        divided.insert(paths.begin(), paths.end());
    }
    return divided;
}

} // namespace covet::rules
