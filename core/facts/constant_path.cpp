#include "facts/constant_path.h"

#include <algorithm>
#include <set>

#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/paths.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;
using Path = std::optional<std::string>;

constexpr int kMaxSteps = 12;

std::string joined(const std::string& folder, const std::string& name) {
    if (folder.empty() || folder == "." || startsWith(name, "/")) return name;
    return name.empty() ? folder : folder + (folder.back() == '/' ? "" : "/") + name;
}

/// Text of a string without escapes that would change it, and of an f-string by way of `part`.
template <class Part> Path textOf(const Node& string, const Part& part) {
    std::string text;
    for (const Node& piece : string.namedChildren()) {
        if (piece.is("string_content")) {
            text += std::string(piece.text());
        } else if (piece.is("interpolation")) {
            const Path value = part(piece.namedChild(0));
            if (!value || piece.namedChildCount() != 1) return std::nullopt;
            text += *value;
        }
    }
    const std::string path = replaceAll(replaceAll(text, "\\\\", "/"), "\\", "/");
    // `f"{folder}/data.json"` of the project's own folder
    return string.text()[0] == 'f' && startsWith(path, "/") ? path.substr(1) : path;
}

class Reader {
public:
    explicit Reader(const Project& project) : project_(project) {}

    Path read(const Module& module, const Node& node, int steps) const {
        if (node.isNull() || steps <= 0) return std::nullopt;
        if (node.is("parenthesized_expression")) return read(module, node.namedChild(0), steps - 1);
        if (node.is("string")) return textOf(node, [&](const Node& inner) { return read(module, inner, steps - 1); });
        if (node.is("concatenated_string")) return ofParts(module, node, steps);
        if (node.is("call")) return ofCall(module, node, steps);
        if (node.is("binary_operator")) return ofOperator(module, node, steps);
        if (node.is("boolean_operator")) return read(module, node.field("right"), steps - 1); // `getenv("FILE") or "data.json"`
        if (node.is("identifier")) return ofName(module, node, steps);
        if (node.is("attribute")) return ofAttribute(module, node, steps);
        if (node.is("subscript")) return ofEntry(module, node, steps);
        return std::nullopt;
    }

private:
    Path ofParts(const Module& module, const Node& node, int steps) const {
        std::string text;
        for (const Node& part : node.namedChildren()) {
            const Path piece = read(module, part, steps - 1);
            if (!piece) return std::nullopt;
            text += *piece;
        }
        return text;
    }

    Path ofOperator(const Module& module, const Node& node, int steps) const {
        const Path left = read(module, node.field("left"), steps - 1), right = read(module, node.field("right"), steps - 1);
        if (!left || !right) return std::nullopt;
        if (node.field("operator").text() == "/") return joined(*left, *right);
        if (node.field("operator").text() == "+") return startsWith(*right, "/") && left->empty() ? right->substr(1) : *left + *right;
        return std::nullopt;
    }

    std::string nameOf(const Module& module, const Node& callee) const {
        const Symbol& symbol = project_.resolve(module, callee);
        return symbol.kind == Symbol::Kind::External ? symbol.name : std::string(callee.text());
    }

    Path ofCall(const Module& module, const Node& call, int steps) const {
        const Node callee = call.field("function");
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        const std::string name = nameOf(module, callee);
        auto argument = [&](size_t index) { return index < arguments.size() ? read(module, arguments[index], steps - 1) : std::nullopt; };
        if (name == "os.getcwd" || name == "pathlib.Path.cwd" || name == "Path.cwd") return "";
        if (name == "os.environ.get" || name == "os.getenv") return argument(1);
        if (name == "str" || name == "os.path.abspath" || name == "os.path.realpath" || name == "os.path.normpath" || name == "os.fspath")
            return argument(0);
        if (name == "pathlib.Path" || name == "os.path.join") {
            std::string whole;
            for (size_t i = 0; i < arguments.size(); ++i) {
                const Path part = argument(i);
                if (!part) return std::nullopt;
                whole = joined(whole, *part);
            }
            return whole;
        }
        if (name == "os.path.dirname") {
            const Path path = argument(0);
            return path ? Path(folderOf(*path)) : std::nullopt;
        }
        if (!callee.is("attribute")) return std::nullopt;
        const std::string_view method = callee.field("attribute").text();
        if (method == "resolve" || method == "absolute" || method == "expanduser") return read(module, callee.field("object"), steps - 1);
        if (method != "joinpath") return std::nullopt;
        const Path folder = read(module, callee.field("object"), steps - 1), rest = argument(0);
        return folder && rest ? Path(joined(*folder, *rest)) : std::nullopt;
    }

    Path ofName(const Module& module, const Node& name, int steps) const {
        const std::string text(name.text());
        if (text == "__file__") return module.path();
        for (const Function* scope = module.enclosingFunction(name); scope; scope = module.enclosingFunction(scope->node))
            if (scope->locals.count(text)) return ofLocal(module, *scope, text, steps);
        return ofVariable(project_.resolve(module, name), steps);
    }

    Path ofVariable(const Symbol& symbol, int steps) const {
        if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return std::nullopt;
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end() || assigned->second.size() != 1) return std::nullopt;
        const Node assignment = assigned->second[0].namedChild(0);
        if (!assignment.is("assignment") || assignment.field("left").text() != symbol.name) return std::nullopt;
        return read(*symbol.module, assignment.field("right"), steps - 1);
    }

    Path ofLocal(const Module& module, const Function& function, const std::string& name, int steps) const {
        for (const Node& parameter : function.node.field("parameters").namedChildren())
            if (semantic::parameterName(parameter) == name) return ofParameter(module, function, parameter, name, steps);
        Path only;
        bool several = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (!node.is("assignment") || node.field("left").text() != name) return true;
            several = several || only;
            only = read(module, node.field("right"), steps - 1);
            several = several || !only;
            return true;
        });
        return several ? std::nullopt : only;
    }

    /// What all calls give a parameter; its default where one gives nothing.
    Path ofParameter(const Module& home, const Function& function, const Node& parameter, const std::string& name, int steps) const {
        const bool isInit = function.name == "__init__";
        const std::string called = isInit ? function.className.substr(function.className.rfind('.') + 1) : function.name;
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        const auto at = std::find(parameters.begin(), parameters.end(), parameter);
        const size_t place = static_cast<size_t>(at - parameters.begin()) - (function.className.empty() ? 0 : 1);
        std::set<std::string> values;
        bool unknown = false, any = false;
        auto take = [&](const Path& value) {
            any = true;
            if (value) values.insert(*value);
            else unknown = true;
        };
        const Node byDefault = parameter.field("value");
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            // The class may go by another name where it is imported.
            for (const auto& [last, calls] : module->calls)
                for (const Node& call : calls) {
                    const Symbol& symbol = project_.resolve(*module, call.field("function"));
                    const bool isMeant = symbol.module == &home && symbol.name == called &&
                                         symbol.kind == (isInit ? Symbol::Kind::Class : Symbol::Kind::Function);
                    const bool isMethod = !isInit && !function.className.empty() && last == called;
                    if (!isMeant && !isMethod) continue;
                    Node given = byDefault;
                    const Module* from = &home;
                    size_t index = 0;
                    for (const Node& argument : call.field("arguments").namedChildren()) {
                        const bool isNamed = argument.is("keyword_argument");
                        if (isNamed ? argument.field("name").text() == name : index == place) {
                            given = isNamed ? argument.field("value") : argument;
                            from = module.get();
                        }
                        if (!isNamed) ++index;
                    }
                    take(read(*from, given, steps - 1));
                }
        }
        if (!any) take(read(home, byDefault, steps - 1));
        return !unknown && values.size() == 1 ? Path(*values.begin()) : std::nullopt;
    }

    Path ofAttribute(const Module& module, const Node& node, int steps) const {
        const std::string_view name = node.field("attribute").text();
        const Node object = node.field("object");
        if (name == "parent") {
            const Path path = read(module, object, steps - 1);
            return path ? Path(folderOf(*path)) : std::nullopt;
        }
        if (name == "root_path") return folderOf(module.path());
        if (const Symbol& symbol = project_.resolve(module, node); symbol.kind == Symbol::Kind::Variable) return ofVariable(symbol, steps);
        if (object.text() == "self" || object.text() == "cls") {
            const Function* method = module.enclosingFunction(node);
            return method ? ofMember(module, method->className, std::string(name), steps) : std::nullopt;
        }
        const Symbol& owner = project_.resolve(module, object);
        return owner.kind == Symbol::Kind::Class && owner.module ? ofMember(*owner.module, owner.name, std::string(name), steps) : std::nullopt;
    }

    /// An attribute that the class sets once, for itself or for its objects.
    Path ofMember(const Module& module, const std::string& className, const std::string& name, int steps) const {
        const semantic::Class* owner = module.classNamed(className);
        Node value;
        bool several = false;
        syntax::walk(owner ? owner->node : Node(), [&](const Node& node) {
            if (!node.is("assignment")) return true;
            const std::string_view target = node.field("left").text();
            const bool ofClass = target == name && !module.enclosingFunction(node);
            if (!ofClass && target != "self." + name) return true;
            several = several || value;
            value = node.field("right");
            return true;
        });
        return several ? std::nullopt : read(module, value, steps - 1);
    }

    /// `app.config["DATA_FILE"]`, which one statement sets.
    Path ofEntry(const Module& module, const Node& entry, int steps) const {
        if (!endsWith(entry.field("value").text(), "config") || !entry.field("subscript").is("string")) return std::nullopt;
        Path only;
        size_t count = 0;
        for (const auto& other : project_.modules())
            syntax::walk(semantic::isTestModule(*other) ? Node() : other->tree->root(), [&](const Node& node) {
                if (!node.is("assignment") || !node.field("left").is("subscript")) return true;
                const Node target = node.field("left");
                if (!endsWith(target.field("value").text(), "config") || target.field("subscript").text() != entry.field("subscript").text())
                    return true;
                ++count;
                only = read(*other, node.field("right"), steps - 1);
                return true;
            });
        (void)module;
        return count == 1 ? only : std::nullopt;
    }

    const Project& project_;
};

} // namespace

std::optional<std::string> constantPath(const Project& project, const Module& module, const Node& expression) {
    return Reader(project).read(module, expression, kMaxSteps);
}

} // namespace covet::facts
