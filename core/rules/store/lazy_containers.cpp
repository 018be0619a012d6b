#include "rules/store/lazy_containers.h"

#include <algorithm>

#include "facts/container_shape.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// `if db is None:` and `if not db:`
bool asksForNone(const Node& condition, std::string_view name) {
    if (condition.is("parenthesized_expression")) return asksForNone(condition.namedChild(0), name);
    if (condition.is("not_operator")) return condition.field("argument").text() == name;
    const std::vector<Node> operators = condition.fields("operators");
    return condition.is("comparison_operator") && condition.namedChildCount() == 2 && operators.size() == 1 &&
           (operators[0].text() == "is" || operators[0].text() == "==") && condition.namedChild(0).text() == name &&
           condition.namedChild(1).text() == "None";
}

class LazyContainers {
public:
    explicit LazyContainers(MigrationContext& context) : context_(context), project_(context.project()) {}

    std::set<std::string> run() {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module) || module->tree->root().hasError()) continue;
            for (const auto& [name, statements] : module->assignments) {
                if (statements.size() != 1 || !statements[0].parent().is("module")) continue;
                const Node assignment = statements[0].namedChild(0);
                if (assignment.is("assignment") && assignment.field("left").text() == name && assignment.field("right").text() == "None")
                    lookAt(*module, name, statements[0]);
            }
        }
        return std::move(names_);
    }

private:
    void lookAt(const Module& module, const std::string& name, const Node& statement) {
        std::vector<Node> makers; // `if` statements
        Node value;
        if (!collect(module, name, makers, value) || makers.empty() || !isMadeAnywhere(module, statement, value)) return;
        const bool asksForEmpty = std::any_of(makers.begin(), makers.end(), [](const Node& maker) { return maker.field("condition").text().find("None") == std::string_view::npos; });
        // What is filled at first would be filled again once it is empty.
        if (asksForEmpty && (value.namedChildCount() > 0 && !value.is("call"))) return;
        ModuleRewrite& rewrite = context_.rewrite(module);
        if (!rewrite.replace(statement.namedChild(0).field("right"), std::string(value.text()))) return;
        for (const Node& maker : makers) {
            rewrite.remove(maker);
            const Function* function = module.enclosingFunction(maker);
            syntax::walk(function->node.field("body"), [&](const Node& node) {
                if (node.is("global_statement") && node.namedChildCount() == 1 && node.namedChild(0).text() == name) rewrite.remove(node);
                return true;
            });
        }
        names_.insert(module.name + ":" + name);
    }

    /// Whether the value is the same at the top of the module as in the function.
    bool isMadeAnywhere(const Module& module, const Node& statement, const Node& value) const {
        if (value.is("identifier")) {
            const Symbol symbol = project_.resolveGlobal(module, std::string(value.text()));
            if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return false;
            const auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned == symbol.module->assignments.end() || assigned->second.size() != 1) return false;
            const Node other = assigned->second.front();
            return other.parent().is("module") && (symbol.module != &module || other.start() < statement.start()) &&
                   facts::shapeOfContainer(project_, *symbol.module, other.namedChild(0).field("right")).isContainer;
        }
        if (!facts::shapeOfContainer(project_, module, value).isContainer) return false;
        bool constant = true;
        const Node arguments = value.is("call") ? value.field("arguments") : value;
        syntax::walk(arguments, [&](const Node& node) {
            const bool names = node.is("identifier") && !node.parent().is("keyword_argument") && node.text() != "list" && node.text() != "dict" &&
                               node.text() != "set" && node.text() != "int";
            constant = constant && !names && !node.is("call") && !node.is("attribute") && !node.is("interpolation") && !node.is("lambda");
            return constant;
        });
        // A class of the project, or a name that a later statement defines, may not be there yet.
        const Symbol callee = value.is("call") ? project_.resolve(module, value.field("function")) : Symbol{};
        return constant && (!value.is("call") || callee.kind == Symbol::Kind::External || callee.kind == Symbol::Kind::Unknown);
    }

    /// The `if` statements that make the container, and what they make. False if code may see the name without them.
    bool collect(const Module& home, const std::string& name, std::vector<Node>& makers, Node& value) const {
        std::vector<std::pair<const Function*, Node>> uses;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& found : module->tree->identifiers(name)) {
                const bool isMember = found.parent().is("attribute") && found.parent().field("attribute") == found;
                const Node use = isMember ? found.parent() : found;
                const Symbol symbol = project_.resolve(*module, use);
                if (symbol.kind != Symbol::Kind::Variable || symbol.module != &home || symbol.name != name) continue;
                if (module.get() != &home) return false;
                const Function* function = module->enclosingFunction(found);
                if (!function) {
                    if (found.parent().is("assignment") && found.parent().field("right").text() == "None") continue;
                    return false;
                }
                if (found.parent().is("global_statement")) continue;
                uses.emplace_back(function, found);
            }
        }
        for (const auto& [function, use] : uses) {
            const Node maker = makerOf(*function, use, name);
            if (!maker) continue;
            const Node made = maker.field("consequence").namedChild(0).namedChild(0).field("right");
            if (value && value.text() != made.text()) return false;
            value = made;
            if (std::find(makers.begin(), makers.end(), maker) == makers.end()) makers.push_back(maker);
        }
        // All other uses stand behind one of those, and none of them gives the name another value.
        return std::all_of(uses.begin(), uses.end(), [&, &all = makers](const auto& one) {
            const auto& [function, use] = one;
            const Node parent = use.parent();
            return std::any_of(all.begin(), all.end(), [&, &owner = function, &node = use](const Node& maker) {
                if (maker.contains(node)) return true;
                const bool assigns = (parent.is("assignment") || parent.is("augmented_assignment")) && parent.field("left") == node;
                const bool isOther = assigns || parent.is("delete_statement");
                return !isOther && owner->node.contains(maker) && maker.parent().contains(node) && maker.end() <= node.start();
            });
        });
    }

    /// `if name is None: name = ...`, alone in its block and around the use; null for anything else.
    static Node makerOf(const Function& function, const Node& use, const std::string& name) {
        Node statement = use;
        while (statement && !statement.is("if_statement") && !(statement == function.node)) statement = statement.parent();
        if (!statement.is("if_statement") || statement.field("alternative") || !function.globals.count(name) ||
            !(statement.parent() == function.node.field("body")) || !asksForNone(statement.field("condition"), name))
            return {};
        std::vector<Node> inside;
        for (const Node& one : statement.field("consequence").namedChildren())
            if (!one.is("comment")) inside.push_back(one);
        const Node assignment = inside.size() == 1 ? inside[0].namedChild(0) : Node();
        const bool makes = assignment.is("assignment") && assignment.field("left").text() == name && !assignment.field("right").isNull() &&
                           inside[0] == statement.field("consequence").namedChild(0);
        return makes ? statement : Node();
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    std::set<std::string> names_;
};

} // namespace

std::set<std::string> makeContainersAtOnce(MigrationContext& context) { return LazyContainers(context).run(); }

} // namespace covet::rules
