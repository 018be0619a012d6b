// What code does with one record, on the row that has taken its place.
//
// before: product["price"]   product["stock"] -= n   product.update(x)   return product   {**product}
// after:  product.price      product.stock -= n      product.apply(x)    return product.to_dict()
//
// Rows with a document of other keys are read through to_dict() and written through apply(). A use that
// is none of these gives up: a record that gets out of sight could be changed there.

#include <algorithm>

#include "facts/none_values.h"
#include "rules/store/exact/function_lowering.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::rules::exact {

using schema::Column;
using schema::Table;
using schema::TypeKind;

namespace {

bool isTarget(const Node& node) {
    Node parent = node.parent();
    return (parent.is("assignment") || parent.is("for_statement") || parent.is("for_in_clause") ||
            parent.is("named_expression")) &&
           (parent.field("left") == node || parent.field("name") == node);
}

bool isConditionPlace(const Node& node) {
    Node parent = node.parent();
    if (parent.is("not_operator") || parent.is("if_clause")) return true;
    if (parent.is("if_statement") || parent.is("elif_clause") || parent.is("while_statement"))
        return parent.field("condition") == node;
    if (parent.is("conditional_expression")) return parent.namedChild(1) == node;
    if (parent.is("boolean_operator") || parent.is("parenthesized_expression")) return isConditionPlace(parent);
    return false;
}

bool isNoneTest(const Node& node) {
    Node parent = node.parent();
    std::vector<Node> parts = parent.children();
    return parent.is("comparison_operator") && parts.size() == 3 && parts[0] == node && parts[2].is("none") &&
           (parts[1].text() == "is" || parts[1].text() == "is not");
}

/// Whether a comprehension inside of `scope` gives the name another meaning where the node stands.
bool isRebound(const Node& node, const Node& scope) {
    std::string name(node.text());
    for (Node parent = node.parent(); parent && !(parent == scope); parent = parent.parent()) {
        bool binds = false;
        if (parent.is("lambda")) {
            std::string parameters(parent.field("parameters").text());
            for (const std::string& one : split(parameters, ',')) binds = binds || trim(one) == name;
        }
        Node first;
        for (const Node& clause : parent.namedChildren()) {
            if (!clause.is("for_in_clause")) continue;
            if (first.isNull()) first = clause;
            std::set<std::string> names;
            semantic::collectTargetNames(clause.field("left"), names);
            binds = binds || names.count(name);
        }
        if (binds && !first.field("right").contains(node)) return true;
    }
    return false;
}

bool isValuePlace(const Node& parent) {
    return parent.is("return_statement") || parent.is("pair") || parent.is("list") || parent.is("tuple") ||
           parent.is("expression_list") || parent.is("dictionary_splat") || parent.is("list_comprehension") ||
           parent.is("generator_expression") || parent.is("dictionary_comprehension") ||
           parent.is("conditional_expression") || parent.is("parenthesized_expression");
}

} // namespace

void FunctionLowering::lowerRowUses() {
    // No structured binding: Clang 14 cannot capture one in a lambda.
    for (const auto& named : variables_) {
        const auto& name = named.first;
        const auto& list = named.second;
        for (const RowVariable& variable : list) {
            std::vector<Node> uses;
            const Node scope = variable.scope;
            syntax::walk(scope.is("function_definition") ? scope.field("body") : scope, [&](const Node& node) {
                if (!node.is("identifier")) return true;
                Node parent = node.parent();
                if (parent.is("attribute") && parent.field("attribute") == node) return true;
                if (parent.is("keyword_argument") && parent.field("name") == node) return true;
                // A comprehension inside may use the name for something of its own.
                for (const RowVariable& other : list)
                    if (!(other.scope == scope) && scope.contains(other.scope) && other.scope.contains(node)) return true;
                if (isRebound(node, scope)) return true;
                if (node.text() == name) {
                    uses.push_back(node);
                } else if (!variable.key.empty() && node.text() == variable.key && !isTarget(node) &&
                           !parent.is("pattern_list") && !parent.is("tuple_pattern")) {
                    const Column& key = *variable.table->column(variable.table->primaryKey[0]);
                    shared_.claims.replace(module_, node, name + "." + key.attribute);
                }
                return true;
            });
            for (const Node& use : uses) {
                if (shared_.failed()) return;
                if (lowered_.count(use.id())) continue;
                Node parent = use.parent();
                if (isTarget(use) || parent.is("pattern_list") || parent.is("tuple_pattern")) {
                    // Other values under the same name are None or rows of the same table.
                    if (parent.is("assignment") && parent.field("left") == use) {
                        Node value = parent.field("right");
                        bool known = value.is("none") || rowValues_.count(value.id()) ||
                                     (value.is("identifier") && variables_.count(std::string(value.text())));
                        if (!known) fail("variable-of-two-kinds");
                    }
                    Node loop = use.ancestor({"for_statement"});
                    if (loop.field("left").contains(use) && !rowValues_.count(loop.id())) fail("variable-of-two-kinds");
                    if (parent.is("named_expression")) fail("variable-of-two-kinds");
                    if (!loop.field("left").contains(use) && (parent.is("pattern_list") || parent.is("tuple_pattern")) &&
                        !parent.parent().is("for_in_clause"))
                        fail("variable-of-two-kinds");
                    continue;
                }
                if (variable.isList) lowerListUse(use, variable);
                else lowerRowUse(use, *variable.table, variable.maybeNone, name);
            }
        }
    }
}

void FunctionLowering::lowerRowUse(const Node& row, const Table& table, bool maybeNone, const std::string& name) {
    Node parent = row.parent();
    // What a function takes out of a record with values of its own inside may be changed by its caller.
    const bool hasInner = !isClosed(table) || std::any_of(table.columns.begin(), table.columns.end(), [](const Column& column) {
        return column.type.kind == TypeKind::Json;
    });
    auto isLeftAlone = [&](const Node& call, const Node& argument) {
        return hasInner ? argumentIsOnlyRead(call, argument, 0) : leavesArgumentAlone(call, argument);
    };
    if (isNoneTest(row)) return;
    if (lowerFieldAccess(row, table)) return;
    if (isConditionPlace(row)) return;
    if (parent.is("delete_statement") || parent.is("assignment")) return fail("row-alias");
    if (parent.is("argument_list")) {
        Node call = parent.parent();
        std::string callee(call.field("function").text());
        bool removes = call.field("function").is("attribute") &&
                       call.field("function").field("attribute").text() == "remove";
        if (removes) return; // the lift of the store's use has taken it
        if (callee == "len" || callee == "id" || callee == "type" || callee == "isinstance") return fail("row-as-argument");
        if (!isLeftAlone(call, row)) return fail("row-as-argument");
        if (callee == "append" || endsWith(callee, ".append")) {
            Node list = call.field("function").field("object");
            if (!list.is("identifier") || !onlyReads(std::string(list.text()), function_.node, false)) return fail("rows-collected");
        }
    } else if (parent.is("keyword_argument")) {
        if (!isLeftAlone(parent.parent().parent(), parent)) return fail("row-as-argument");
    } else if (!isValuePlace(parent)) {
        return fail("row-escapes");
    }
    if (maybeNone && name.empty()) return fail("row-may-be-none");
    if (maybeNone && facts::isNoneExcluded(row, name)) maybeNone = false;
    std::string suffix = ".to_dict()";
    if (maybeNone) {
        shared_.claims.replace(module_, row, "(" + name + ".to_dict() if " + name + " is not None else None)");
    } else if (name.empty()) {
        bool parens = !names_.count(row.id()) && (!row.is("subscript") || shared_.claims.covers(row));
        shared_.claims.surround(module_, row, parens ? "(" : "", (parens ? ")" : "") + suffix);
    } else {
        shared_.claims.replace(module_, row, name + suffix);
    }
}

bool FunctionLowering::lowerFieldAccess(const Node& row, const Table& table) {
    Node access = row.parent();
    Node outer = access.parent();
    auto text = [row](const ModuleRewrite& rewrite) { return rewrite.render(row); };
    if (access.is("subscript") && access.field("value") == row) {
        std::string field;
        if (!constantText(access.field("subscript"), field)) return fail("computed-key"), true;
        const Column* column = table.columnOfField(field);
        bool assigned = outer.is("assignment") && outer.field("left") == access;
        bool augmented = outer.is("augmented_assignment") && outer.field("left") == access;
        if (assigned || augmented) {
            if (!outer.parent().is("expression_statement")) return fail("chained-assignment"), true;
            if (!isClosed(table)) {
                std::string op(augmented ? outer.field("operator").text() : "");
                if (!op.empty()) op.pop_back();
                Node value = outer.field("right");
                shared_.claims.replace(module_, outer, [=](const ModuleRewrite& rewrite) {
                    std::string owner = text(rewrite), quoted = pythonQuote(field);
                    std::string right = rewrite.render(value);
                    if (!op.empty()) right = owner + ".to_dict()[" + quoted + "] " + op + " (" + right + ")";
                    return owner + ".apply({" + quoted + ": " + right + "})";
                });
                if (augmented && column && column->type.kind == TypeKind::Json) fail("document-changed-in-place");
                return wrote(outer), true;
            }
            if (!column) return fail("unknown-field"), true;
            if (augmented && column->type.kind == TypeKind::Json) return fail("document-changed-in-place"), true;
            if (column->name == table.primaryKey[0]) return fail("key-changed"), true;
            shared_.claims.replace(module_, access, [=, attribute = column->attribute](const ModuleRewrite& rewrite) {
                return text(rewrite) + "." + attribute;
            });
            return wrote(outer), true;
        }
        if (outer.is("delete_statement")) return fail("field-deleted"), true;
        if (!column && isClosed(table)) return fail("unknown-field"), true;
        bool isDocument = !column || column->type.kind == TypeKind::Json || !isClosed(table);
        if (isDocument && !readOnlyUse(access, true, 0)) return fail("document-changed-in-place"), true;
        bool direct = isClosed(table);
        shared_.claims.replace(module_, access, [=](const ModuleRewrite& rewrite) {
            return direct ? text(rewrite) + "." + column->attribute
                          : text(rewrite) + ".to_dict()[" + pythonQuote(field) + "]";
        });
        return true;
    }
    if (!access.is("attribute") || !(access.field("object") == row)) return false;
    if (!outer.is("call") || !(outer.field("function") == access)) return fail("row-attribute"), true;
    std::string method(access.field("attribute").text());
    std::vector<Node> arguments = outer.field("arguments").namedChildren();
    if (method == "get" && !arguments.empty()) {
        std::string field;
        const Column* column = constantText(arguments[0], field) ? table.columnOfField(field) : nullptr;
        bool direct = isClosed(table) && column;
        if (!readOnlyUse(outer, true, 0) && (!direct || column->type.kind == TypeKind::Json))
            return fail("document-changed-in-place"), true;
        if (direct) {
            shared_.claims.replace(module_, outer, [=, attribute = column->attribute](const ModuleRewrite& rewrite) {
                return text(rewrite) + "." + attribute;
            });
            return true;
        }
    } else if (method == "update" && arguments.size() == 1 && isWholeStatement(outer)) {
        if (arguments[0].is("keyword_argument") || arguments[0].is("dictionary_splat")) return fail("update-arguments"), true;
        if (isClosed(table)) {
            std::string field;
            if (!arguments[0].is("dictionary")) return fail("update-with-unknown-keys"), true;
            for (const Node& pair : arguments[0].namedChildren()) {
                const Column* column = pair.is("pair") && constantText(pair.field("key"), field)
                                           ? table.columnOfField(field) : nullptr;
                if (!column || column->name == table.primaryKey[0]) return fail("update-with-unknown-keys"), true;
            }
        }
        shared_.claims.replace(module_, access, [=](const ModuleRewrite& rewrite) { return text(rewrite) + ".apply"; });
        return wrote(outer), true;
    } else if (method == "copy" && arguments.empty()) {
        shared_.claims.replace(module_, access, [=](const ModuleRewrite& rewrite) { return text(rewrite) + ".to_dict"; });
        return true;
    } else if (method != "items" && method != "keys" && method != "values") {
        return fail("row-method"), true;
    } else if (!readOnlyUse(outer, true, 0)) {
        return fail("document-changed-in-place"), true;
    }
    shared_.claims.replace(module_, access, [=](const ModuleRewrite& rewrite) {
        return text(rewrite) + ".to_dict()." + method;
    });
    return true;
}

void FunctionLowering::lowerListUse(const Node& list, const RowVariable& variable) {
    Node parent = list.parent();
    if (isConditionPlace(list) || isNoneTest(list) || parent.is("comparison_operator")) return;
    if (parent.is("argument_list") && parent.parent().field("function").text() == "len") return;
    if (parent.is("subscript") && parent.field("value") == list &&
        (parent.field("subscript").is("integer") || parent.field("subscript").text() == "-1")) {
        lowered_.insert(list.id());
        if (parent.parent().is("assignment") && parent.parent().field("right") == parent) {
            Node left = parent.parent().field("left");
            if (!left.is("identifier")) return fail("row-in-a-pattern");
            return fail("row-alias");
        }
        return lowerRowUse(parent, *variable.table, false, "");
    }
    fail("rows-escape");
}

} // namespace covet::rules::exact
