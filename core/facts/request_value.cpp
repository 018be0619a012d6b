#include "facts/request_value.h"

#include <algorithm>
#include <string>

#include "facts/record_shape.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using syntax::Node;

constexpr int kMaxSteps = 8;

class RequestReader {
public:
    explicit RequestReader(const Project& project) : project_(project) {}

    bool isValue(const Module& module, const Node& node, int steps) {
        if (node.isNull() || steps <= 0) return false;
        if (node.is("parenthesized_expression") || node.is("await"))
            return isValue(module, node.namedChild(0), steps - 1);
        if (node.is("subscript"))
            return isPart(node.field("subscript")) ||
                   isValue(module, node.field("value"), steps - 1);
        if (node.is("attribute"))
            return isPartName(node.field("attribute").text()) && isRequest(node);
        if (node.is("call")) return isCall(module, node, steps);
        if (node.is("identifier")) return isLocal(module, node, steps);
        if (node.is("boolean_operator") || node.is("binary_operator"))
            return eitherWay(module, node.field("left"), node.field("right"), steps);
        if (node.is("conditional_expression"))
            return eitherWay(module, node.namedChild(0), node.namedChild(2), steps);
        return false;
    }

private:
    static bool isPartName(std::string_view name) {
        static constexpr Words kParts = {
            "json", "body", "params", "path_params", "args", "query", "form", "query_params"};
        return kParts.count(name) > 0;
    }

    /// `request["json"]`
    static bool isPart(const Node& key) {
        if (!key.is("string") || key.namedChildCount() < 2) return false;
        const Node base = key.parent().field("value");
        return isPartName(key.namedChild(1).text()) &&
               (base.is("identifier") || base.is("attribute")) && isRequest(base);
    }

    static bool isRequest(const Node& node) {
        const std::string text = toLower(node.text());
        return startsWith(text, "req") || text.find("request") != std::string::npos ||
               startsWith(text, "current") || startsWith(text, "ctx");
    }

    bool isCall(const Module& module, const Node& call, int steps) {
        const Node callee = call.field("function");
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (callee.text() == "json.loads") return true;
        if (!callee.is("attribute")) return false;
        const std::string_view method = callee.field("attribute").text();
        const Node object = callee.field("object");
        if (method == "get_json" || method == "json") return isRequest(object);
        if (method != "get" || arguments.empty()) return false;
        const bool ours = isValue(module, object, steps - 1);
        return ours && (arguments.size() == 1 || isConstant(module, arguments[1]));
    }

    bool isLocal(const Module& module, const Node& name, int steps) {
        const Function* function = module.enclosingFunction(name);
        if (!function || project_.resolve(module, name).kind != semantic::Symbol::Kind::Local)
            return false;
        size_t known = 0, all = 0;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == name.text()) {
                ++all;
                if (isValue(module, node.field("right"), steps - 1)) ++known;
            }
            const bool other = (node.is("for_statement") || node.is("for_in_clause") ||
                                node.is("augmented_assignment") || node.is("with_item")) &&
                               node.field("left").text() == name.text();
            if (other) ++all;
            return true;
        });
        return all > 0 && known == all;
    }

    bool eitherWay(const Module& module, const Node& left, const Node& right, int steps) {
        const bool first = isValue(module, left, steps - 1);
        const bool second = isValue(module, right, steps - 1);
        return (first || second) && (first || isConstant(module, left)) &&
               (second || isConstant(module, right));
    }

    bool isConstant(const Module& module, const Node& node) {
        static constexpr Words kJson = {"str", "int", "float", "bool", "None"};
        if (node.is("list") || node.is("dictionary")) return node.namedChildCount() == 0;
        return kJson.count(typeOfExpression(project_, module, node)) > 0;
    }

    const Project& project_;
};

} // namespace

bool isRequestValue(const Project& project, const Module& module, const Node& expression) {
    return RequestReader(project).isValue(module, expression, kMaxSteps);
}

} // namespace covet::facts
