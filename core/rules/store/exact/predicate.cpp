// Conditions about one record, as SQL.
//
// before: p["category"] == wanted and not p["hidden"]
// after:  Product.category == wanted, Product.hidden.is_(False)
//
// A condition is translated only where SQL and Python agree for every value: columns whose values are
// all of one type and never None, constants of that type, and `equals()` for values of unknown type
// that cannot raise.
// Everything else stays a condition in Python over the rows.

#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"

namespace covet::rules::exact {

using schema::Column;
using schema::Table;
using schema::TypeKind;

namespace {

bool isText(const Column& column) {
    return (column.type.kind == TypeKind::Text || column.type.kind == TypeKind::Varchar) &&
           column.pythonType == "str" && !column.tagged;
}

bool isInteger(const Column& column) {
    return column.type.kind == TypeKind::Integer || column.type.kind == TypeKind::BigInt;
}

bool isComparable(const Column& column) {
    return isText(column) || isInteger(column) || column.type.kind == TypeKind::Boolean ||
           column.type.kind == TypeKind::Float;
}

/// A literal whose type is the column's.
bool isMatchingConstant(const Node& node, const Column& column) {
    std::string text;
    if (constantText(node, text)) return isText(column);
    if (node.is("integer")) return isInteger(column) && node.text().size() < 10 && node.text()[0] != '0';
    if (node.is("true") || node.is("false")) return column.type.kind == TypeKind::Boolean;
    return false;
}

const char* opposite(const std::string& op) {
    static const std::map<std::string, const char*> kOpposites = {{"==", "!="}, {"!=", "=="}, {"<", ">="},
                                                                  {">=", "<"},  {">", "<="},  {"<=", ">"}};
    auto found = kOpposites.find(op);
    return found == kOpposites.end() ? nullptr : found->second;
}

const char* mirrored(const std::string& op) {
    static const std::map<std::string, const char*> kMirrored = {{"==", "=="}, {"!=", "!="}, {"<", ">"},
                                                                 {">", "<"},   {"<=", ">="}, {">=", "<="}};
    auto found = kMirrored.find(op);
    return found == kMirrored.end() ? nullptr : found->second;
}

Node unwrapped(Node node) {
    while (node.is("parenthesized_expression") && node.namedChildCount() == 1) node = node.namedChild(0);
    return node;
}

} // namespace

const Column* FunctionLowering::columnOf(const Node& access, const std::string& row, const Table& table) const {
    std::string field;
    if (access.is("subscript")) {
        if (access.field("value").text() != row || !constantText(access.field("subscript"), field)) return nullptr;
    } else if (access.is("identifier")) {
        // The key of `for key, row in d.items()`.
        auto known = variables_.find(row);
        if (known == variables_.end()) return nullptr;
        for (const RowVariable& variable : known->second)
            if (!variable.key.empty() && variable.key == access.text()) return table.column(table.primaryKey[0]);
        return nullptr;
    } else {
        return nullptr;
    }
    const Column* column = table.columnOfField(field);
    return column && !column->optional ? column : nullptr;
}

/// Whether a name holds a value of the query string: a text, or None.
bool FunctionLowering::isQueryText(const Node& node) const {
    if (!node.is("identifier")) return false;
    std::string text;
    int assignments = 0;
    syntax::walk(function_.node.field("body"), [&](const Node& part) {
        bool target = (part.is("assignment") || part.is("augmented_assignment") || part.is("named_expression")) &&
                      mentions(part.child(0), std::string(node.text()));
        if (target || part.is("for_statement")) assignments += target || part.field("left").text() == node.text();
        if (target && part.is("assignment"))
            text = shared_.context.rewrite(module_).render(part.field("right"));
        return true;
    });
    size_t at = text.find(".query_params.get(\"");
    if (assignments != 1 || at == std::string::npos || !isPythonIdentifier(text.substr(0, at))) return false;
    return text.find(')') == text.size() - 1 && text.find(',') == std::string::npos;
}

std::optional<std::string> FunctionLowering::comparisonText(const Node& condition, const std::string& row,
                                                            const Table& table, bool negate) {
    std::vector<Node> parts = condition.children();
    if (parts.size() != 3) return std::nullopt;
    std::string op(parts[1].text());
    Node left = unwrapped(parts[0]), right = unwrapped(parts[2]);
    const Column* column = columnOf(left, row, table);
    if (!column && (column = columnOf(right, row, table))) {
        std::swap(left, right);
        const char* other = mirrored(op);
        if (!other) return std::nullopt;
        op = other;
    }
    // Without rows the other side was never looked at, so an error in it must not come to light.
    if (!column || mentions(right, row) || !isComparable(*column) || raisesEarly(right)) return std::nullopt;
    std::string attribute = shared_.model(module_, table) + "." + column->attribute;
    bool isKey = table.primaryKey[0] == column->name;
    // What a column of an open record cannot hold is in its document.
    if (!isClosed(table) && !isKey && !isText(*column)) return std::nullopt;
    if (op == "is" || op == "is not" || ((op == "==" || op == "!=") && right.is("none"))) {
        if (!right.is("none") || !isClosed(table)) return std::nullopt;
        bool isNone = (op == "is" || op == "==") != negate;
        return attribute + (isNone ? ".is_(None)" : ".is_not(None)");
    }
    if (op == "in" || op == "not in") {
        if (!right.is("tuple") && !right.is("list") && !right.is("set")) return std::nullopt;
        if (column->nullable && ((op == "not in") != negate)) return std::nullopt;
        std::string list;
        for (const Node& item : right.namedChildren()) {
            if (!isMatchingConstant(item, *column)) return std::nullopt;
            list += (list.empty() ? "" : ", ") + std::string(item.text());
        }
        return attribute + ((op == "in") != negate ? ".in_([" : ".not_in([") + list + "])";
    }
    if (negate) {
        const char* other = opposite(op);
        if (!other) return std::nullopt;
        op = other;
    }
    if (op != "==" && (column->nullable || !isClosed(table)) && !isKey) return std::nullopt;
    bool constant = isMatchingConstant(right, *column);
    if (constant && right.is("true")) return attribute + (op == "==" ? ".is_(True)" : ".is_not(True)");
    if (constant && right.is("false")) return attribute + (op == "==" ? ".is_(False)" : ".is_not(False)");
    if (constant && (op == "==" || op == "!=" || isInteger(*column)))
        return attribute + " " + op + " " + std::string(right.text());
    if (op != "==" && op != "!=") return std::nullopt;
    if (!isClosed(table) && !isKey) return std::nullopt;
    if (right.is("integer") || right.is("float") || right.is("string") || right.is("true") || right.is("false"))
        return std::nullopt; // a constant of another type
    if (isText(*column) && isQueryText(right)) return attribute + " " + op + " " + placeholder(right);
    std::string equals = shared_.name(module_, "equals") + "(" + attribute + ", " + placeholder(right) + ")";
    return op == "==" ? equals : shared_.name(module_, "not_") + "(" + equals + ")";
}

std::optional<std::string> FunctionLowering::predicateText(const Node& outer, const std::string& row,
                                                           const Table& table, bool negate) {
    Node node = unwrapped(outer);
    if (node.is("comparison_operator")) return comparisonText(node, row, table, negate);
    if (node.is("not_operator")) return predicateText(node.field("argument"), row, table, !negate);
    if (const Column* column = columnOf(node, row, table)) {
        bool usable = column->type.kind == TypeKind::Boolean && !column->nullable && isClosed(table);
        if (!usable) return std::nullopt;
        return shared_.model(module_, table) + "." + column->attribute + (negate ? ".is_(False)" : ".is_(True)");
    }
    if (!node.is("boolean_operator")) return std::nullopt;
    Node left = node.field("left"), right = node.field("right");
    bool isAnd = (node.field("operator").text() == "and") != negate;
    std::optional<std::string> second = predicateText(right, row, table, negate);
    if (!second) return std::nullopt;
    if (!mentions(left, row)) {
        if (raisesEarly(left)) return std::nullopt;
        // `A or B` with an A that is the same for all rows: decided before the query.
        bool original = node.field("operator").text() == "and";
        std::string shortcut = shared_.name(module_, original == negate ? "true" : "false") + "()";
        std::string first = placeholder(left);
        return original ? "(" + *second + " if " + first + " else " + shortcut + ")"
                        : "(" + shortcut + " if " + first + " else " + *second + ")";
    }
    std::optional<std::string> first = predicateText(left, row, table, negate);
    if (!first) return std::nullopt;
    return shared_.name(module_, isAnd ? "and_" : "or_") + "(" + *first + ", " + *second + ")";
}

std::optional<Condition> FunctionLowering::predicate(const Node& condition, const std::string& row, const Table& table) {
    size_t mark = shared_.importMark();
    std::optional<Condition> found = translated(condition, row, table);
    if (!found) shared_.dropImports(mark);
    return found;
}

std::optional<Condition> FunctionLowering::translated(const Node& outer, const std::string& row, const Table& table) {
    Node node = unwrapped(outer);
    if (node.is("boolean_operator") && node.field("operator").text() == "and" && mentions(node.field("left"), row)) {
        std::optional<Condition> first = predicate(node.field("left"), row, table);
        std::optional<Condition> second = predicate(node.field("right"), row, table);
        if (!first || !second || !first->onlyIf.empty() || !second->onlyIf.empty()) return std::nullopt;
        if (first->onlyByKey || second->onlyByKey) return std::nullopt;
        first->key = Node();
        first->where.insert(first->where.end(), second->where.begin(), second->where.end());
        return first;
    }
    if (node.is("boolean_operator") && node.field("operator").text() == "or") {
        Node left = unwrapped(node.field("left"));
        std::vector<Node> parts = left.children();
        bool isNoneTest = left.is("comparison_operator") && parts.size() == 3 && parts[1].text() == "is" &&
                          parts[0].is("identifier") && parts[2].is("none");
        bool isNotTest = left.is("not_operator") && left.field("argument").is("identifier");
        if ((isNoneTest || isNotTest) && !mentions(left, row)) {
            std::optional<std::string> rest = predicateText(node.field("right"), row, table, false);
            if (!rest) return std::nullopt;
            Node tested = isNoneTest ? parts[0] : left.field("argument");
            return Condition{{*rest}, std::string(tested.text()) + (isNoneTest ? " is not None" : ""), Node(), false};
        }
    }
    Node key = comparedKey(node, row, table);
    if (key && raisesEarly(key) && !mentions(key, row)) {
        bool waits = shared_.context.rewrite(module_).render(key).find("await ") != std::string::npos;
        if (waits || key.is("lambda")) return std::nullopt;
        return Condition{{}, "", key, true};
    }
    std::optional<std::string> text = predicateText(node, row, table, false);
    if (!text) return std::nullopt;
    return Condition{{*text}, "", key, false};
}

Node FunctionLowering::comparedKey(const Node& condition, const std::string& row, const Table& table) const {
    std::vector<Node> parts = condition.children();
    if (!condition.is("comparison_operator") || parts.size() != 3 || parts[1].text() != "==") return {};
    for (size_t side : {size_t{0}, size_t{2}}) {
        const Column* column = columnOf(unwrapped(parts[side]), row, table);
        if (column && column->name == table.primaryKey[0]) return parts[2 - side];
    }
    return {};
}

} // namespace covet::rules::exact
