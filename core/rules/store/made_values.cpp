#include "rules/store/made_values.h"

#include <map>
#include <vector>

#include "support/strings.h"
#include "support/words.h"
#include "syntax/tree.h"

namespace covet::rules {
namespace {

using syntax::Node;

using Types = std::map<std::string_view, std::string_view>;

/// What a call gives, whatever module or object its name is of.
const Types& calls() {
    static const Types kTypes = {
        {"generate_password_hash", "str"}, {"isoformat", "str"}, {"strftime", "str"}, {"str", "str"}, {"hexdigest", "str"},
        {"token_hex", "str"}, {"token_urlsafe", "str"}, {"make_password", "str"}, {"ctime", "str"}, {"upper", "str"}, {"lower", "str"},
        {"capitalize", "str"}, {"title", "str"}, {"join", "str"}, {"getpass", "str"}, {"gethostname", "str"}, {"getcwd", "str"},
        {"now", "datetime"}, {"utcnow", "datetime"}, {"today", "date"}, {"uuid4", "UUID"}, {"uuid1", "UUID"}, {"uuid5", "UUID"}, {"uuid3", "UUID"}, {"randint", "int"},
        {"randrange", "int"}, {"getrandbits", "int"}, {"randbelow", "int"}, {"time_ns", "int"}, {"getpid", "int"}, {"int", "int"},
        {"len", "int"}, {"time", "float"}, {"random", "float"}, {"uniform", "float"}, {"gauss", "float"}, {"timestamp", "float"},
        {"total_seconds", "float"}, {"float", "float"}, {"bool", "bool"}};
    return kTypes;
}

/// Parts of moments and identifiers.
std::string ofAttribute(std::string_view object, std::string_view name) {
    static constexpr Words kNumbers = {"year", "month", "day", "hour", "minute", "second", "microsecond"};
    if (name == "hex") return "str";
    const bool isMoment = object == "datetime" || object == "date";
    return isMoment && kNumbers.count(name) ? "int" : "";
}

class SourceTypes {
public:
    std::string type(const Node& node) const {
        if (node.is("parenthesized_expression")) return type(node.namedChild(0));
        if (node.is("string") || node.is("concatenated_string")) return isBytes(node) ? "bytes" : "str";
        if (node.is("integer")) return "int";
        if (node.is("float")) return "float";
        if (node.is("true") || node.is("false") || node.is("comparison_operator") || node.is("not_operator")) return "bool";
        if (node.is("unary_operator")) return numeric(type(node.field("argument")));
        if (node.is("boolean_operator")) return ofChoice(node);
        if (node.is("conditional_expression")) return same(type(node.namedChild(0)), type(node.namedChild(2)));
        if (node.is("binary_operator")) return ofOperator(node);
        if (node.is("attribute")) return ofAttribute(type(node.field("object")), node.field("attribute").text());
        if (node.is("subscript")) return ofSubscript(node);
        return node.is("call") ? ofCall(node) : "";
    }

private:
    static bool isBytes(const Node& node) { return startsWith(toLower(node.text()).substr(0, 2), "b"); }
    static std::string numeric(const std::string& type) { return type == "int" || type == "float" ? type : ""; }
    static std::string same(const std::string& one, const std::string& other) { return one == other ? one : ""; }

    /// Whether it looks a variable of the environment up: a text, or nothing.
    static bool asksEnvironment(const Node& call) {
        const Node callee = call.field("function");
        const bool isMethod = callee.is("attribute");
        const std::string_view name = isMethod ? callee.field("attribute").text() : callee.text();
        return name == "getenv" || (name == "get" && isMethod && endsWith(callee.field("object").text(), "environ"));
    }

    std::string ofChoice(const Node& node) const {
        const Node left = node.field("left");
        const std::string right = type(node.field("right"));
        if (node.field("operator").text() == "or" && left.is("call") && asksEnvironment(left)) return same(right, "str");
        return same(type(left), right);
    }

    std::string ofOperator(const Node& node) const {
        const std::string left = type(node.field("left")), right = type(node.field("right"));
        const std::string_view op = node.field("operator").text();
        // Nothing but a text can be added to a text.
        if (op == "+" && (left == "str" || right == "str")) return "str";
        if (op == "%" && left == "str") return "str";
        const bool isMoment = left == "datetime" || left == "date";
        const bool isSpan = node.field("right").is("call") && endsWith(node.field("right").field("function").text(), "timedelta");
        if (isMoment && isSpan && (op == "+" || op == "-")) return left;
        if (numeric(left).empty() || numeric(right).empty()) return "";
        if (op == "/") return "float";
        if (op == "**") return "";
        return left == right ? left : "float";
    }

    std::string ofSubscript(const Node& node) const {
        if (endsWith(node.field("value").text(), "environ")) return "str";
        return node.field("subscript").is("slice") || node.field("subscript").is("integer") ? same(type(node.field("value")), "str") : "";
    }

    std::string ofCall(const Node& call) const {
        const Node callee = call.field("function");
        const bool isMethod = callee.is("attribute");
        const std::string_view name = isMethod ? callee.field("attribute").text() : callee.text();
        const std::vector<Node> given = call.field("arguments").namedChildren();
        const std::string first = given.empty() ? "" : type(given[0]);
        if (name == "today" && callee.text().find("datetime.today") != std::string_view::npos) return "datetime";
        // Python's own hash() gives a number, and `jwt.decode(token)` is no text.
        if (name == "hash") return isMethod ? "str" : "int";
        if (name == "decode") return isMethod && (given.empty() || given[0].is("string")) ? "str" : "";
        if (name == "time" && !given.empty()) return "";
        if (name == "round") return given.size() == 1 ? "int" : numeric(first);
        if (name == "abs") return numeric(first);
        if (name == "max" || name == "min") return given.size() > 1 ? common(given) : "";
        if (name == "choice") return ofElements(given);
        if (asksEnvironment(call)) return given.size() == 2 && type(given[1]) == "str" ? "str" : "";
        if (isMethod)
            if (const std::string made = ofMethod(type(callee.field("object")), name); !made.empty()) return made;
        const auto known = calls().find(name);
        return known == calls().end() ? "" : std::string(known->second);
    }

    static std::string ofMethod(const std::string& object, std::string_view name) {
        static constexpr Words kText = {"replace", "strip", "lstrip", "rstrip", "format", "zfill", "ljust", "rjust", "center", "removeprefix",
                                        "removesuffix"};
        static constexpr Words kMoment = {"replace", "astimezone"};
        if (object == "str" && kText.count(name)) return "str";
        if (object == "datetime" && name == "date") return "date";
        if (object == "datetime" && name == "time") return "time";
        return (object == "datetime" || object == "date") && kMoment.count(name) ? object : "";
    }

    /// The type that all have.
    std::string common(const std::vector<Node>& nodes) const {
        std::string found = nodes.empty() ? "" : type(nodes[0]);
        for (const Node& node : nodes)
            if (!node.is("comment")) found = same(found, type(node));
        return found;
    }

    /// `choice(["red", "blue"])`
    std::string ofElements(const std::vector<Node>& given) const {
        if (given.size() != 1) return "";
        if (given[0].is("string")) return same(type(given[0]), "str");
        return given[0].is("list") || given[0].is("tuple") ? common(given[0].namedChildren()) : "";
    }
};

} // namespace

std::string typeOfMade(std::string_view source) {
    if (source.empty()) return "";
    // Parentheses let it have as many lines as it wants.
    auto tree = syntax::Tree::parse(SharedText("(" + std::string(source) + "\n)\n"));
    if (!tree || (*tree)->root().hasError() || (*tree)->root().namedChildCount() != 1) return "";
    const Node statement = (*tree)->root().namedChild(0);
    return statement.is("expression_statement") ? SourceTypes().type(statement.namedChild(0)) : "";
}

} // namespace covet::rules
