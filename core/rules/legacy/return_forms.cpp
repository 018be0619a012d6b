#include "rules/legacy/return_forms.h"

#include "rules/legacy/registration.h"

namespace covet::rules::legacy {
namespace {

constexpr int kMaxDepth = 8;

ReturnForm either(ReturnForm a, ReturnForm b) { return a == b ? a : ReturnForm::Maybe; }

class Reader {
public:
    explicit Reader(const Project& project)
        : project_(project) {}

    ReturnForm form(const Module& module, const Node& node, int depth) {
        if (depth > kMaxDepth) return ReturnForm::Maybe;
        if (node.is("parenthesized_expression") || node.is("await")) return form(module, node.namedChildren()[0], depth);
        if (node.is("tuple") || node.is("expression_list"))
            return node.namedChildCount() == 0 ? ReturnForm::Single : ReturnForm::Tuple;
        if (node.is("conditional_expression")) {
            std::vector<Node> parts = node.namedChildren();
            return either(form(module, parts[0], depth + 1), form(module, parts[2], depth + 1));
        }
        if (node.is("boolean_operator"))
            return either(form(module, node.field("left"), depth + 1), form(module, node.field("right"), depth + 1));
        if (node.is("named_expression")) return form(module, node.field("value"), depth + 1);
        if (node.is("identifier")) return ofName(module, node, depth);
        if (node.is("call")) return ofCall(module, node, depth);
        if (node.is("subscript") || node.is("attribute")) return ofPart(module, node);
        return ReturnForm::Single;
    }

private:
    ReturnForm ofName(const Module& module, const Node& node, int depth) {
        const semantic::Symbol& symbol = project_.resolve(module, node);
        std::vector<Node> values;
        bool parameter = false;
        if (symbol.kind == semantic::Symbol::Kind::Local) {
            const Function* scope = module.enclosingFunction(node);
            while (scope && !scope->locals.count(symbol.name)) scope = module.enclosingFunction(scope->node);
            if (!scope) return ReturnForm::Single;
            syntax::walk(scope->node.field("body"), [&](const Node& inner) {
                if ((inner.is("assignment") && inner.field("left").text() == node.text()) ||
                    (inner.is("named_expression") && inner.field("name").text() == node.text()))
                    values.push_back(inner.is("assignment") ? inner.field("right") : inner.field("value"));
                if ((inner.is("assignment") || inner.is("for_statement")) && !inner.field("left").is("identifier")) return true;
                return true;
            });
            syntax::walk(scope->node.field("parameters"), [&](const Node& inner) {
                parameter = parameter || (inner.is("identifier") && inner.text() == node.text());
                return true;
            });
        } else if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module) {
            auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned == symbol.module->assignments.end()) return ReturnForm::Single;
            for (const Node& statement : assigned->second)
                if (statement.namedChild(0).is("assignment")) values.push_back(statement.namedChild(0).field("right"));
            if (values.size() == 1 && values[0].is("tuple")) return ReturnForm::Maybe;
        }
        ReturnForm result = ReturnForm::Single;
        bool first = true;
        for (const Node& value : values) {
            if (value.isNull()) continue;
            // A name that holds a written tuple is not written where it is returned.
            ReturnForm one = form(module, value, depth + 1);
            if (one == ReturnForm::Tuple) one = ReturnForm::Maybe;
            result = first ? one : either(result, one);
            first = false;
        }
        (void)parameter;
        return result;
    }

    ReturnForm ofFunction(const Module& module, const Function& function, int depth) {
        if (!visiting_.insert(&function).second) return ReturnForm::Single;
        bool any = false;
        for (const Node& statement : returnsOf(function.node.field("body"))) {
            std::vector<Node> values = statement.namedChildren();
            if (!values.empty() && form(module, values[0], depth + 1) != ReturnForm::Single) any = true;
        }
        visiting_.erase(&function);
        return any ? ReturnForm::Maybe : ReturnForm::Single;
    }

    ReturnForm ofCall(const Module& module, const Node& node, int depth) {
        const Node callee = node.field("function");
        const Module* home = nullptr;
        if (const Function* function = namedFunction(project_, module, callee, &home)) return ofFunction(*home, *function, depth);
        const semantic::Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind == semantic::Symbol::Kind::External || symbol.kind == semantic::Symbol::Kind::Class) return ReturnForm::Single;
        if (symbol.kind == semantic::Symbol::Kind::Unknown && callee.is("identifier")) return ReturnForm::Single; // a builtin
        if (!callee.is("attribute")) return ReturnForm::Maybe;
        const std::string_view name = callee.field("attribute").text();
        for (const auto& other : project_.modules())
            for (const Function& function : other->functions)
                if (function.name == name && !function.className.empty() &&
                    ofFunction(*other, function, depth) != ReturnForm::Single)
                    return ReturnForm::Maybe;
        return ReturnForm::Single;
    }

    /// A part of a table of ready answers: `ERRORS["missing"]`.
    ReturnForm ofPart(const Module& module, const Node& node) {
        Node root = node;
        while (root.is("subscript") || root.is("attribute")) root = root.is("subscript") ? root.field("value") : root.field("object");
        if (!root.is("identifier")) return ReturnForm::Single;
        const semantic::Symbol& symbol = project_.resolve(module, root);
        if (symbol.kind != semantic::Symbol::Kind::Variable || !symbol.module) return ReturnForm::Single;
        auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end()) return ReturnForm::Single;
        bool holdsTuples = false;
        for (const Node& statement : assigned->second)
            syntax::walk(statement, [&](const Node& inner) {
                if (inner.is("pair") && inner.field("value").is("tuple")) holdsTuples = true;
                return !holdsTuples;
            });
        return holdsTuples ? ReturnForm::Maybe : ReturnForm::Single;
    }

    const Project& project_;
    std::set<const Function*> visiting_;
};

} // namespace

ReturnForm returnForm(const Project& project, const Module& module, const Node& expression) {
    return Reader(project).form(module, expression, 0);
}

bool neverNone(const Node& expression) {
    if (expression.is("parenthesized_expression")) return neverNone(expression.namedChildren()[0]);
    return expression.is("dictionary") || expression.is("list") || expression.is("string") || expression.is("integer") ||
           expression.is("float") || expression.is("true") || expression.is("false") || expression.is("list_comprehension") ||
           expression.is("dictionary_comprehension") || expression.is("comparison_operator");
}

std::vector<Node> returnsOf(const Node& body) {
    std::vector<Node> found;
    syntax::walk(body, [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition") || node.is("lambda")) return false;
        if (node.is("return_statement")) found.push_back(node);
        return true;
    });
    return found;
}

} // namespace covet::rules::legacy
