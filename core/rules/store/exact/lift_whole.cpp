// The whole store as a value.
//
// before: return {"users": users_db, "ids": sorted(users_db.keys())}
// after:  return {"users": [row.to_dict() for row in await db.scalars(select(User).order_by(User.id))], ...}
//
// Safe where the value is only read: the answer is made of copies, which nobody can tell from the
// records themselves. A variable that holds it must not be used to change the store.

#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::exact {

using facts::Container;
using facts::ReferenceContext;
using facts::UseKind;
using schema::Column;
using schema::Table;

namespace {

/// The innermost value that holds the iterable as it is: `(xs)`, `list(xs)`, `xs[a:b]`.
bool isValuePlace(const Node& parent) {
    return parent.is("return_statement") || parent.is("pair") || parent.is("list") || parent.is("tuple") ||
           parent.is("expression_list") || parent.is("keyword_argument") || parent.is("conditional_expression") ||
           parent.is("parenthesized_expression");
}

} // namespace

std::string FunctionLowering::wholeText(const FoundStore& store, const Table& table) {
    std::string rows = "await " + db_ + ".scalars(" + selectAll(table) + ")";
    if (store.fact.container != Container::Dict) return "[row.to_dict() for row in " + rows + "]";
    const Column& key = *table.column(table.primaryKey[0]);
    return "{row." + key.attribute + ": row.to_dict() for row in " + rows + "}";
}

void FunctionLowering::liftWhole(const StoreReference& reference, const ReferenceContext& use, const Node& iterable) {
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    const Column& key = *table.column(table.primaryKey[0]);
    std::string rows = "await " + db_ + ".scalars(" + selectAll(table) + ")";
    std::string text = wholeText(store, table);
    Node value = iterable;
    if (use.kind == UseKind::Values) text = "[row.to_dict() for row in " + rows + "]";
    if (use.kind == UseKind::Items)
        text = "[(row." + key.attribute + ", row.to_dict()) for row in " + rows + "]";
    if (use.kind == UseKind::Keys) text = "[row." + key.attribute + " for row in " + rows + "]";
    bool isView = use.kind == UseKind::Values || use.kind == UseKind::Items || use.kind == UseKind::Keys;
    if (use.kind == UseKind::Slice && store.fact.container != Container::List) return fail("slice-of-a-dict");
    bool isAlias = use.kind == UseKind::Read;

    Node parent = value.parent();
    if (parent.is("argument_list")) {
        Node call = parent.parent();
        std::string callee(call.field("function").text());
        static constexpr Words kCopies = {"list", "sorted", "tuple"};
        static constexpr Words kReaders = {"enumerate", "reversed", "str", "repr", "print", "dict", "zip"};
        bool first = parent.namedChildren()[0] == value;
        if (callee == "bool") {
            lowered_.insert(reference.node.id());
            std::string counted = this->call("count", shared_.model(module_, table));
            return shared_.claims.replace(module_, value, "await " + counted);
        }
        if (kCopies.count(callee) && first) {
            if (isAlias && store.fact.container == Container::Dict) // list(d) is its keys
                text = "[row." + key.attribute + " for row in " + rows + "]";
            isAlias = isView = false;
            if (callee == "list" && parent.namedChildCount() == 1) value = call;
            shared_.claims.replace(module_, value, text);
            lowered_.insert(reference.node.id());
            if (!readOnlyUse(call, false, 0)) fail("copy-is-changed");
            return;
        }
        if (!kReaders.count(callee) && isView) return fail("view-as-argument");
        if (callee == "dict" && store.fact.container != Container::Dict) return fail("view-as-argument");
        if (!kReaders.count(callee) && !argumentIsOnlyRead(call, value, 0)) return fail("store-as-argument");
        if (callee == "enumerate" || callee == "reversed" || callee == "zip")
            if (!call.parent().is("for_in_clause") && !call.parent().is("for_statement")) return fail("lazy-view");
        if (call.parent().is("for_statement") && callee == "enumerate")
            return liftLoop(reference, iterable, call.parent());
        if (call.parent().is("for_in_clause") || call.parent().is("for_statement")) return fail("lazy-view");
    } else if (use.kind == UseKind::Slice) {
        if (!readOnlyUse(value.parent(), false, 0)) return fail("copy-is-changed");
    } else if (parent.is("assignment")) {
        if (isView || !readOnlyUse(value, isAlias, 0)) return fail("store-alias");
    } else if (!isValuePlace(parent) || isView) {
        return fail("store-escapes");
    } else if (!readOnlyUse(value, isAlias, 0)) {
        return fail("store-escapes");
    }
    lowered_.insert(reference.node.id());
    bool brackets = use.kind != UseKind::Slice;
    shared_.claims.replace(module_, value, brackets || text[0] == '[' ? text : "(" + text + ")");
}

bool FunctionLowering::readOnlyUse(const Node& start, bool isAlias, int depth) {
    if (depth > 4) return false;
    Node value = start;
    Node parent = value.parent();
    while (parent.is("parenthesized_expression") || parent.is("conditional_expression") ||
           parent.is("boolean_operator")) {
        value = parent;
        parent = value.parent();
    }
    if (parent.is("return_statement") || parent.is("comparison_operator") || parent.is("not_operator") ||
        parent.is("if_statement") || parent.is("elif_clause") || parent.is("interpolation") ||
        parent.is("for_in_clause") || parent.is("if_clause") || parent.is("while_statement") ||
        parent.is("dictionary_splat") || parent.is("raise_statement") || parent.is("binary_operator"))
        return true;
    if (parent.is("pair") || parent.is("list") || parent.is("tuple") || parent.is("expression_list") ||
        parent.is("dictionary") || parent.is("list_comprehension") || parent.is("generator_expression") ||
        parent.is("set") || parent.is("dictionary_comprehension"))
        return readOnlyUse(parent, true, depth);
    if (parent.is("keyword_argument")) return argumentIsOnlyRead(parent.parent().parent(), parent, depth);
    if (parent.is("argument_list")) return argumentIsOnlyRead(parent.parent(), value, depth);
    if (parent.is("subscript")) {
        if (!(parent.field("value") == value)) return true; // used as a key
        return readOnlyUse(parent, true, depth + 1);
    }
    if (parent.is("attribute")) {
        Node call = parent.parent();
        if (!call.is("call") || !(call.field("function") == parent)) return false;
        std::string method(parent.field("attribute").text());
        static constexpr Words kReading = {"get",   "copy", "index",   "count", "items", "values", "keys",
                                           "lower", "upper", "strip",  "split", "startswith", "endswith",
                                           "title", "isoformat", "format", "join", "replace"};
        static constexpr Words kListChanges = {"append", "sort", "extend", "insert", "reverse"};
        if (kListChanges.count(method)) return !isAlias && isWholeStatement(call);
        return kReading.count(method) > 0 && (isWholeStatement(call) || readOnlyUse(call, true, depth + 1));
    }
    if (parent.is("for_statement") && parent.field("right") == value) {
        Node target = parent.field("left");
        bool good = true;
        syntax::walk(target, [&](const Node& part) {
            if (part.is("identifier")) good = good && onlyReads(std::string(part.text()), function_.node, true, depth + 1);
            return true;
        });
        return good;
    }
    if (parent.is("assignment") && parent.field("right") == value && parent.field("left").is("identifier"))
        return onlyReads(std::string(parent.field("left").text()), function_.node, isAlias, depth + 1);
    return parent.is("expression_statement");
}

bool FunctionLowering::argumentIsOnlyRead(const Node& call, const Node& argument, int depth) {
    if (!leavesArgumentAlone(call, argument)) return false;
    // What these and functions of the project, such as a search by id, give back may hold the same records.
    static constexpr Words kSame = {"list", "sorted", "tuple", "reversed", "next", "filter", "min", "max"};
    const Node callee = call.field("function");
    const bool isOwn = shared_.context.project().resolve(module_, callee).kind == semantic::Symbol::Kind::Function;
    if (!isOwn && !kSame.count(std::string(callee.text()))) return true;
    return readOnlyUse(call, isOwn, depth + 1);
}

bool FunctionLowering::onlyReads(const std::string& name, const Node& scope, bool isAlias, int depth) {
    if (depth > 4) return false;
    bool good = true;
    syntax::walk(scope.is("function_definition") ? scope.field("body") : scope, [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name || !good) return good;
        Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        if ((parent.is("assignment") || parent.is("for_statement") || parent.is("for_in_clause")) &&
            parent.field("left") == node)
            return true;
        if (parent.is("pattern_list") || parent.is("tuple_pattern")) return true;
        if (parent.is("global_statement") || parent.is("delete_statement") || parent.is("augmented_assignment"))
            good = false;
        else
            good = readOnlyUse(node, isAlias, depth + 1);
        return good;
    });
    return good;
}

bool FunctionLowering::leavesArgumentAlone(const Node& call, const Node& argument) const {
    Node callee = call.field("function");
    const semantic::Symbol& symbol = shared_.context.project().resolve(module_, callee);
    static constexpr Words kBuiltins = {
        "len",  "list", "sorted", "tuple", "set", "sum",   "min",  "max",      "any",   "all",  "str",    "repr",
        "dict", "int",  "float",  "bool",  "zip", "range", "next", "reversed", "print", "round", "enumerate", "abs",
        "isinstance", "type"};
    if (symbol.kind == semantic::Symbol::Kind::Unknown && callee.is("identifier"))
        return kBuiltins.count(std::string(callee.text())) > 0;
    if (symbol.kind == semantic::Symbol::Kind::External)
        return symbol.name == "json.dumps" || endsWith(symbol.name, "jsonify") || endsWith(symbol.name, "Response");
    if (symbol.kind != semantic::Symbol::Kind::Function || !symbol.module) {
        if (!callee.is("attribute")) return false;
        // A method of something local that takes a value: `out.append(x)`.
        std::string method(callee.field("attribute").text());
        return method == "append" || method == "format" || method == "join" || method == "get";
    }
    const Function* function = symbol.module->function(symbol.name);
    if (!function || shared_.contains(*function)) return false;
    size_t index = 0;
    std::string parameter;
    if (argument.is("keyword_argument")) {
        parameter = std::string(argument.field("name").text());
    } else {
        for (const Node& one : call.field("arguments").namedChildren()) {
            if (one == argument) break;
            ++index;
        }
        std::vector<Node> parameters = function->node.field("parameters").namedChildren();
        if (index >= parameters.size()) return false;
        parameter = parameterName(parameters[index]);
    }
    // What is one text or number cannot be changed.
    static constexpr Words kUnchangeable = {"str", "int", "float", "bool", "bytes"};
    for (const Node& one : function->node.field("parameters").namedChildren())
        if (parameterName(one) == parameter && kUnchangeable.count(one.field("type").text())) return true;
    // The callee may only look fields up.
    bool good = !parameter.empty();
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != parameter) return good;
        Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return good;
        if (parent.is("keyword_argument") && parent.field("name") == node) return good;
        Node outer = parent.parent();
        bool look = (parent.is("subscript") && parent.field("value") == node &&
                     !(outer.is("assignment") && outer.field("left") == parent) && !outer.is("augmented_assignment") &&
                     !outer.is("delete_statement") && !outer.is("subscript") && !outer.is("attribute")) ||
                    parent.is("dictionary_splat") || parent.is("for_in_clause") || parent.is("comparison_operator") ||
                    (parent.is("attribute") && outer.is("call") &&
                     (parent.field("attribute").text() == "get" || parent.field("attribute").text() == "items" ||
                      parent.field("attribute").text() == "copy" || parent.field("attribute").text() == "keys"));
        good = good && look;
        return good;
    });
    return good;
}

} // namespace covet::rules::exact
