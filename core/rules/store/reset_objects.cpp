#include "rules/store/reset_objects.h"

#include <algorithm>
#include <optional>

#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// A constant or a container of constants, which names nothing.
bool isConstant(const Node& value) {
    static constexpr Words kContainers = {"list", "dict", "set"};
    if (value.is("call")) return kContainers.count(value.field("function").text()) > 0 && value.field("arguments").namedChildCount() == 0;
    bool constant = true;
    syntax::walk(value, [&](const Node& node) {
        constant = constant && !node.is("identifier") && !node.is("call") && !node.is("attribute") && !node.is("interpolation") && !node.is("lambda");
        return constant;
    });
    return constant;
}

struct Attribute {
    std::string name, value;
};

/// What `__init__` sets, in its order; nothing if it does anything else, or if the class has more than it shows.
std::optional<std::vector<Attribute>> attributesOf(const Module& module, const semantic::Class& owner) {
    const Function* init = module.function(owner.name + ".__init__");
    const bool isPlain = owner.node.parent().is("block") || owner.node.parent().is("module");
    const bool derives = std::any_of(owner.bases.begin(), owner.bases.end(), [](const std::string& base) { return base != "object"; });
    if (!init || !isPlain || derives || module.function(owner.name + ".__new__") || module.function(owner.name + ".__setattr__") ||
        init->node.field("parameters").namedChildCount() != 1)
        return std::nullopt;
    const std::string self = semantic::parameterName(init->node.field("parameters").namedChild(0));
    std::vector<Attribute> attributes;
    for (const Node& statement : init->node.field("body").namedChildren()) {
        const Node assignment = statement.namedChild(0);
        if (statement.is("comment") || (statement.is("expression_statement") && assignment.is("string"))) continue;
        const Node target = assignment.field("left"), value = assignment.field("right");
        const bool sets = statement.is("expression_statement") && assignment.is("assignment") && target.is("attribute") &&
                          target.field("object").text() == self && value && isConstant(value);
        if (!sets) return std::nullopt;
        attributes.push_back({std::string(target.field("attribute").text()), std::string(value.text())});
    }
    bool all = !attributes.empty();
    syntax::walk(owner.node, [&](const Node& node) {
        const Node target = node.is("assignment") || node.is("augmented_assignment") ? node.field("left") : Node();
        if (!target.is("attribute") || target.field("object").text() != "self") return all;
        const bool known = std::any_of(attributes.begin(), attributes.end(), [&](const Attribute& one) { return one.name == target.field("attribute").text(); });
        all = all && (known || node.is("augmented_assignment"));
        return all;
    });
    return all ? std::optional(std::move(attributes)) : std::nullopt;
}

class Resets {
public:
    explicit Resets(MigrationContext& context) : context_(context), project_(context.project()) {}

    std::set<std::string> run() {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module) || module->tree->root().hasError()) continue;
            for (const auto& [name, statements] : module->assignments)
                if (statements.size() == 1) lookAt(*module, name, statements.front());
        }
        return std::move(classes_);
    }

private:
    /// `repo = Repo()` at the top of a module.
    void lookAt(const Module& module, const std::string& name, const Node& statement) {
        const Node made = statement.namedChild(0).field("right");
        const semantic::Class* owner = classMade(module, made);
        if (!owner || !(statement.namedChild(0).field("left").text() == name)) return;
        std::vector<Node> again, calls;
        if (!collect(module, name, made, again, calls) || (again.empty() && calls.empty())) return;
        const Symbol& symbol = project_.resolve(module, made.field("function"));
        const auto attributes = attributesOf(*symbol.module, *owner);
        if (!attributes) return;
        for (const Node& one : again) empty(module, one, name, *attributes);
        for (const Node& one : calls) empty(module, one, name, *attributes);
        for (const Node& one : again) forgetGlobal(module, one, name);
        classes_.insert(symbol.module->name + ":" + symbol.name);
    }

    const semantic::Class* classMade(const Module& module, const Node& call) const {
        if (!call.is("call") || call.field("arguments").namedChildCount() > 0) return nullptr;
        const Symbol& symbol = project_.resolve(module, call.field("function"));
        return symbol.kind == Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
    }

    /// Statements that make the object again and that call its `__init__`. False if some code may keep the old one.
    bool collect(const Module& home, const std::string& name, const Node& made, std::vector<Node>& again, std::vector<Node>& calls) const {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& found : module->tree->identifiers(name)) {
                const bool isMember = found.parent().is("attribute") && found.parent().field("attribute") == found;
                const Node use = isMember ? found.parent() : found;
                const Symbol& symbol = project_.resolve(*module, use);
                if (symbol.kind != Symbol::Kind::Variable || symbol.module != &home || symbol.name != name) continue;
                if (found.ancestor({"import_from_statement"})) return false; // a name of its own
                const Node parent = use.parent(), statement = parent.parent();
                if (parent.is("global_statement") || parent.is("return_statement")) {
                    if (parent.is("return_statement") && isCalledAtImport(*module, use)) return false;
                    continue;
                }
                if (parent.is("attribute") && parent.field("object") == use) {
                    const Node call = parent.parent();
                    const bool isInit = parent.field("attribute").text() == "__init__";
                    if (isInit && (module.get() != &home || !call.is("call") || !call.parent().is("expression_statement"))) return false;
                    if (isInit) calls.push_back(call);
                    continue;
                }
                if (!parent.is("assignment") || !(parent.field("left") == use) || module.get() != &home) return false;
                if (parent.field("right") == made) continue;
                const Node value = parent.field("right");
                const Function* function = module->enclosingFunction(use);
                if (!function || !function->globals.count(name) || !statement.is("expression_statement") || !value.is("call") ||
                    value.text() != made.text() || classMade(*module, value) != classMade(home, made))
                    return false;
                again.push_back(parent);
            }
        }
        return true;
    }

    /// Whether module-level code calls the function that hands the object out.
    bool isCalledAtImport(const Module& module, const Node& returned) const {
        const Function* function = module.enclosingFunction(returned);
        if (!function) return true;
        for (const auto& other : project_.modules()) {
            const auto named = other->calls.find(function->name);
            if (named == other->calls.end() || semantic::isTestModule(*other)) continue;
            for (const Node& call : named->second)
                if (!other->enclosingFunction(call)) return true;
        }
        return false;
    }

    void empty(const Module& module, const Node& node, const std::string& name, const std::vector<Attribute>& attributes) {
        std::vector<std::string> lines;
        for (const Attribute& attribute : attributes) lines.push_back(name + "." + attribute.name + " = " + attribute.value);
        ModuleRewrite& rewrite = context_.rewrite(module);
        if (!rewrite.replace(node, lines.back())) return;
        lines.pop_back();
        if (!lines.empty()) rewrite.insertBefore(node.parent(), lines);
    }

    /// `global repo` of a function that only reads the name now.
    void forgetGlobal(const Module& module, const Node& node, const std::string& name) {
        const Function* function = module.enclosingFunction(node);
        syntax::walk(function->node.field("body"), [&](const Node& statement) {
            if (statement.is("global_statement") && statement.namedChildCount() == 1 && statement.namedChild(0).text() == name)
                context_.rewrite(module).remove(statement);
            return true;
        });
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    std::set<std::string> classes_;
};

} // namespace

std::set<std::string> emptyObjectsMadeAgain(MigrationContext& context) { return Resets(context).run(); }

} // namespace covet::rules
