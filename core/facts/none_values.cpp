#include "facts/none_values.h"

#include <algorithm>
#include <map>

#include "facts/known_types.h"
#include "facts/passed_values.h"
#include "facts/record_shape.h"
#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"
#include "syntax/flow.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::parameterName;
using semantic::Symbol;
using syntax::Node;

constexpr int kMaxSteps = 6;
/// Expressions that one question may look at: callers of callers multiply.
constexpr int kMaxExpressions = 60;

class NoneReader {
public:
    explicit NoneReader(const Project& project) : project_(project) {}

    bool mayBe(const Module& module, const Node& node, int steps) {
        if (node.isNull() || steps <= 0 || ++expressions_ > kMaxExpressions) return false;
        if (node.is("none")) return true;
        if (node.is("parenthesized_expression") || node.is("await"))
            return mayBe(module, node.namedChild(0), steps - 1);
        if (node.is("conditional_expression")) {
            return mayBe(module, node.namedChild(0), steps - 1) || mayBe(module, node.namedChild(2), steps - 1);
        }
        if (node.is("boolean_operator")) {
            if (mayBe(module, node.field("right"), steps - 1)) return true;
            return node.field("operator").text() == "and" && mayBe(module, node.field("left"), steps - 1);
        }
        if (node.is("call")) return call(module, node, steps);
        if (node.is("attribute")) return attribute(module, node);
        return node.is("identifier") && name(module, node, steps);
    }

private:
    bool call(const Module& module, const Node& node, int steps) {
        Node callee = node.field("function");
        std::vector<Node> arguments = node.field("arguments").namedChildren();
        if (callee.is("attribute") && (callee.field("attribute").text() == "get" || callee.field("attribute").text() == "pop")) {
            if (arguments.empty() || arguments[0].is("integer")) return false;
            if (arguments.size() == 1) return callee.field("attribute").text() == "get" && !isClientCall(module, callee);
            if (arguments[1].is("keyword_argument")) return arguments[1].field("name").text() != "default";
            return mayBe(module, arguments[1], steps - 1);
        }
        const Symbol& symbol = project_.resolve(module, callee);
        const Function* function = symbol.kind == Symbol::Kind::Function && symbol.module
                                       ? symbol.module->function(symbol.name) : nullptr;
        if (!function) return false;
        bool may = false;
        syntax::walk(function->node.field("body"), [&](const Node& inner) {
            if (inner.is("function_definition") || inner.is("lambda") || may) return false;
            if (inner.is("return_statement") && inner.namedChildCount() > 0)
                may = mayBe(*symbol.module, inner.namedChild(0), steps - 1);
            return true;
        });
        return may;
    }

    /// `requests.get(url)`: a call over the network.
    bool isClientCall(const Module& module, const Node& callee) const {
        return project_.resolve(module, callee.field("object")).kind == Symbol::Kind::External &&
               callee.text() != "os.environ.get" && callee.text() != "request.args.get" &&
               callee.text() != "request.form.get" && callee.text() != "request.json.get" &&
               callee.text() != "request.headers.get" && callee.text() != "request.values.get";
    }

    /// A field of a model: `item.price` where the class says Optional.
    bool attribute(const Module& module, const Node& node) const {
        if (isOptionalOfRequest(project_, module, node)) return true;
        const Function* function = module.enclosingFunction(node);
        if (!function) return false;
        for (const Node& parameter : function->node.field("parameters").namedChildren()) {
            if (parameterName(parameter) != node.field("object").text() || !parameter.field("type")) continue;
            const Symbol& symbol = project_.resolve(module, parameter.field("type").namedChild(0));
            if (symbol.kind != Symbol::Kind::Class || !symbol.module) return false;
            for (const FieldFact& field : fieldsOfClass(project_, *symbol.module, symbol.name))
                if (field.name == node.field("attribute").text()) return field.nullable;
        }
        return false;
    }

    bool name(const Module& module, const Node& node, int steps) {
        const Function* function = module.enclosingFunction(node);
        const std::string text(node.text());
        if (!function || isNoneExcluded(node, text)) return false;
        if (project_.resolve(module, node).kind != Symbol::Kind::Local) return false;
        bool bound = false, may = false;
        syntax::walk(function->node.field("body"), [&](const Node& inner) {
            if (inner.is("function_definition") || inner.is("lambda") || may) return false;
            const bool assigns = inner.is("assignment") && inner.field("left").text() == text && inner.field("right");
            if (assigns && inner.start() < node.start()) {
                bound = true;
                may = !inner.field("right").contains(node) && mayBe(module, inner.field("right"), steps - 1);
            }
            return true;
        });
        return bound ? may : parameter(module, *function, text, steps);
    }

    bool parameter(const Module& home, const Function& function, const std::string& text, int steps) {
        Node found;
        for (const Node& one : function.node.field("parameters").namedChildren())
            if (parameterName(one) == text) found = one;
        if (found.isNull()) return false;
        if (found.field("value").is("none")) return true;
        const std::string type(found.field("type").text());
        if (startsWith(type, "Optional[") || type.find("None") != std::string::npos) return true;
        if (!type.empty()) return false;
        for (const PassedValue& passed : valuesPassedTo(project_, home, function, text))
            if (mayBe(*passed.module, passed.value, steps - 1)) return true;
        return false;
    }

    const Project& project_;
    int expressions_ = 0;
};

/// Whether the last statement is `abort(404)` of a framework, which raises.
bool endsInAbort(const Node& block) {
    const std::vector<Node> body = block.namedChildren();
    const Node call = body.empty() ? Node{} : body.back().namedChild(0), callee = call.field("function");
    if (!call.is("call") || (callee.is("attribute") ? callee.field("attribute") : callee).text() != "abort") return false;
    static constexpr Words kFrameworks = {"flask", "flask_restful", "flask_restx", "werkzeug.exceptions", "quart", "bottle"};
    Node root = block;
    while (root.parent()) root = root.parent();
    for (const Node& statement : root.namedChildren()) {
        const bool imports = callee.is("attribute") ? statement.is("import_statement") && kFrameworks.count(callee.field("object").text())
                                                    : statement.is("import_from_statement") && kFrameworks.count(statement.field("module_name").text());
        if (!imports) continue;
        for (const Node& name : statement.namedChildren())
            if (name.text() == callee.text() || name.text() == callee.field("object").text()) return true;
    }
    return false;
}

} // namespace

bool isNoneExcluded(const Node& node, const std::string& name) {
    auto leaves = [](const Node& block) { return syntax::leavesBlock(block) || endsInAbort(block); };
    // `a or b` is false only if both are, `a and b` true only if both are.
    auto hasPart = [](std::string_view condition, const char* between, std::initializer_list<std::string> tests) {
        std::string text(condition);
        for (size_t at = 0; at <= text.size();) {
            size_t end = text.find(between, at);
            if (end == std::string::npos) end = text.size();
            const std::string part(trim(text.substr(at, end - at)));
            if (std::find(tests.begin(), tests.end(), part) != tests.end()) return true;
            at = end + std::string_view(between).size();
        }
        return false;
    };
    auto excludes = [&](std::string_view condition) {
        return hasPart(condition, " or ", {name + " is None", "not " + name});
    };
    auto includes = [&](std::string_view condition) {
        return hasPart(condition, " and ", {name, name + " is not None"});
    };
    Node child = node;
    for (Node parent = node.parent(); parent && !parent.is("function_definition");
         child = parent, parent = parent.parent()) {
        if (parent.is("if_statement") && parent.field("consequence") == child && includes(parent.field("condition").text()))
            return true;
        if (parent.is("conditional_expression") && parent.namedChild(0) == child && includes(parent.namedChild(1).text()))
            return true;
        if (parent.is("conditional_expression") && parent.namedChild(2) == child && excludes(parent.namedChild(1).text()))
            return true;
        if ((parent.is("else_clause") || parent.is("elif_clause")) && parent.parent().is("if_statement") &&
            excludes(parent.parent().field("condition").text()))
            return true;
        if (!parent.is("block")) continue;
        for (Node before = child.previousNamedSibling(); before; before = before.previousNamedSibling())
            if (before.is("if_statement") && excludes(before.field("condition").text()) && leaves(before.field("consequence")))
                return true;
    }
    return false;
}

bool mayBeNone(const Project& project, const Module& module, const Node& expression) {
    return NoneReader(project).mayBe(module, expression, kMaxSteps);
}

void markFieldsSetToNone(const Project& project, std::vector<FoundStore>& stores) {
    std::map<std::string, std::string> places; // field -> where
    for (const auto& module : project.modules())
        for (const Function& function : module->functions)
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                Node left = node.field("left");
                if (!node.is("assignment") || !node.field("right")) return true;
                std::string field;
                if (left.is("attribute") && left.field("object").text() != "self")
                    field = std::string(left.field("attribute").text());
                if (left.is("subscript") && left.field("subscript").is("string") && left.field("subscript").namedChildCount() > 1)
                    field = std::string(left.field("subscript").namedChild(1).text());
                if (!field.empty() && !places.count(field) && mayBeNone(project, *module, node.field("right")))
                    places[field] = module->path() + ":" + std::to_string(node.line()) + " may set None";
                return true;
            });
    auto isInRows = [](const Store& fact, const std::string& field) {
        auto has = [&](const Value& row) { return row.isRecord() && row.find(field); };
        if (!fact.data) return false;
        ElementReader rows(*fact.data);
        while (rows.next())
            if (has(rows.content())) return true;
        return false;
    };
    for (FoundStore& store : stores)
        for (const auto& [field, place] : places) {
            if (field == store.fact.idField) continue;
            auto known = std::find_if(store.fact.fields.begin(), store.fact.fields.end(),
                                      [name = field](const FieldFact& one) { return one.name == name; });
            if (known != store.fact.fields.end()) {
                known->nullable = true;
            } else if (isInRows(store.fact, field)) {
                FieldFact fact;
                fact.name = field;
                fact.nullable = true;
                fact.evidence = place;
                store.fact.fields.push_back(std::move(fact));
            }
        }
}

} // namespace covet::facts
